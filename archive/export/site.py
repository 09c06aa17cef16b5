"""A reading copy in plain HTML: for a USB stick, opened from the folder itself, no server and no network.

It is a small reading room: years, months, sections and names as lists that need no script, and a full-text search
(``site_search``) that does.  It is a copy for the public: of restricted articles (控制, 延期开放) there is title and
date in a list of their own.
"""

from collections.abc import Iterator
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader

from archive.digests import write_digests
from archive.evidence.media import PICTURES
from archive.evidence.warc_reader import WarcError
from archive.export.packages import SITE
from archive.export.selection import ArticleStream
from archive.export.site_search import Row, SearchData
from archive.model.access import is_restricted
from archive.model.article import Role, paragraphs
from archive.rendering.citation import Citation, makers
from archive.rendering.reading_order import reading_order
from archive.rendering.record import record
from archive.rendering.remarks import Remark
from archive.store.captures import read_capture
from archive.store.read import site_titles
from archive.times import local_time

MANIFEST = SITE
_ROWS = 1_000
"""Lines on a page of a list: a phone opens more only slowly."""
_FOLDER = 1_000
"""Articles in one folder: old file systems grow slow with many thousands."""
_NEWEST, _SECTIONS = 20, 30
"""Articles, and sections, that the first page lists."""
_TOLD = (
    *(
        "article_id",
        "title",
        "kicker",
        "subtitle",
        "published_on",
        "section",
        "source",
        "body",
        "credit_line",
    ),
    *("status", "version", "url", "last_seen_at"),
)
"""Columns of ``article`` that its page tells in words of its own."""
_LEFT_OUT = (
    "site",
    "key",
    "kind",
    "published_raw",
    "source_raw",
    "content_sha256",
    "first_seen_at",
    "last_look_at",
)
"""Columns of ``article`` that mean nothing to the public: names and times of the crawl, prints of what is told."""

_Row = dict[str, Any]
_Entry = tuple[str, str, str]
"""A line of a list: where it leads, "" for nowhere, its text, and what stands behind it."""
_UNDATED = "日期不明"


class _Lists:
    """All lists of one kind; each has its place from the first article on, so that articles can lead to it."""

    def __init__(self, kind: str, title: str, *, note: str = "", newest_first: bool = False) -> None:
        self.kind, self.title, self.note = kind, title, note
        self._newest_first = newest_first
        self._lists: dict[str, tuple[str, list[_Entry]]] = {}

    def add(self, name: str, entry: _Entry) -> str:
        """Put a line into a list; return the list's place in the copy."""
        place, entries = self._lists.setdefault(name, (f"lists/{self.kind}-{len(self._lists)}", []))
        entries.append(entry)
        return f"{place}.html"

    def __iter__(self) -> Iterator[tuple[str, str, list[_Entry]]]:
        """Yield name, place without its ending, and entries, the newest entries first."""
        for name in self._in_order():
            place, entries = self._lists[name]
            yield name, place, sorted(entries, key=lambda entry: (entry[2], entry[0]), reverse=True)

    def _in_order(self) -> list[str]:
        if self._newest_first:
            return sorted(self._lists, key=lambda name: "" if name == _UNDATED else name, reverse=True)
        return sorted(self._lists, key=lambda name: (-len(self._lists[name][1]), name))


def write_site(articles: ArticleStream, path: Path) -> int:
    """Write the copy into a new folder; return how many articles are in it.  Raises ``OSError``."""
    writer = _Site(articles, path)
    return writer.write()


class _Site:
    def __init__(self, articles: ArticleStream, path: Path) -> None:
        self._articles = articles
        self._path = path
        self._pages = Environment(
            loader=PackageLoader("archive.export", "site_files"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._titles = site_titles(articles.archive)
        self._brand = "、".join(self._titles.values()) + "档案"
        self._pages.globals["brand"] = self._brand
        self._years = _Lists("years", "逐年", newest_first=True)
        self._months = _Lists("months", "逐月", newest_first=True)
        self._sections = _Lists("sections", "栏目")
        self._names = _Lists("names", "人名", note="按署名文字汇总，未区分同名的人。")
        self._restricted: list[_Entry] = []
        self._written: set[str] = set()

    def write(self) -> int:
        for folder in ("assets", "data", "media", "lists"):
            (self._path / folder).mkdir(parents=True)
        for name in ("style.css", "search.js"):
            asset = (resources.files("archive.export") / "site_files" / name).read_bytes()
            (self._path / "assets" / name).write_bytes(asset)
        found = sorted(self._write_articles(), key=lambda row: (row[2], row[0]), reverse=True)
        data = self._write_data(found)
        days = sorted(row[2] for row in found if row[2])
        years, months, sections, _ = map(
            self._write_lists, (self._years, self._months, self._sections, self._names)
        )
        if self._restricted:
            self._write_list("restricted", "控制件", self._restricted, "控制件只提供题名和日期。")
        of_year = {year: list(rows) for year, rows in groupby(months, key=lambda row: row[1][:4])}
        self._page(
            "index.html",
            "index.html",
            title=self._brand,
            data=data,
            count=len(found),
            first=days[0] if days else "",
            last=days[-1] if days else "",
            left_out=len(self._restricted),
            selection=self._articles.selection.in_chinese(),
            newest=[(_place(number), title, day) for number, title, day, *_ in found[:_NEWEST]],
            sections=sections[:_SECTIONS],
            more_sections=len(sections) if len(sections) > _SECTIONS else 0,
            years=[(*year, of_year[year[1][:4]]) for year in years],
            most=max((count for *_, count in years), default=0),
        )
        files = sorted(file for file in self._path.rglob("*") if file.is_file())
        write_digests(self._path, files, "sha256", MANIFEST)
        return len(found)

    def _write_articles(self) -> list[Row]:
        """Write every article; return a row of each."""
        credits = self._articles.parts("credit", ("role", "name", "org"), order="seq")
        images = self._articles.parts("image", ("seq", "url", "caption", "paragraph"), order="seq")
        attachments = self._articles.parts("attachment", ("kind", "url", "text"), order="seq")
        listed = self._articles.parts("article_section", ("section_id",), order="section_id")
        sections = dict(
            self._articles.archive.connection.execute("SELECT section_id, name FROM section WHERE name <> ''")
        )
        appraisals = self._articles.parts("appraisal", ("open_flag",), order="article_id")
        found: list[Row] = []
        columns = self._articles.columns("article")
        for values in self._articles.rows("article"):
            article: _Row = dict(zip(columns, values, strict=True))
            number = article["article_id"]
            named, shown, decided = credits.of(number), images.of(number), appraisals.of(number)
            if self._articles.archive.withheld and decided and is_restricted(decided[0][1]):
                self._restricted.append(("", article["title"], article["published_on"] or _UNDATED))
                continue
            printed = [article["section"]] if article["section"] else []
            article["sections"] = list(
                dict.fromkeys(
                    [*printed, *(sections[place] for _, place in listed.of(number) if place in sections)]
                )
            )
            article["attachments"] = [row[1:] for row in attachments.of(number)]
            names = list(dict.fromkeys(name for _, _, name, _ in named))
            self._write_article(article, named, shown, self._note(article, names))
            found.append(
                (
                    number,
                    article["title"],
                    article["published_on"] or "",
                    "、".join(article["sections"]),
                    "、".join(names),
                )
            )
        return found

    def _write_data(self, rows: list[Row]) -> SearchData:
        """Write what the search reads, of the newest articles first."""
        data, connection = SearchData(self._save), self._articles.archive.connection
        for row in rows:
            ((body,),) = connection.execute("SELECT body FROM article WHERE article_id = ?", row[:1])
            data.add(row, body)
        data.finish()
        return data

    def _write_article(
        self, article: _Row, credits: list[Any], images: list[Any], lists: dict[str, dict[str, str]]
    ) -> None:
        roles: dict[str, list[tuple[str, str]]] = {}
        for role in Role:
            for _, found, name, org in credits:
                shown = (name, f"（{org}）" if org else "")
                if found == role and shown not in roles.setdefault(role, []):
                    roles[role].append(shown)
        roles = {role: names for role, names in roles.items() if names}
        placed = (
            (paragraph, {"file": self._picture(url), "caption": caption})
            for _, _, url, caption, paragraph in images
        )
        made = makers(((role, name) for _, role, name, _ in credits), article["kind"])
        seen = local_time(article["last_seen_at"])
        citation = Citation(
            authors=made.authors,
            photographers=made.photographers,
            videographers=made.videographers,
            suppliers=made.suppliers,
            title=article["title"],
            site=self._titles[article["site"]],
            published_on=article["published_on"] or "",
            seen_on=seen[:10],
            url=article["url"],
            archive=self._brand,
            permalink="",
            article_id=article["article_id"],
            version=article["version"],
        )
        self._page(
            _place(article["article_id"]),
            "article.html",
            title=article["title"],
            a=article,
            flow=reading_order(paragraphs(article["body"]), placed),
            record=record(article, *_TOLD, *_LEFT_OUT),
            credits=list(roles.items()),
            citation=citation.gbt7714(),
            seen=seen,
            lists=lists,
        )

    def _picture(self, url: str) -> str:
        """Write a stored picture once; return its place, "" if none is held."""
        row = self._articles.archive.connection.execute(
            "SELECT m.mime, m.sha256, m.capture_id FROM media_address u JOIN media m ON m.media_id = u.media_id"
            " WHERE u.url = ?",
            (url,),
        ).fetchone()
        if row is None or row[0] not in PICTURES:
            return ""
        place = f"media/{row[1][:2]}/{row[1]}.{PICTURES[row[0]]}"
        if place not in self._written:
            try:
                content = read_capture(self._articles.archive, row[2]).content
            except (WarcError, OSError):
                self._articles.remarks[Remark.NO_BYTES] += 1
                return ""
            (self._path / place).parent.mkdir(exist_ok=True)
            (self._path / place).write_bytes(content)
            self._written.add(place)
        return place

    def _note(self, article: _Row, names: list[str]) -> dict[str, dict[str, str]]:
        """Put an article into the lists it belongs to; return for each kind their names → their places."""
        day = article["published_on"] or ""
        entry = (f"../{_place(article['article_id'])}", article["title"], day)
        belongs = (
            (self._years, [day[:4] or _UNDATED]),
            (self._months, [day[:7] or _UNDATED]),
            (self._sections, article["sections"]),
            (self._names, names),
        )
        return {lists.kind: {name: lists.add(name, entry) for name in listed} for lists, listed in belongs}

    def _write_lists(self, lists: _Lists) -> list[tuple[str, str, int]]:
        """Write the lists of a kind; return where each stands, its name, and how many articles it holds."""
        written = []
        for name, place, entries in lists:
            self._write_list(place, f"{lists.title} · {name}", entries, lists.note)
            written.append((f"{place}.html", name, len(entries)))
        rows = [(place, name, f"{count} 篇") for place, name, count in written]
        self._write_list(lists.kind, lists.title, rows, lists.note)
        return written

    def _write_list(self, place: str, title: str, rows: list[_Entry], note: str) -> None:
        """Write a list, a long one to several pages that lead to each other."""
        parts = [rows[start : start + _ROWS] for start in range(0, len(rows), _ROWS)] or [[]]
        files = [f"{place}.html", *(f"{place}-p{number}.html" for number in range(2, len(parts) + 1))]
        for number, (file, part) in enumerate(zip(files, parts, strict=True), 1):
            self._page(
                file,
                "list.html",
                title=title + (f"（第 {number} 页，共 {len(parts)} 页）" if len(parts) > 1 else ""),
                rows=part,
                note=note,
                number=number,
                pages=[name.rsplit("/", 1)[-1] for name in files],
            )

    def _page(self, place: str, template: str, **values: Any) -> None:
        text = self._pages.get_template(template).render(up="../" * place.count("/"), **values)
        self._save(place, text + "\n")

    def _save(self, place: str, text: str) -> None:
        file = self._path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", errors="replace", newline="\n") as out:
            out.write(text)


def _place(number: int) -> str:
    return f"a/{number // _FOLDER}/{number}.html"
