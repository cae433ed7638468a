"""The content model of a project that uses everything in Django and Wagtail."""
