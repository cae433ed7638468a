"""Loads PERKESO's text from `content/`; may import pages, snippets, core and the two plugins.

The files are YAML: text spans several lines without escapes, so a change is readable in a diff.
PyYAML (MIT) provides the node tree alone, with the line of every value. None of YAML's guesses at
types (dates, `no`, numbers) apply: the model's field decides. `content/README.md` describes the
files.

The steps: `reader` parses nodes with their lines, `planning` turns them into values for fields and
blocks and collects all mistakes, `pairing` matches translations with their source, and `loading`
writes, in one transaction, every entry that `ledger` does not report as edited.
"""
