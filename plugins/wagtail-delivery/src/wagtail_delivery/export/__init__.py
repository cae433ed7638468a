"""Writes what the delivery API gives as files for a static server; imports `api`."""
