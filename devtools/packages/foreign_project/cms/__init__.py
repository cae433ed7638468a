"""The project's own package, with the same name as the product's."""
