"""Runs the product: set-up, server, scheduler; may import every part but `urls` and `wsgi`."""
