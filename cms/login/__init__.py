"""Log-in: failed attempts are counted, and password checks have a bound of their own.

Imports no other part of the product.
"""
