"""A test app with translatable pages and snippets."""
