"""What pages and snippets share; imports no other part of the product."""
