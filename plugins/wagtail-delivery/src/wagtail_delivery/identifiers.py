"""Names and times that the write side and the delivery API share."""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum
from typing import Final

#: The collection of all page types.
PAGES: Final = "pages"
#: The collection, and the type, of the documents behind `/site`.
SITE: Final = "site"
#: The type of `/resolve` responses for redirects.
REDIRECT: Final = "redirect"
#: The default site in requests and keys, and the `resource_id` of its documents.
DEFAULT: Final = "default"
#: The site name of routes on the default site, so readers need not know which site that is.
DEFAULT_SITE: Final = ""
#: For how long the sign of a worker says that one is there.
SIGN_VALID: Final = timedelta(seconds=20)


class Rank(IntEnum):
    """The precedence of the routes of one address; a page that is there now precedes them all."""

    #: An editors' redirect of one site.
    SITE_REDIRECT = 1
    #: An editors' redirect of all sites.
    GENERAL_REDIRECT = 2
    #: From `/` to the home page.
    HOME_REDIRECT = 3
    #: A redirect that Wagtail created when a page moved, from a route below that page.
    AUTOMATIC_REDIRECT = 4
    #: A page that is there, or was there last.
    PAGE = 5
