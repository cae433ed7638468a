"""Running PERKESO CMS: set-up, server, scheduler and demo accounts; imports any part below it."""
