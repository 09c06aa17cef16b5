"""A folder for the transfer to an archive office, designed after 档发〔2012〕7号 and DA/T 18-2022.

It says 参照…设计: the texts of the standards decide what conforms, and the office that receives it.  Only articles
that were given a 档号 and a 保管期限 are in it; the others are listed.  Restricted ones (控制, 延期开放) are listed too,
and in it whole, with that mark, where the operator says so: what an office takes over is for the operator to decide.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, Template
from lxml import etree

from archive.characters import CONTROLS, storable
from archive.digests import write_digests
from archive.evidence.media import PICTURES
from archive.evidence.warc_reader import WarcError
from archive.export.packages import OFFICE
from archive.export.selection import ArticleStream
from archive.model.access import is_restricted
from archive.model.article import Role, RoleGroup, paragraphs
from archive.rendering.reading_order import reading_order
from archive.rendering.record import record
from archive.rendering.remarks import Remark
from archive.store.captures import read_capture
from archive.store.dictionary import entries
from archive.store.read import site_titles
from archive.times import local_iso, local_time

MANIFEST = OFFICE
_PERIODS = {"Y": "永久", "D30": "30年", "D10": "10年"}
_UNSAFE = re.compile(rf'[{CONTROLS}\\/:*?"<>|]')
_FILES = re.compile(
    r"\.(pdf|ofd|docx?|xlsx?|pptx?|wps|et|dps|txt|zip|rar|7z|mp3|flac|ogg|mp4|flv|webm)(?=[?#]|$)",
    re.IGNORECASE,
)
"""Endings that a stored attachment keeps; none of them is a program."""
_DECIDED = (
    "article_id",
    "archival_code",
    "retention",
    "open_flag",
    "security",
    "keywords",
    "abstract",
    "note",
)
_TOLD = ("body", "credit_line")
"""Columns of ``article`` that the metadata of an article tell as 署名, or leave to its HTML file."""

_RESTRICTED = "控制件，只列题名和日期；用 --all 编入"

_Row = dict[str, Any]

_EXPLAINED = """说明文件

本文件夹参照《电子档案移交与接收办法》（档发〔2012〕7号）和 DA/T 18-2022《档案著录规则》设计，
是否符合要求由接收单位认定。

内容：{sites} 的网页新闻，{count} 件。{left}
文件目录.XML      逐件目录，按档号排列：顺序号、档号、责任者、题名、日期、密级、电子档案名称、备注，及著录项目
电子档案/年度/类别/  每件一个 HTML 文件（正文、署名、图片）、一个 XML 文件（元数据）、
                  一个同名文件夹（采集到的网页原始字节、图片和附件）
                  阅读请打开 HTML 文件。文件夹里的“网页原件”是证据，一字未改，
                  用浏览器打开时会运行其中的脚本并访问原网站
其他/             数据字典、WARC 文件清单、没有编入的文章、校验值（SHA-256；能计算时另有 SM3）

核对文件是否完好，在本文件夹里运行：sha256sum -c 其他/校验SHA256.TXT
（Windows 可逐个计算、比较：certutil -hashfile 说明文件.TXT SHA256）

档号的形式参照 DA/T 13-2022：全宗号-WY·栏目·年度·保管期限-件号。
一审、二审、三审没有对应的著录项目，记入备注和每件的元数据。
程序：zhijiang {version}
"""


def write_transfer(articles: ArticleStream, path: Path) -> int:
    """Write the folder; return how many articles are in it.

    Counts in ``articles.remarks`` those without a number, which are listed in 其他.  Raises ``OSError``.
    """
    others = path / "其他"
    others.mkdir(parents=True)
    titles = site_titles(articles.archive)
    pages = Environment(
        loader=PackageLoader("archive.export", "da_files"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    pages.filters["beijing"] = local_time
    page = pages.get_template("article.html")
    count = 0
    with etree.xmlfile(str(path / "文件目录.XML"), encoding="UTF-8") as catalogue:
        catalogue.write_declaration()
        with catalogue.element("文件目录", 说明="参照档发〔2012〕7号、DA/T 18-2022设计"):
            catalogue.write("\n")
            for decided in articles.rows("appraisal", columns=_DECIDED, order="archival_code, article_id"):
                appraisal = dict(zip(_DECIDED, decided, strict=True))
                if not _is_numbered(appraisal["archival_code"], appraisal["retention"]):
                    continue
                count += 1
                item = _Item(articles, path, appraisal, titles, page)
                item.write()
                catalogue.write(item.entry(count), pretty_print=True)
    left_out = list(_left_out(articles))
    if undecided := sum(reason != _RESTRICTED for *_, reason in left_out):
        articles.remarks[Remark.NO_CODE] = undecided
    _write_csv(others / "未编入.CSV", ("编号", "题名", "原因"), left_out)
    _write_csv(
        others / "数据字典.CSV",
        ("表", "列", "中文名", "说明", "DA/T 18-2022", "Dublin Core", "schema.org"),
        entries(),
    )
    rows = articles.archive.connection.execute("SELECT name, bytes, sha256 FROM warc_file ORDER BY name")
    _write_csv(others / "WARC清单.CSV", ("文件", "字节", "SHA-256"), rows.fetchall())
    sites = "、".join(titles.values())
    left = f"另有 {len(left_out)} 篇没有编入，见 其他/未编入.CSV。" if left_out else ""
    _write_text(
        path / "说明文件.TXT",
        _EXPLAINED.format(sites=sites, count=count, left=left, version=version("zhijiang")),
    )
    files = sorted(file for file in path.rglob("*") if file.is_file())
    for algorithm, name in (("sha256", MANIFEST), ("sm3", "其他/校验SM3.TXT")):
        write_digests(path, files, algorithm, name)
    return count


def _is_numbered(code: str | None, period: str | None) -> bool:
    return bool(code and period)


def _left_out(articles: ArticleStream) -> Iterator[tuple[int, str, str]]:
    """Yield 编号, 题名 and the reason of the articles that are not in the folder."""
    appraisals = articles.parts("appraisal", ("archival_code", "retention", "open_flag"), order="article_id")
    for number, title, day in articles.rows("article", columns=("article_id", "title", "published_on")):
        decided = appraisals.of(number)
        _, code, period, flag = decided[0] if decided else (number, None, None, None)
        if articles.archive.withheld and is_restricted(flag):
            yield number, f"{title}（{day or '日期不明'}）", _RESTRICTED
        elif not _is_numbered(code, period):
            yield number, title, "没有档号" if period else "没有保管期限" if code else "没有鉴定"


class _Item:
    """One article on its way into the folder."""

    def __init__(
        self,
        articles: ArticleStream,
        path: Path,
        appraisal: _Row,
        titles: Mapping[str, str],
        page: Template,
    ) -> None:
        self._archive = articles.archive
        self._remarks = articles.remarks
        self._appraisal = appraisal
        self._page = page
        number = appraisal["article_id"]
        (values,) = self._rows("SELECT * FROM article WHERE article_id = ?", number)
        self._article: _Row = dict(zip(articles.columns("article"), values, strict=True))
        self._site = titles[self._article["site"]]
        self._credits = self._rows(
            "SELECT label, role, name, org FROM credit WHERE article_id = ? ORDER BY seq", number
        )
        self._images = self._rows(
            "SELECT seq, url, caption, paragraph FROM image WHERE article_id = ? ORDER BY seq", number
        )
        self._attachments = self._rows(
            "SELECT seq, url, text FROM attachment WHERE article_id = ? ORDER BY seq", number
        )
        self._code: str = appraisal["archival_code"]
        year = (self._article["published_on"] or "日期不明")[:4]
        section = re.search(r"-WY·([^·]+)·", self._code)
        self._name = _UNSAFE.sub("_", self._code)
        self._place = f"电子档案/{year}/{_UNSAFE.sub('_', section[1]) if section else 'WY'}"
        self._folder = path / self._place

    def _rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        return self._archive.connection.execute(sql, parameters).fetchall()

    def write(self) -> None:
        """Write its files."""
        captured = self._folder / self._name
        captured.mkdir(parents=True, exist_ok=True)
        pictures, attachments = self._pictures(captured), self._attached(captured)
        self._pages(captured)
        _write_text(self._folder / f"{self._name}.HTML", self._html(pictures, attachments))
        _write_xml(self._folder / f"{self._name}.XML", self._metadata(attachments))

    def entry(self, number: int) -> Any:
        """Return its line of the catalogue."""
        element = etree.Element("文件")
        for name, value in {
            "顺序号": str(number),
            **self._described(),
            "电子档案名称": f"{self._place}/{self._name}.HTML",
            "备注": self._remark(),
        }.items():
            etree.SubElement(element, name).text = storable(value)
        return element

    def _described(self) -> dict[str, str]:
        """Return the items of DA/T 18-2022 that we know."""
        article = self._article
        return {
            "著录层级": "文件级",
            "档号": self._code,
            "责任者": "；".join(self._makers()) or article["source"] or self._site,
            "题名": article["title"],
            "日期": (article["published_on"] or "").replace("-", ""),
            "密级": self._appraisal["security"] or "",
            "保管期限": _PERIODS[self._appraisal["retention"]],
            "开放标识": self._appraisal["open_flag"],
            "主题词": self._appraisal["keywords"] or "",
            "提要": self._appraisal["abstract"] or "",
            "原件存放位置": article["url"],
        }

    def _makers(self) -> list[str]:
        return list(
            dict.fromkeys(name for _, role, name, _ in self._credits if Role(role).group is RoleGroup.CREATE)
        )

    def _remark(self) -> str:
        reviews = [
            f"{role}：{name}" for _, role, name, _ in self._credits if Role(role).group is RoleGroup.REVIEW
        ]
        versions = [f"共{self._article['version']}个版本"] if self._article["version"] > 1 else []
        note = self._appraisal["note"]
        return "；".join([*reviews, *versions, *([note] if note else [])])

    def _metadata(self, attachments: Mapping[str, str]) -> Any:
        root = etree.Element("元数据", 说明="参照DA/T 18-2022设计")
        described = etree.SubElement(root, "著录")
        for name, value in (self._described() | {"备注": self._remark()}).items():
            etree.SubElement(described, name).text = storable(value)
        columns = etree.SubElement(root, "文章")
        for name, value in record(self._article, *_TOLD):
            etree.SubElement(columns, name).text = storable(value)
        credits = etree.SubElement(root, "署名")
        etree.SubElement(credits, "署名原文").text = storable(self._article["credit_line"])
        for label, role, name, org in self._credits:
            element = etree.SubElement(credits, "责任者", 职责=storable(role), 原文标签=storable(label or ""))
            element.text = storable(name)
            if org:
                element.set("单位", storable(org))
        listed = etree.SubElement(root, "附件")
        for seq, url, text in self._attachments:
            element = etree.SubElement(listed, "文件", 序号=str(seq), 网址=storable(url))
            element.text = storable(text)
            if url in attachments:
                element.set("文件名", attachments[url])
        versions = etree.SubElement(root, "版本")
        for row in self._rows(
            "SELECT v.number, v.seen_at, v.content_sha256, c.captured_at, c.payload_sha256, w.name, c.warc_offset"
            " FROM article_version v LEFT JOIN capture c ON c.capture_id = v.capture_id"
            " LEFT JOIN warc_file w ON w.warc_id = c.warc_id WHERE v.article_id = ? ORDER BY v.number",
            self._article["article_id"],
        ):
            names = ("序号", "首次见到", "内容SHA256", "采集时间", "原始字节SHA256", "WARC文件", "起点")
            values = {
                name: local_iso(value) if name in ("首次见到", "采集时间") else storable(str(value))
                for name, value in zip(names, row, strict=True)
                if value is not None
            }
            etree.SubElement(versions, "第", values)
        return root

    def _pictures(self, folder: Path) -> dict[str, str]:
        """Write the stored pictures; return address → file name."""
        written: dict[str, str] = {}
        for seq, url, _caption, _paragraph in self._images:
            for mime, capture in self._stored(url):
                if mime in PICTURES and url not in written:
                    name = f"图{seq}.{PICTURES[mime]}"
                    if self._write_capture(capture, folder / name):
                        written[url] = name
        return written

    def _attached(self, folder: Path) -> dict[str, str]:
        """Write the stored attachments; return address → file name."""
        written: dict[str, str] = {}
        for seq, url, _text in self._attachments:
            for _mime, capture in self._stored(url):
                ending = _FILES.search(url)
                name = f"附件{seq}{ending[0].lower() if ending else '.bin'}"
                if url not in written and self._write_capture(capture, folder / name):
                    written[url] = name
        return written

    def _pages(self, folder: Path) -> None:
        """Write the page as it was captured for the current version, and its further pages."""
        first = self._rows(
            "SELECT c.capture_id, c.crawl_id FROM article_version v JOIN capture c ON c.capture_id = v.capture_id"
            " WHERE v.article_id = ? ORDER BY v.number DESC LIMIT 1",
            self._article["article_id"],
        )
        for capture, crawl in first:
            self._write_capture(capture, folder / "网页原件.HTML")
            further = self._rows(
                "SELECT min(capture_id) FROM capture WHERE site = ? AND key = ? AND crawl_id = ? AND capture_id > ?"
                " AND kind = 'part' AND status = 200 GROUP BY url ORDER BY 1",
                *(self._article["site"], self._article["key"], crawl, capture),
            )
            for number, (part,) in enumerate(further, 2):
                self._write_capture(part, folder / f"网页原件{number}.HTML")

    def _stored(self, url: str) -> list[tuple[Any, ...]]:
        """Return type and capture of what is stored of an address: one row or none."""
        return self._rows(
            "SELECT m.mime, m.capture_id FROM media_address u JOIN media m ON m.media_id = u.media_id WHERE u.url = ?",
            url,
        )

    def _write_capture(self, capture: int, path: Path) -> bool:
        """Write what was captured, as it came; tell whether it could be read."""
        try:
            content = read_capture(self._archive, capture).content
        except (WarcError, OSError):
            self._remarks[Remark.NO_BYTES] += 1
            return False
        path.write_bytes(content)
        return True

    def _html(self, pictures: Mapping[str, str], attachments: Mapping[str, str]) -> str:
        article = self._article
        placed = ((paragraph, (url, caption)) for _, url, caption, paragraph in self._images)
        return self._page.render(
            a=article,
            code=self._code,
            folder=self._name,
            flow=reading_order(paragraphs(article["body"]), placed),
            pictures=pictures,
            attachments=[(attachments.get(url, ""), url, text) for _, url, text in self._attachments],
        )


def _write_xml(path: Path, root: Any) -> None:
    data = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    with path.open("xb") as file:
        file.write(data)


def _write_csv(path: Path, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    with path.open("x", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(rows)


def _write_text(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="\r\n" if path.suffix == ".TXT" else "\n") as file:
        file.write(text)
