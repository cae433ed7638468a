"""The snippets of PERKESO CMS, one module each."""

from __future__ import annotations

from cms.snippets.models.act import Act
from cms.snippets.models.convention import Convention
from cms.snippets.models.legal_status import LegalStatus
from cms.snippets.models.organisation import NavigationItem, Organisation, OrganisationPhone
from cms.snippets.models.regulation import Regulation
from cms.snippets.models.role import Role, RoleAct
from cms.snippets.models.scheme import Scheme

__all__ = [
    "Act",
    "Convention",
    "LegalStatus",
    "NavigationItem",
    "Organisation",
    "OrganisationPhone",
    "Regulation",
    "Role",
    "RoleAct",
    "Scheme",
]
