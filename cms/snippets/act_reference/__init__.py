"""References to Acts in rich text.

The database stores a reference as `<a linktype="act" id="<translation key>">words</a>`. The words
are only a hint for translators and search: readers see the Act's title in their language, and the
editor shows its title in the language of the text.
"""
