"""Builds the plugins' packages, checks them, and uses them in a separate Wagtail project.

    python -m devtools.packages [--postgres URL]

`foreign_project` is that project. It has a top-level package `cms`, as the product has, and is
copied out of the repository, so it can import only its own code and installed packages.
"""
