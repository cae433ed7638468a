"""Serves the stored documents; imports `schema` and `encoding` for types, never `content`."""
