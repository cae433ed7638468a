"""How long the caches keep the origin's responses, in seconds."""

#: Fresh; then stale while it is asked for again; then stale only if the origin does not answer.
AGE, REVALIDATE = 1, 3
#: nginx counts in whole seconds.
STALE, TOO_OLD = AGE + 1.3, AGE + REVALIDATE + 1.2
#: Acts whose responses are too old in the fixture `aged`.
AGED = {"validated": "akta-4", "down": "akta-7", "renamed": "akta-9"}
NEW_TITLE = "Akta baharu"
