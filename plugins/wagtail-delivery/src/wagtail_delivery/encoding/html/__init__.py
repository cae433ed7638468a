"""Parses HTML into tokens and plain text; imports nothing else of the plugin."""
