"""How to cite archived articles: who wrote them, and the forms GB/T 7714, BibTeX, RIS and CSL JSON, one or a whole list."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from archive.model.article import Kind, Role

_MOST_AUTHORS = 3
"""GB/T 7714: more authors than these are 等."""
WRITERS = frozenset(
    (
        *(Role.REPORTER, Role.TRAINEE_REPORTER, Role.SPECIAL_REPORTER, Role.INTERN, Role.CORRESPONDENT),
        *(
            Role.AUTHOR,
            Role.NARRATOR,
            Role.TRANSLATOR,
            Role.COMPILER,
            Role.PHOTO_REPORTER,
            Role.TEXT_AND_PICTURES,
        ),
    )
)
"""Roles whose names are the authors of a text; 摄影报道 and 图文 wrote it too."""
_PICTURED = {
    Role.PHOTOGRAPHER: ("photographers", "摄", "摄影"),
    Role.VIDEOGRAPHER: ("videographers", "摄像", "摄像"),
    Role.PICTURE_SUPPLIER: ("suppliers", "供图", "供图"),
}
"""Roles whose names made or gave the pictures in a text → their field here, and how GB/T 7714 and a note call them."""
_OF_PICTURES = (Kind.GALLERY, Kind.VIDEO)
"""Kinds whose author, where nobody is named as writing, is who made the pictures."""


@dataclass(frozen=True, slots=True)
class Makers:
    """Who made an article, each name once, in printed order."""

    authors: tuple[str, ...]
    photographers: tuple[str, ...]
    """Who made its pictures and did not write it."""
    videographers: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()
    """Who gave pictures and is not said to have made them."""


def makers(credits: Iterable[tuple[str, str]], kind: str = Kind.TEXT) -> Makers:
    """Tell authors from photographers.  ``credits``: (role, name); ``kind``: of the article.

    A picture's credit (摄, 供图) makes nobody the author of a text, though nobody else be named; of pictures or a film
    alone 摄影 and 摄像 do, and 供图 never.  Editors and reviewers are neither.
    """
    told = list(credits)
    authors = dict.fromkeys(name for role, name in told if role in WRITERS)
    if not authors and kind in _OF_PICTURES:
        made = (Role.PHOTOGRAPHER, Role.VIDEOGRAPHER)
        authors = dict.fromkeys(name for role, name in told if role in made)
    named, pictured = set(authors), {}
    for wanted, (field, *_) in _PICTURED.items():
        names = tuple(dict.fromkeys(name for role, name in told if role == wanted and name not in named))
        pictured[field] = names
        named.update(names)
    return Makers(tuple(authors), **pictured)


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation needs.  Days are local, ``2024-01-16``; "" where not known.

    Of a restricted article it is title, day and where it is held: no authors, site and address.
    """

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
    """From 1; 0 where it is not told."""
    photographers: Sequence[str] = ()
    videographers: Sequence[str] = ()
    suppliers: Sequence[str] = ()

    @property
    def held(self) -> str:
        """Where the archive holds the cited text: its address, or without one its number."""
        version = f"，第 {self.version} 版" if self.version else ""
        return self.permalink or f"{self.archive}，编号 {self.article_id}{version}"

    def gbt7714(self) -> str:
        """Return the reference in the form of GB/T 7714 for web pages (2015 and 2025 alike), and where it is held."""
        pictures = [f"{_first(names)}, {short}" for names, short, _ in self._pictured()]
        published = f"({self.published_on})" if self.published_on else ""
        seen = f"[{self.seen_on}]" if self.seen_on else ""
        parts = [
            *(_first(self.authors) or self.site, f"{_line(self.title)}[EB/OL]", *pictures),
            *(published + seen, self.url),
        ]
        return _line("".join(f"{part}. " for part in parts if part) + f"存档：{self.held}.")

    @property
    def pictures(self) -> str:
        """Whose pictures they are, as a note, for forms that have no word for it; "" where nobody is named."""
        return "；".join(f"{called}：{'、'.join(names)}" for names, _, called in self._pictured())

    def _pictured(self) -> Iterator[tuple[Sequence[str], str, str]]:
        for field, short, called in _PICTURED.values():
            if names := getattr(self, field):
                yield names, short, called

    def bibtex(self) -> str:
        """Return a BibTeX entry."""
        fields = {
            "author": " and ".join(f"{{{_tex(name)}}}" for name in self.authors),
            "title": f"{{{_tex(self.title)}}}",
            "organization": _tex(self.site),
            "date": self.published_on,
            "year": self.published_on[:4],
            "url": re.sub(r"[\s{}\\]", lambda found: quote(found[0]), self.url),  # which takes no escapes
            "urldate": self.seen_on,
            "addendum": _tex(self.pictures),
            "note": f"存档：{_tex(self.held)}",
            "langid": "chinese",
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        kind = "online" if self.url else "misc"  # biblatex wants an address of the one
        return f"@{kind}{{zhijiang{self.article_id},\n{lines}}}\n"

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
            *((("N1", self.pictures),) if self.pictures else ()),
            ("LA", "zh"),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in fields if value or tag == "ER")

    def csl(self) -> dict[str, Any]:
        """Return an item of CSL JSON.  A name stays as it is printed: which part is the family's nobody said."""
        item = {
            "id": f"zhijiang{self.article_id}",
            "type": "webpage",
            "author": [{"literal": name} for name in self.authors],
            "title": _line(self.title),
            "container-title": _line(self.site),
            "issued": _date_parts(self.published_on),
            "accessed": _date_parts(self.seen_on),
            "URL": self.url,
            "archive": _line(self.archive),
            "archive_location": self.held,
            "language": "zh-CN",
            "note": self.pictures,
        }
        return {name: value for name, value in item.items() if value}


def _first(names: Sequence[str]) -> str:
    return ", ".join([*names[:_MOST_AUTHORS], *(["等"] if len(names) > _MOST_AUTHORS else [])])


def _line(value: str) -> str:
    return " ".join(value.split())


_TEX = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}"} | {c: f"\\{c}" for c in "#$%&_"}


def _tex(value: str) -> str:
    return re.sub(r"[\\{}#$%&_]", lambda found: _TEX[found[0]], _line(value))


def _date_parts(day: str) -> Mapping[str, Any]:
    return {"date-parts": [[int(part) for part in day.split("-")]]} if day else {}


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write many citations, one after another."""

    name: str
    """What readers call it."""
    mimetype: str
    write: Callable[[Iterable[Citation]], Iterator[str]]


def _csl_lines(citations: Iterable[Citation]) -> Iterator[str]:
    before = "["
    for citation in citations:
        yield f"{before}\n{json.dumps(citation.csl(), ensure_ascii=False)}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


FORMS: Mapping[str, Form] = {
    "bib": Form("BibTeX", "application/x-bibtex", lambda all_: (f"{one.bibtex()}\n" for one in all_)),
    "ris": Form("RIS", "application/x-research-info-systems", lambda all_: (one.ris() for one in all_)),
    "csl.json": Form("CSL JSON", "application/vnd.citationstyles.csl+json", _csl_lines),
    "txt": Form("GB/T 7714", "text/plain", lambda all_: (f"{one.gbt7714()}\n" for one in all_)),
}
"""How a file's name ends → what is in it."""
