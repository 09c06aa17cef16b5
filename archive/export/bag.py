"""BagIt 1.0 (RFC 8493): everything of the archive in one folder that strangers can check.

In ``data/``: a copy of the archive file, every table as CSV, the articles as JSON Lines, the captured pages as WACZ,
and what explains them.  Digests of every file by SHA-256 and SHA-512, and by SM3 (GB/T 32905) where it can be had.
"""

from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from archive.care.snapshot import write_snapshot
from archive.characters import BYTE_ORDER_MARK
from archive.digests import write_digests
from archive.export.csv import write_credits_csv, write_csv
from archive.export.jsonl import write_jsonl
from archive.export.packages import BAG
from archive.export.selection import ArticleStream
from archive.export.tables import write_tables
from archive.export.wacz import write_wacz
from archive.rendering.remarks import Remark
from archive.store.dictionary import entries
from archive.store.read import LAST_CRAWL_END, site_titles

MANIFEST = BAG
_ALGORITHMS = ("sha256", "sha512")

_README = """{title}

这是一个 BagIt 包（RFC 8493）。核对全部文件是否完好，在本文件夹的上一级运行：
    bagit.py --validate 文件夹名
或者在本文件夹里运行：
    sha256sum -c manifest-sha256.txt            （macOS：shasum -a 256 -c manifest-sha256.txt）
两个程序都没有时，可逐个计算、与 manifest-sha256.txt 里的比较，例如 Windows：
    certutil -hashfile data\\pages.wacz SHA256

data/ 里面有：
{contents}
对应关系：同一篇文章在各个文件里编号（article_id）相同。
各表各列的意思见 data/dictionary.csv；表的定义见 data/schema.sql。
{selection}
程序：zhijiang {version}
"""
_CONTENTS = {
    "archive.db": "整个档案，SQLite 文件，可用 sqlite3、DB Browser 打开；视图有中文名",
    "tables": "每张表一个 CSV 文件，一字不改，附 datapackage.json；zhijiang import 可由它重建档案",
    "articles.csv": "文章，每篇一行，可用 Excel 打开",
    "credits.csv": "署名，每篇每人每职责一行，可用 Excel 打开",
    "articles.jsonl": "文章，每行一篇，schema.org NewsArticle",
    "pages.wacz": "采集到的网页原样，用 ReplayWeb.page 打开",
    "dictionary.csv": "数据字典",
    "schema.sql": "表的定义",
}


def write_bag(articles: ArticleStream, path: Path) -> int:
    """Write a bag into a new folder; return the number of articles.

    Of chosen articles there is no copy of the archive file, which would hold all; nor where restricted articles are
    withheld.  Raises ``OSError``.
    """
    data = path / "data"
    data.mkdir(parents=True)
    if _has_file(articles):
        write_snapshot(articles.archive, data / "archive.db")
    write_tables(articles, data / "tables")
    count = write_csv(articles, data / "articles.csv")
    write_credits_csv(articles, data / "credits.csv")
    write_jsonl(articles, data / "articles.jsonl")
    write_wacz(articles, data / "pages.wacz")
    _write_text(data / "dictionary.csv", _dictionary())
    _write_text(data / "schema.sql", _schema(articles))
    _write_text(data / "README.txt", _readme(articles))
    payload = sorted(file for file in data.rglob("*") if file.is_file())
    _write_text(path / "bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    _write_text(path / "bag-info.txt", _info(articles, payload, count))
    written = [
        write_digests(path, payload, algorithm, f"manifest-{algorithm}.txt")
        for algorithm in (*_ALGORITHMS, "sm3")
    ]
    tags = sorted([path / "bagit.txt", path / "bag-info.txt", *filter(None, written)])
    for algorithm in _ALGORITHMS:
        write_digests(path, tags, algorithm, f"tagmanifest-{algorithm}.txt")
    return count


def _info(articles: ArticleStream, payload: Sequence[Path], count: int) -> str:
    total = sum(file.stat().st_size for file in payload)
    newest = articles.archive.connection.execute(
        f"SELECT coalesce({LAST_CRAWL_END}, max(last_look_at)) FROM article"
    ).fetchone()[0]
    fields = {
        "Source-Organization": "、".join(site_titles(articles.archive).values()),
        "External-Description": f"新闻档案，{count} 篇",
        "Bagging-Date": (newest or str(date(1970, 1, 1)))[
            :10
        ],  # of the newest fact in it: the same archive, the same bag
        "Bag-Software-Agent": f"zhijiang {version('zhijiang')}",
        "Payload-Oxum": f"{total}.{len(payload)}",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def _has_file(articles: ArticleStream) -> bool:
    return articles.is_whole and not articles.archive.withheld


def _readme(articles: ArticleStream) -> str:
    contents = {file: text for file, text in _CONTENTS.items() if file != "archive.db" or _has_file(articles)}
    chosen = articles.selection.in_chinese()
    told = f"只含符合这些条件的文章：{chosen}。因此不附整个档案的 SQLite 文件。\n" if chosen else ""
    if controlled := articles.remarks[Remark.CONTROLLED]:
        told += (
            f"{controlled} 篇控制件（开放标识为控制、延期开放）只有题名和日期，因此不附整个档案的"
            " SQLite 文件，也不能由这个包重建档案；用 zhijiang export bag --all 移交全文。\n"
        )
    return _README.format(
        title="新闻档案移交包",
        contents="".join(f"    {file:16}{text}\n" for file, text in contents.items()),
        selection=told,
        version=version("zhijiang"),
    )


def _dictionary() -> str:
    head = "表,列,中文名,说明,DA/T 18-2022,Dublin Core,schema.org\n"
    quoted = [",".join('"' + value.replace('"', '""') + '"' for value in entry) for entry in entries()]
    return BYTE_ORDER_MARK + head + "".join(f"{line}\n" for line in quoted)


def _schema(articles: ArticleStream) -> str:
    rows = articles.archive.connection.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'article_fts_%' ORDER BY rowid"
    )
    return "".join(f"{sql};\n\n" for (sql,) in rows)


def _write_text(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
