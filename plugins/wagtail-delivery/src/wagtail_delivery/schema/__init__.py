"""The content types: models with documents, and their schemas. Imports `encoding` and below."""
