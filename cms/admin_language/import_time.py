"""Words that a class of another package has for good, as it was imported.

Where a class says `label = gettext("Type")` instead of `gettext_lazy`, Django translates once, into
the language in which that class happened to be imported, and everybody reads that.
"""

from __future__ import annotations

import inspect
import sys
from typing import Any

from django.utils import translation


def translate_later() -> None:
    """Let `gettext` outside a function give what is translated whenever it is shown.

    `gettext` itself stays as it is, for what is lazy is pickled with it; what it calls is replaced.
    """
    # Django keeps its translating functions in this object, the real ones or those that do nothing.
    functions: Any = vars(translation)["_trans"]
    at_once = functions.gettext

    def gettext(message: str) -> str:
        # Behind Django's own function. Modules and the bodies of classes are run without the
        # locals that a function has.
        caller = sys._getframe(2)
        if caller.f_code.co_flags & inspect.CO_OPTIMIZED:
            return str(at_once(message))
        return translation.gettext_lazy(message)  # type: ignore[return-value]

    functions.gettext = gettext
