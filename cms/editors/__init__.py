"""The editors' groups, workflow and dashboard; may import pages, snippets and core."""
