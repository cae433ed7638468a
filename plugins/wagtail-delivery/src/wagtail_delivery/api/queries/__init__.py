"""Reads the tables of documents by SQL; imports only `models` and `sort_keys`."""
