"""The project's content types."""
