"""Loading PERKESO's text from the files in `content/`.

The files are YAML, because text can stand in it as text, over several lines and without escapes, so
that a person reads a change in a diff. PyYAML (MIT) is used for its node tree alone: it knows the
line of every value, and none of YAML's guesses at types (dates, `no`, numbers) take place: what a
value is, the model's field says. `content/README.md` describes the files.

Step by step: `reader` makes nodes with lines, `planning` turns them into values for fields and
blocks and finds all mistakes, `pairing` puts the translations beside their source, and `loading`
writes in one transaction what `ledger` says was not edited since.
"""
