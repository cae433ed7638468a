"""Writes documents, routes, redirects and the change log; imports `compiler` and below."""
