"""A folder for the transfer to an archive office, designed after 档发〔2012〕7号 and DA/T 18-2022.

It says 参照…设计: the texts of the standards decide what conforms, and the office that receives it.  Only articles
that were given a 档号 and a 保管期限 are in it; the others are listed.  Those appraised 控制 are in it too, with that
mark: the office takes over everything.
"""

import csv
import re
from collections.abc import Sequence
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lxml import etree

from archive.article import Role, RoleGroup
from archive.dictionary import entries
from archive.export.digests import write_digests
from archive.export.remarks import Remark
from archive.export.selection import ArticleStream
from archive.lookup import site_titles
from archive.media import PICTURES
from archive.warc import WarcError

MANIFEST = "其他/校验SHA256.TXT"
_PERIODS = {"Y": "永久", "D30": "30年", "D10": "10年"}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_UNSAFE = re.compile(r'[\x00-\x1f\\/:*?"<>|]')
_PUBLISHED = ("article_id", "site", "key", "url", "title", "kicker", "subtitle", "published_on", "source", "body", "credit_line", "version", "last_seen_at")  # fmt: skip

_Row = dict[str, Any]

_EXPLAINED = """说明文件

本文件夹参照《电子档案移交与接收办法》（档发〔2012〕7号）和 DA/T 18-2022《档案著录规则》设计，
是否符合要求由接收单位认定。

内容：{sites} 的网页新闻，{count} 件。{left}
文件目录.XML      逐件目录：顺序号、档号、责任者、题名、日期、密级、电子档案名称、备注，及著录项目
电子档案/年度/类别/  每件一个 HTML 文件（正文、署名、图片）、一个 XML 文件（元数据）、
                  一个同名文件夹（采集到的网页原始字节和图片）
其他/             数据字典、WARC 文件清单、没有编入的文章、校验值（SHA-256；能计算时另有 SM3）

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
    root = etree.Element("文件目录", 说明="参照档发〔2012〕7号、DA/T 18-2022设计")
    appraisals = articles.parts(
        "appraisal",
        ("archival_code", "retention", "open_flag", "security", "keywords", "abstract", "note"),
        order="article_id",
    )
    credits = articles.parts("credit", ("label", "role", "name", "org"), order="seq")
    images = articles.parts("image", ("seq", "url", "caption", "paragraph"), order="seq")
    left_out: list[tuple[int, str, str]] = []
    count = 0
    for values in articles.rows("article", columns=_PUBLISHED):
        article: _Row = dict(zip(_PUBLISHED, values, strict=True))
        number = article["article_id"]
        decided = appraisals.of(number)
        code, period = (decided[0][1], decided[0][2]) if decided else (None, None)
        named, shown = credits.of(number), images.of(number)
        if not code or not period:
            left_out.append(
                (number, article["title"], "没有档号" if period else "没有保管期限" if code else "没有鉴定")
            )
            articles.remarks[Remark.NO_CODE] += 1
            continue
        count += 1
        item = _Item(articles, path, article, decided[0], named, shown)
        item.write()
        root.append(item.entry(count))
    _write_xml(path / "文件目录.XML", root)
    _write_csv(others / "未编入.CSV", ("编号", "题名", "原因"), left_out)
    _write_csv(
        others / "数据字典.CSV",
        ("表", "列", "中文名", "说明", "DA/T 18-2022", "Dublin Core", "schema.org"),
        entries(),
    )
    rows = articles.archive.connection.execute("SELECT name, bytes, sha256 FROM warc_file ORDER BY name")
    _write_csv(others / "WARC清单.CSV", ("文件", "字节", "SHA-256"), rows.fetchall())
    sites = "、".join(site_titles(articles.archive).values())
    left = f"另有 {len(left_out)} 篇没有编入，见 其他/未编入.CSV。" if left_out else ""
    _write_text(
        path / "说明文件.TXT",
        _EXPLAINED.format(sites=sites, count=count, left=left, version=version("zhijiang")),
    )
    files = sorted(file for file in path.rglob("*") if file.is_file())
    for algorithm, name in (("sha256", MANIFEST), ("sm3", "其他/校验SM3.TXT")):
        write_digests(path, files, algorithm, name)
    return count


class _Item:
    """One article on its way into the folder."""

    def __init__(
        self,
        articles: ArticleStream,
        path: Path,
        article: _Row,
        decided: Sequence[Any],
        credits: Sequence[Sequence[Any]],
        images: Sequence[Sequence[Any]],
    ) -> None:
        self._archive = articles.archive
        self._remarks = articles.remarks
        self._article = article
        (
            _,
            self._code,
            self._period,
            self._open,
            self._security,
            self._keywords,
            self._abstract,
            self._note,
        ) = decided
        self._credits = credits
        self._images = images
        year = (article["published_on"] or "日期不明")[:4]
        section = re.search(r"-WY·([^·]+)·", self._code)
        self._name = _UNSAFE.sub("_", self._code)
        self._place = f"电子档案/{year}/{_UNSAFE.sub('_', section[1]) if section else 'WY'}"
        self._folder = path / self._place

    def write(self) -> None:
        """Write its files."""
        captured = self._folder / self._name
        captured.mkdir(parents=True, exist_ok=True)
        pictures = self._pictures(captured)
        self._page(captured)
        _write_text(self._folder / f"{self._name}.HTML", self._html(pictures))
        _write_xml(self._folder / f"{self._name}.XML", self._metadata())

    def entry(self, number: int) -> Any:
        """Return its line of the catalogue."""
        element = etree.Element("文件")
        for name, value in {
            "顺序号": str(number),
            **self._described(),
            "电子档案名称": f"{self._place}/{self._name}.HTML",
            "备注": self._remark(),
        }.items():
            etree.SubElement(element, name).text = _plain(value)
        return element

    def _described(self) -> dict[str, str]:
        """Return the items of DA/T 18-2022 that we know."""
        article = self._article
        return {
            "著录层级": "文件级",
            "档号": self._code,
            "责任者": "；".join(self._makers()) or article["source"] or article["site"],
            "题名": article["title"],
            "日期": (article["published_on"] or "").replace("-", ""),
            "密级": self._security or "",
            "保管期限": _PERIODS[self._period],
            "开放标识": self._open,
            "主题词": self._keywords or "",
            "提要": self._abstract or "",
            "原件存放位置": article["url"],
        }

    def _makers(self) -> list[str]:
        return list(dict.fromkeys(c[3] for c in self._credits if Role(c[2]).group is RoleGroup.CREATE))

    def _remark(self) -> str:
        reviews = [
            f"{role}：{name}" for _, _, role, name, _ in self._credits if Role(role).group is RoleGroup.REVIEW
        ]
        versions = [f"共{self._article['version']}个版本"] if self._article["version"] > 1 else []
        return "；".join([*reviews, *versions, *([self._note] if self._note else [])])

    def _metadata(self) -> Any:
        root = etree.Element("元数据", 说明="参照DA/T 18-2022设计")
        described = etree.SubElement(root, "著录")
        for name, value in (self._described() | {"备注": self._remark()}).items():
            etree.SubElement(described, name).text = _plain(value)
        credits = etree.SubElement(root, "署名")
        etree.SubElement(credits, "署名原文").text = _plain(self._article["credit_line"])
        for _, label, role, name, org in self._credits:
            element = etree.SubElement(credits, "责任者", 职责=_plain(role), 原文标签=_plain(label or ""))
            element.text = _plain(name)
            if org:
                element.set("单位", _plain(org))
        versions = etree.SubElement(root, "版本")
        for row in self._archive.connection.execute(
            "SELECT v.number, v.seen_at, v.content_sha256, c.captured_at, c.payload_sha256, w.name, c.warc_offset"
            " FROM article_version v LEFT JOIN capture c ON c.capture_id = v.capture_id"
            " LEFT JOIN warc_file w ON w.warc_id = c.warc_id WHERE v.article_id = ? ORDER BY v.number",
            (self._article["article_id"],),
        ):
            names = ("序号", "首次见到", "内容SHA256", "采集时间", "原始字节SHA256", "WARC文件", "起点")
            values = {
                name: _plain(str(value)) for name, value in zip(names, row, strict=True) if value is not None
            }
            etree.SubElement(versions, "第", values)
        return root

    def _pictures(self, folder: Path) -> dict[str, str]:
        """Write the stored pictures; return address → file name."""
        written: dict[str, str] = {}
        for _, seq, url, _caption, _paragraph in self._images:
            row = self._archive.connection.execute(
                "SELECT m.mime, m.capture_id FROM media_address u JOIN media m ON m.media_id = u.media_id WHERE u.url = ?",
                (url,),
            ).fetchone()
            if row is None or row[0] not in PICTURES or url in written:
                continue
            try:
                content = self._archive.read_capture(row[1]).content
            except (WarcError, OSError):
                self._remarks[Remark.NO_BYTES] += 1
                continue
            written[url] = f"图{seq}.{PICTURES[row[0]]}"
            (folder / written[url]).write_bytes(content)
        return written

    def _page(self, folder: Path) -> None:
        """Write the page as it was captured for the current version."""
        row = self._archive.connection.execute(
            "SELECT capture_id FROM article_version WHERE article_id = ? AND capture_id IS NOT NULL ORDER BY number DESC",
            (self._article["article_id"],),
        ).fetchone()
        if row is None:
            return
        try:
            (folder / "网页原件.HTML").write_bytes(self._archive.read_capture(row[0]).content)
        except (WarcError, OSError):
            self._remarks[Remark.NO_BYTES] += 1

    def _html(self, pictures: dict[str, str]) -> str:
        article = self._article
        body: list[str] = []
        paragraphs = article["body"].split("\n") if article["body"] else []
        for place in range(len(paragraphs) + 1):
            for _, _, url, caption, paragraph in self._images:
                if min(paragraph, len(paragraphs)) == place:
                    source = (
                        f'<img src="{escape(self._name)}/{escape(pictures[url])}" alt="">'
                        if url in pictures
                        else "（图片没有存下）"
                    )
                    body.append(f"<figure>{source}<figcaption>{escape(caption)}</figcaption></figure>")
            if place < len(paragraphs):
                body.append(f"<p>{escape(paragraphs[place])}</p>")
        credits = "".join(f"<p>{escape(line)}</p>" for line in article["credit_line"].split("\n") if line)
        meta = "　".join(filter(None, [article["published_on"], article["source"], f"档号：{self._code}"]))
        lines = [
            f"<p>{escape(article['kicker'])}</p>" if article["kicker"] else "",
            f"<h1>{escape(article['title'])}</h1>",
            f"<p>{escape(article['subtitle'])}</p>" if article["subtitle"] else "",
            f"<p>{escape(meta)}</p>",
            *body,
            credits,
            f"<p>原址：{escape(article['url'])}　末次见到：{escape(article['last_seen_at'])}（UTC）</p>",
        ]
        return (
            '<!DOCTYPE html>\n<html lang="zh-CN">\n<head><meta charset="utf-8">'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self' file:\">"
            f"<title>{escape(article['title'])}</title></head>\n<body>\n"
            + "\n".join(filter(None, lines))
            + "\n</body>\n</html>\n"
        )


def _plain(value: str) -> str:
    """Return text that XML can hold."""
    return _CONTROL.sub("", value)


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
