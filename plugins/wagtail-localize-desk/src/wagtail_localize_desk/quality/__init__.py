"""Checks of a translation against its source: what a reviewer would have to find by reading."""
