"""Settings for development, production and tests; imported by no other part but operations."""
