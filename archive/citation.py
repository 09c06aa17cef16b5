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
    permalink: str
    """Address of the article in the archive; "" where it has none."""
    article_id: int

    def gbt7714(self) -> str:
        """Return the reference in the form of GB/T 7714-2025 for a page of a web site, with the archive's address."""
        shown = "，".join(self.authors[:_MOST_AUTHORS]) + (
            "，等" if len(self.authors) > _MOST_AUTHORS else ""
        )
        who = shown or self.site
        return (
            f"{who}. {self.title}[EB/OL]. {self.site}, {self.published_on or '日期不明'}[{self.seen_on}]. {self.url}."
            + (f" 存档：{self.permalink}." if self.permalink else "")
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
            "note": f"存档：{_tex(self.permalink)}",
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
