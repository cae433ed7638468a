"""A project's content model that uses whatever Django and Wagtail ship."""
