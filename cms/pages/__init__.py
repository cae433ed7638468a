"""The page types and their blocks; may import snippets, core and the two plugins."""
