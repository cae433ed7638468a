"""The page types of PERKESO CMS, one module each."""

from __future__ import annotations

from cms.pages.models.home_page import HomePage
from cms.pages.models.profile_page import ProfilePage
from cms.pages.models.standard_page import StandardPage

__all__ = ["HomePage", "ProfilePage", "StandardPage"]
