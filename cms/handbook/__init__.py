"""The handbooks in docs/, opened in the admin in the reader's language."""
