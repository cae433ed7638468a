"""What pages and snippets share; may import the two plugins and no other part of the product."""
