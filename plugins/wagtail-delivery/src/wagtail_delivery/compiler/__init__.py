"""Compiles a published instance into the bytes of its document; imports `schema` and below."""
