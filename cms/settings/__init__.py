"""Settings of PERKESO CMS: base, development, production and test."""
