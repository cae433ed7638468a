"""Tests of the plugin in `newsroom`, a Wagtail project with content types of its own."""
