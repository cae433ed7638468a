"""Tags of the templates in Wagtail's admin."""
