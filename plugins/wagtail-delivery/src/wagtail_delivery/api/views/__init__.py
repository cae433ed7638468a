"""Answers the requests of each operation; imports the rest of `api`, `schema` and `encoding`."""
