"""The translator's screen: the strings of one translation, or of many, to read and to change.

It takes the place of wagtail-localize's editor, whose other addresses it uses.
"""
