"""References to Acts in rich text.

A reference stands in the database as `<a linktype="act" id="<translation key>">words</a>`. The
words are a hint for translators and search alone: readers are shown the Act's title in their
language, and the editor shows its title in the language of the text.
"""
