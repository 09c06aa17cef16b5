"""A reading copy in plain HTML: for a USB stick, opened from the folder itself, no server and no network.

Every list can be read without scripts; a small one searches titles, credits and sections, and when asked the texts,
which it loads a file at a time and forgets.  It is a copy for the public: of restricted articles (控制, 延期开放)
there is title and date in a list of their own.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader

from archive.characters import LINE_SEPARATORS
from archive.digests import write_digests
from archive.evidence.media import PICTURES
from archive.evidence.warc_reader import WarcError
from archive.export.packages import SITE
from archive.export.selection import ArticleStream
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
_PART = 2_000
"""Articles in one file of search data."""
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
_Lists = dict[str, list[tuple[str, str, str]]]


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
        self._months: _Lists = defaultdict(list)
        self._sections: _Lists = defaultdict(list)
        self._names: _Lists = defaultdict(list)
        self._restricted: list[tuple[str, str, str]] = []
        self._written: set[str] = set()
        self._texts = 0

    def write(self) -> int:
        for folder in ("assets", "data", "media", "lists"):
            (self._path / folder).mkdir(parents=True)
        for name in ("style.css", "search.js"):
            data = (resources.files("archive.export") / "site_files" / name).read_bytes()
            (self._path / "assets" / name).write_bytes(data)
        found = sorted(self._write_articles(), key=lambda row: (row[2], row[0]), reverse=True)
        parts = [found[start : start + _PART] for start in range(0, len(found), _PART)]
        for number, part in enumerate(parts):
            self._save_data(str(number), "zhijiang", part)
        days = sorted(row[2] for row in found if row[2])
        months, sections, _ = self._write_lists()
        self._page(
            "index.html",
            "index.html",
            title=self._brand,
            parts=len(parts),
            texts=self._texts,
            count=len(found),
            first=days[0] if days else "",
            last=days[-1] if days else "",
            left_out=len(self._restricted),
            selection=self._articles.selection.in_chinese(),
            newest=[(_place(number), title, day) for number, title, day, *_ in found[:_NEWEST]],
            sections=sections[:_SECTIONS],
            more_sections=len(sections) if len(sections) > _SECTIONS else 0,
            years=[(year, list(rows)) for year, rows in groupby(months, key=lambda row: row[1][:4])],
        )
        files = sorted(file for file in self._path.rglob("*") if file.is_file())
        write_digests(self._path, files, "sha256", MANIFEST)
        return len(found)

    def _write_articles(self) -> list[tuple[int, str, str, str, str]]:
        """Write every article; return what the search needs of each: number, title, day, section, names."""
        credits = self._articles.parts("credit", ("role", "name", "org"), order="seq")
        images = self._articles.parts("image", ("seq", "url", "caption", "paragraph"), order="seq")
        attachments = self._articles.parts("attachment", ("kind", "url", "text"), order="seq")
        listed = self._articles.parts("article_section", ("section_id",), order="section_id")
        sections = dict(
            self._articles.archive.connection.execute("SELECT section_id, name FROM section WHERE name <> ''")
        )
        appraisals = self._articles.parts("appraisal", ("open_flag",), order="article_id")
        found = []
        texts: list[tuple[int, str]] = []
        columns = self._articles.columns("article")
        for values in self._articles.rows("article"):
            article: _Row = dict(zip(columns, values, strict=True))
            number = article["article_id"]
            named, shown, decided = credits.of(number), images.of(number), appraisals.of(number)
            if self._articles.archive.withheld and decided and is_restricted(decided[0][1]):
                self._restricted.append(("", article["title"], article["published_on"] or "日期不明"))
                continue
            printed = [article["section"]] if article["section"] else []
            article["sections"] = list(
                dict.fromkeys(
                    [*printed, *(sections[place] for _, place in listed.of(number) if place in sections)]
                )
            )
            article["attachments"] = [row[1:] for row in attachments.of(number)]
            self._write_article(article, named, shown)
            names = list(dict.fromkeys(name for _, _, name, _ in named))
            self._note(article, names)
            found.append(
                (
                    number,
                    article["title"],
                    article["published_on"] or "",
                    "、".join(article["sections"]),
                    "、".join(names),
                )
            )
            texts.append((number, article["body"]))
            if len(texts) == _PART:
                self._save_texts(texts)
        if texts:
            self._save_texts(texts)
        return found

    def _save_texts(self, texts: list[tuple[int, str]]) -> None:
        """Write the texts of some articles for the search, and forget them."""
        self._save_data(f"text-{self._texts}", "zhijiangText", texts)
        self._texts += 1
        texts.clear()

    def _save_data(self, name: str, function: str, rows: Sequence[Any]) -> None:
        """Write rows as a script that hands them to a function: pages of a folder may load nothing else."""
        text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        safe = re.sub(f"[<{LINE_SEPARATORS}]", lambda char: f"\\u{ord(char[0]):04x}", text)
        self._save(f"data/{name}.js", f"{function}({safe});\n")

    def _write_article(self, article: _Row, credits: list[Any], images: list[Any]) -> None:
        roles: dict[str, list[str]] = {}
        for role in Role:
            for _, found, name, org in credits:
                shown = f"{name}（{org}）" if org else name
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

    def _note(self, article: _Row, names: list[str]) -> None:
        """Put an article into the lists it belongs to."""
        day = article["published_on"] or ""
        entry = (f"../{_place(article['article_id'])}", article["title"], day)
        self._months[day[:7] or "日期不明"].append(entry)
        for section in article["sections"]:
            self._sections[section].append(entry)
        for name in names:
            self._names[name].append(entry)

    def _write_lists(self) -> list[list[tuple[str, str, str]]]:
        """Write the lists; return for each kind where its lists stand, their names, and how many articles they hold."""
        written = []
        for kind, title, lists, note in (
            ("months", "逐月", self._months, ""),
            ("sections", "栏目", self._sections, ""),
            ("names", "人名", self._names, "按署名文字汇总，未区分同名的人。"),
        ):
            order = (
                sorted(lists, key=lambda month: month if month[0].isdigit() else "", reverse=True)
                if kind == "months"
                else sorted(lists, key=lambda n: (-len(lists[n]), n))
            )
            rows = []
            for number, name in enumerate(order):
                entries = sorted(lists[name], key=lambda entry: (entry[2], entry[0]), reverse=True)
                self._write_list(f"lists/{kind}-{number}", f"{title} · {name}", entries, note)
                rows.append((f"lists/{kind}-{number}.html", name, f"{len(entries)} 篇"))
            self._write_list(kind, title, rows, note)
            written.append(rows)
        if self._restricted:
            self._write_list("restricted", "控制件", self._restricted, "控制件只提供题名和日期。")
        return written

    def _write_list(self, place: str, title: str, rows: list[tuple[str, str, str]], note: str) -> None:
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
