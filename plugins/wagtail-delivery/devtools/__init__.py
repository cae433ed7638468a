"""Tools of the plugin's developers; no part of the package."""
