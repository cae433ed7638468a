"""References to Acts in rich text.

The database stores a reference as `<a linktype="act" id="<translation key>">words</a>`. Readers see
the Act's title in their language in place of the words, and the editor shows its title in the
language of the text. Where the Act is not published, both show the words, and readers get no link.
"""
