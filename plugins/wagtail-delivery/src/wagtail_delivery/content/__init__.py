"""Reads the editors' tables: visibility, addresses, translations and languages; imports `conf`."""
