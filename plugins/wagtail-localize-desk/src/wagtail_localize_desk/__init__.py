"""Translation desk on wagtail-localize; may import Django, Wagtail and wagtail-localize only."""
