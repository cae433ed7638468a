"""Texts of the screen that its scripts show, and the choices of its filter."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wagtail_localize_desk.models import Reason, State


def filter_choices() -> list[tuple[str, str]]:
    return [
        ("", _("All strings")),
        ("open", _("Still to do")),
        ("stale", str(Reason.SOURCE_CHANGED.label)),
        *((state.value, str(state.label)) for state in State),
    ]


def screen_messages() -> dict[str, str]:
    """What the scripts announce; `{name}` and the like are filled in there."""
    return {
        "saved": _("Saved: {name}."),
        "unchanged": _("Not changed: {name}."),
        "approved": _("Approved: {name}."),
        "sentBack": _("Sent back: {name}."),
        "accepted": _("Warning accepted: {name}."),
        "commented": _("Comment added: {name}."),
        "resolved": _("Comment marked as done: {name}."),
        "unsaved": _("Save the text first: {name}."),
        "refused": _("Not saved: {name}. {reason}"),
        "conflict": _("Not saved, changed by somebody else: {name}. Choose one of the two texts."),
        "offline": _(
            "Not saved: {name}. The server could not be reached. Your text is kept in this browser."
        ),
        "loggedOut": _(
            "Not saved: {name}. You are logged out. Your text is kept in this browser: log in in "
            "another tab, and save again."
        ),
        "moved": _("{name}, {state}"),
        "selected": _("Selected, as the source has it no longer: “{words}”."),
        "selectedPart": _(
            "What has to change may be what is selected: write over it, or press an arrow key to "
            "keep it."
        ),
        "noneOpen": _("No further string is left to do."),
        "noneToApprove": _("No further string waits for your approval."),
        "noneHere": _("There is no further string."),
        "copied": _("The source was copied into {name}."),
        "inserted": _("{piece} inserted."),
        "noPieces": _("Nothing of the source is missing in {name}."),
        "noneElsewhere": _("The words do not stand untranslated in another place."),
        "spread": "{reason}",
        "elsewhere": "{reason}",
        "offers": _("Similar translations: {count}. The most similar: {best} %."),
        "noOffers": _("The memory has nothing for {name} that can be used."),
        "used": _("Put into {name}, and not saved yet: a translation that is {percent} % similar."),
        "notShown": _("Not shown. {reason}"),
        "unreachable": _("Not shown. The server could not be reached, or you are logged out."),
        "drafts": _("Unsaved texts were found in this browser: {count}. They are in their fields."),
        "here": _("{users} is here too."),
        "hereMany": _("{users} are here too."),
        "alone": _("Nobody else is here any more."),
        "overridden": _("Saved: {name}."),
        "reverted": _("Uses the source's value again: {name}."),
        "published": "{reason}",
        "leftOut": _("Texts of an earlier visit that are not saved: {count}."),
        "stopped": _("Not done: {count} texts could not be saved. You are at the first of them."),
        "unreached": _(
            "Not published. The server could not be reached, or you are logged out. What you wrote "
            "is saved; publish it again."
        ),
        "savedAll": _("Saved: {count}. Not saved: {failed}."),
    }
