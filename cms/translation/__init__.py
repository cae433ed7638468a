"""Translation on wagtail-localize, without anything becoming public by itself.

Knows no content type. Add `cms.translation` above `wagtail_localize` in INSTALLED_APPS; what it
changes in wagtail-localize, and why, stands in `target.py`, `restrictions.py` and `aliases.py`.
`status.translation_status` tells how far the published text of a thing is translated.
"""
