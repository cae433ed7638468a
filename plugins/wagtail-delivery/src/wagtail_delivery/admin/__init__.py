"""What editors read in Wagtail's admin: what is public, what follows, and what failed."""
