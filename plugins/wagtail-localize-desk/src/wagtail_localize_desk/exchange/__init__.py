"""Translation files: strings out, and back in after a person has seen what they would change.

A file format yields entries (`entries`). All else is the same for every format: what is compared,
shown, confirmed and written.
"""
