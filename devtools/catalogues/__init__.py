"""The admin's Malay: catalogues of other packages, and checks of all catalogues.

For developers: it needs the development requirements, and the product does not import it.
"""
