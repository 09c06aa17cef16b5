"""How to cite an archived article: GB/T 7714, BibTeX and RIS."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_AUTHORS = 3
"""GB/T 7714: more authors than these are 等."""


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation needs.  Days are local, ``2024-01-16``; "" where not known."""

    authors: Sequence[str]
    title: str
    site: str
    """The site's own name."""
    published_on: str
    seen_on: str
    """The day the cited text was captured."""
    url: str
    archive: str
    """What the archive is called."""
    permalink: str
    """Address of the article in the archive that others can open; "" where it has none."""
    article_id: int
    version: int

    @property
    def held(self) -> str:
        """Where the archive holds the cited text: its address, or without one its number."""
        return self.permalink or f"{self.archive}，编号 {self.article_id}，第 {self.version} 版"

    def gbt7714(self) -> str:
        """Return the reference in the form of GB/T 7714 for web pages (2015 and 2025 alike), and where it is held."""
        shown = ", ".join(
            [*self.authors[:_MOST_AUTHORS], *(["等"] if len(self.authors) > _MOST_AUTHORS else [])]
        )
        published = f"({self.published_on})" if self.published_on else ""
        return (
            f"{shown or self.site}. {_line(self.title)}[EB/OL]. {published}[{self.seen_on}]. {self.url}."
            f" 存档：{self.held}."
        )

    def bibtex(self) -> str:
        """Return a BibTeX entry."""
        fields = {
            "author": " and ".join(f"{{{_tex(name)}}}" for name in self.authors),
            "title": f"{{{_tex(self.title)}}}",
            "organization": _tex(self.site),
            "date": self.published_on,
            "year": self.published_on[:4],
            "url": self.url,
            "urldate": self.seen_on,
            "note": f"存档：{_tex(self.held)}",
            "langid": "chinese",
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        return f"@online{{zhijiang{self.article_id},\n{lines}}}\n"

    def ris(self) -> str:
        """Return an RIS record."""
        fields = [
            ("TY", "ELEC"),
            *(("AU", name) for name in self.authors),
            ("TI", self.title),
            ("T2", self.site),
            ("PY", self.published_on[:4]),
            ("DA", self.published_on.replace("-", "/")),
            ("Y2", self.seen_on.replace("-", "/")),
            ("UR", self.url),
            ("DB", self.archive),
            ("AN", str(self.article_id)),
            ("L2", self.permalink),
            ("LA", "zh"),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in fields if value or tag == "ER")


def _line(value: str) -> str:
    return " ".join(value.split())


_TEX = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}"} | {c: f"\\{c}" for c in "#$%&_"}


def _tex(value: str) -> str:
    return re.sub(r"[\\{}#$%&_]", lambda found: _TEX[found[0]], _line(value))
