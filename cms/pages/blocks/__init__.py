"""StreamField blocks of the pages, one module per family."""
