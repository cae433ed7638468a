"""Makes each publish one transaction that updates the documents; imports `store` and below."""
