"""PERKESO CMS, the product; import-linter (pyproject.toml) holds what each part may import."""
