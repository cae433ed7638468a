"""Encodes single values as typed JSON; imports `content` and `conf`."""
