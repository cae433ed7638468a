"""A small folder of content files for tests to change and break."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

FILES = {
    "ms/acts.yaml": """
        akta-4:
          title: Akta Empat 1969
          number: 4
          year: 1969
          assent_date: 1969-04-02
          in_force_date:
        akta-5:
          title: Akta Lima 1970
          number: 5
          year: 1970
        """,
    "ms/roles.yaml": """
        satu:
          sort_order: 1
          text: Mentadbir dua Akta;
          editor_note: Semak ejaan.
          acts:
            akta-5:
              act: akta-5
            akta-4:
              act: akta-4
        """,
    "ms/organisations.yaml": """
        pejabat:
          name: Pejabat
          short_name: PJ
          phones:
            utama:
              label: Am
              number: 1-300-22-8000
          navigation:
            profil:
              page: profile_pages/profil
        """,
    "ms/home_pages.yaml": """
        utama:
          slug: ms
          title: Utama
        """,
    "ms/profile_pages.yaml": """
        profil:
          parent: home_pages/utama
          slug: profil
          title: Profil
          sections:
            latar:
              type: text
              heading: Latar
              body:
                satu: Perenggan satu & lain.
                dua: Perenggan dua.
            masa:
              type: timeline
              heading: Masa
              events:
                mula:
                  date:
                  text: Bermula.
                ubah:
                  date: 1985-07-01
                  text: Berubah.
            peranan:
              type: roles
              heading: Peranan
              roles:
                - satu
            hubungi:
              type: contact
              heading: Hubungi
              organisation: pejabat
        """,
    "en/acts.yaml": """
        akta-5:
          title: Act Five 1970
        akta-4:
          title: Act Four 1969
          working_translation: true
        """,
    "en/roles.yaml": """
        satu:
          working_translation: true
          text: To administer two Acts;
        """,
    "en/organisations.yaml": """
        pejabat:
          name: Office
          short_name: OF
          phones:
            utama:
              label: General
        """,
    "en/home_pages.yaml": """
        utama:
          slug: en
          title: Home
        """,
    "en/profile_pages.yaml": """
        profil:
          working_translation: true
          slug: profile
          title: Profile
          sections:
            hubungi:
              heading: Contact
            peranan:
              heading: Roles
            masa:
              heading: Time
              events:
                ubah:
                  text: It changed.
                mula:
                  text: It began.
            latar:
              heading: Background
              body:
                dua: Paragraph two.
                satu: Paragraph one & more.
        """,
}


class ContentFolder:
    """The files in a temporary folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text).lstrip("\n"), encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> int:
        """Replace the only occurrence of `old` by `new`; returns its first line's number."""
        file = self.path / name
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
        file.write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1
