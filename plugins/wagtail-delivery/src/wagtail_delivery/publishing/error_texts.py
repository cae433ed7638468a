"""What an error says to editors: where in their form, and why, in the language of each."""

from __future__ import annotations

from itertools import pairwise

from django.conf import settings
from django.db import DatabaseError, models
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.admin.localization import get_available_admin_languages

from wagtail_delivery.encoding.base import EncodingError
from wagtail_delivery.schema.registry import content_types
from wagtail_delivery.store.failures import Failure


def failure_of(error: EncodingError | DatabaseError) -> Failure:
    """Why a document could not be compiled, in the languages of the admin."""
    with translation.override(None):
        texts = {"": _reason(error)}
    for code in _languages():
        with translation.override(code):
            if (text := _reason(error)) != texts[""]:
                texts[code] = text
    return Failure(texts)


def _languages() -> list[str]:
    """The languages of the admin; Wagtail's whole list of them would take seconds to load."""
    if hasattr(settings, "WAGTAILADMIN_PERMITTED_LANGUAGES"):
        return [code for code, _name in get_available_admin_languages()]
    return [settings.LANGUAGE_CODE]


def _reason(error: EncodingError | DatabaseError) -> str:
    if not isinstance(error, EncodingError):
        return _("the database refused it, and the server's log says why")
    place = path_in_form(error)
    # Part of a sentence.
    reason = str(error.reason).rstrip(". \n")
    return f"{place}: {reason}" if place else reason


def title_of(thing: models.Model) -> str:
    """The name of a thing, also if its title is what fails."""
    try:
        return str(thing)
    except Exception:  # its title may be what fails
        return f"{thing._meta.verbose_name} {thing.pk}"


def path_in_form(error: EncodingError) -> str:
    """An error's JSON pointer as a path in a form: the field's label, then numbers from one."""
    steps = error.pointer.split("/")[1:]
    content_type = content_types().of_instance(error.instance) if error.instance else None
    labels = {
        member.name: str(getattr(member.field, "verbose_name", member.name))
        for member in (content_type.members if content_type else ())
    }
    named = [labels.get(step, step) for step in steps[:1]]
    for before, step in pairwise(steps):
        if step.isdecimal():
            named.append(str(int(step) + 1))
        elif not (before.isdecimal() and step == "value"):
            named.append(step)
    return " → ".join(named)
