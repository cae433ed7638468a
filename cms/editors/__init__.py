"""The editors' groups, workflow and dashboard; imports pages, snippets and core."""
