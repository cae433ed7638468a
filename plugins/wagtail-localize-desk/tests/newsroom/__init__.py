"""A test app: pages and snippets that are translated, without any of PERKESO's content types."""
