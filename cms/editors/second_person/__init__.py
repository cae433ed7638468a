"""Who wrote a change to public content cannot publish it alone.

Record 30 has the rule, its limits and what lost. `REVIEW_BY_SECOND_PERSON` turns it off.
"""
