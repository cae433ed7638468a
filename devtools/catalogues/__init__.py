"""What the admin says in Malay: the catalogues of other packages, and checks of all catalogues.

For developers: it needs the requirements for development, and the product needs nothing of it.
"""
