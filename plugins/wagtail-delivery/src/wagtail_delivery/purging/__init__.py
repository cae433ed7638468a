"""Purges caches of what the change log has; imports the API for its addresses, and the store."""
