"""Holds the management commands; may import every other package of the plugin."""
