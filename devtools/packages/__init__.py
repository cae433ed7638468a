"""Builds the plugins' packages, checks them, and uses them in a Wagtail project of their own.

    python -m devtools.packages [--postgres URL]

`foreign_project` is that project. It has a top-level package `cms`, as the product has, and is
copied away from the repository, so it can import nothing but its own code and what is installed.
"""
