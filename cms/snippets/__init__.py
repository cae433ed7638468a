"""The snippet types; may import core and the two plugins."""
