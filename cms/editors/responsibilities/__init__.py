"""What not everybody can do alone: where one looks for it, it says what it is and whom to ask.

A `Task` has an entry in the menu for everybody who uses the admin. Those with the right are led to
where it is done; all others read what there is, and who has the right.
"""
