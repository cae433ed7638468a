"""Tools for developers; neither the product nor the plugins import them."""
