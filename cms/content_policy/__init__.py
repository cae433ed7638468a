"""The content security policy of all pages; imports no other part of the product."""
