"""Defines which models have documents, and of which types; imports `encoding` and below."""
