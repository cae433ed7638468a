"""An officer finds where a text stands: in all pages and entries, published or draft."""
