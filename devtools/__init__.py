"""Tools for developers; the product and the plugins need nothing of them."""
