"""A walk through every address of the admin as each group; `table.md` has what each may do."""
