"""四性: which check speaks for which property of DA/T 70-2018 (文书类电子档案检测一般要求), as data.

An item has three answers: 通过, 不通过, and 未检测 with its reason; what could not be told is none of the first two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from archive.care.findings import Finding, Level


class Property(StrEnum):
    """A property of electronic records, in the order and the words of DA/T 70."""

    AUTHENTICITY = "真实性"
    INTEGRITY = "完整性"
    USABILITY = "可用性"
    SECURITY = "安全性"


class Outcome(StrEnum):
    """What came of an item."""

    PASSED = "通过"
    FAILED = "不通过"
    UNTESTED = "未检测"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is tested."""

    property: Property
    name: str
    """检测项目, as DA/T 70 calls it."""
    how: str
    """检测内容和方法."""
    checks: tuple[str, ...] = ()
    """Names of the checks that do it; () where this program does not."""
    counts: tuple[tuple[str, str], ...] = ()
    """What is counted → SQL of how many there are."""
    is_sampled: bool = False
    """Only a sample of these is tested where one was asked for."""
    without: str = ""
    """Why it is not tested where none of its checks is there."""


_VERSIONS = ("版本", "SELECT count(*) FROM article_version")
_ARTICLES = ("文章", "SELECT count(*) FROM article")
_KEPT = ("采集记录", "SELECT count(*) FROM capture WHERE warc_id IS NOT NULL")
_OF_OUTSIDE = "本程序不做，须另行检测并附记录"

ITEMS = (
    Item(
        Property.AUTHENTICITY,
        "固化信息有效性检测",
        "逐枚重算封签（RFC 9162 散列树），与封存时的各行逐一比对；给出档案外保存的封签值时与之比对",
        ("seals", "time-stamps"),
        (("封签", "SELECT count(*) FROM seal"),),
        without="本档案没有封签",
    ),
    Item(
        Property.AUTHENTICITY,
        "内容数据一致性检测",
        "逐个版本重算正文各字段的 SHA-256，与登记值比对；现行文本与最后版本比对",
        ("versions",),
        (_VERSIONS,),
    ),
    Item(
        Property.AUTHENTICITY,
        "元数据准确性检测",
        "同一事实记在几处的，逐行互相比对：时间、网址、批次、署名、图片、字数、摘要值等",
        ("agreement",),
        (_ARTICLES, ("署名", "SELECT count(*) FROM credit"), ("列表条目", "SELECT count(*) FROM listing")),
    ),
    Item(
        Property.AUTHENTICITY,
        "元数据与内容关联一致性检测",
        "从网页存本重新解析出题名、日期、来源、正文、署名、图片、附件，与库中各字段逐一比对",
        ("derived",),
        (
            (
                "版本",
                "SELECT count(*) FROM article_version v JOIN capture c ON c.capture_id = v.capture_id"
                " WHERE c.warc_id IS NOT NULL",
            ),
        ),
        is_sampled=True,
    ),
    Item(
        Property.INTEGRITY,
        "电子文件数据总量检测",
        "各采集批次登记的新增、改动篇数，与实存版本数比对；采集时间与存本时间比对",
        ("crawls",),
        (("采集批次", "SELECT count(*) FROM crawl"),),
    ),
    Item(
        Property.INTEGRITY,
        "元数据完整性检测",
        "各表之间的引用都有着落；文章状态与消失记录相符",
        ("references", "absences"),
        (_ARTICLES, ("消失记录", "SELECT count(*) FROM absence")),
    ),
    Item(
        Property.INTEGRITY,
        "内容数据完整性检测",
        "读回网页、图片的存本，重算 SHA-256 和字节数；网址、时间、状态、类型等与 WARC 记录的头部比对",
        ("captures", "media"),
        (_KEPT, ("图片和文件", "SELECT count(*) FROM media")),
        is_sampled=True,
    ),
    Item(
        Property.INTEGRITY,
        "信息包完整性检测",
        "证据文件（WARC）齐全，长度与登记相符；全部检测时重算整个文件的 SHA-256；没有档案不知道的 WARC 文件",
        ("WARC files",),
        (("证据文件", "SELECT count(*) FROM warc_file"),),
    ),
    Item(
        Property.INTEGRITY,
        "应归档内容齐全检测",
        "列表上有、档案里没有的文章；整栏没有收到文章的栏目；署名里未识别的职责词",
        ("gaps",),
        (("栏目", "SELECT count(*) FROM section WHERE kind = 'section'"),),
    ),
    Item(
        Property.USABILITY,
        "目标数据库可访问性检测",
        "SQLite 自检（integrity_check），文件头部各项与文件长度",
        ("file",),
    ),
    Item(
        Property.USABILITY,
        "元数据可读性检测",
        "表、视图、索引、触发器与本版结构一致；数据字典与职责表可读",
        ("schema", "dictionary"),
        (("数据字典条目", "SELECT count(*) FROM data_dictionary"),),
    ),
    Item(
        Property.USABILITY,
        "内容数据可检索性检测",
        "全文索引与文章文本逐篇比对",
        ("search index",),
        (_ARTICLES,),
    ),
    Item(
        Property.USABILITY,
        "内容数据格式长期可用性检测",
        "网页和图片是原网站的格式，按原样保存在 WARC（ISO 28500）中",
        without=_OF_OUTSIDE,
    ),
    Item(
        Property.SECURITY,
        "保管过程安全性检测",
        "每个网站最近一次采集正常结束，没有中断，时钟没有错乱",
        ("last crawl",),
        (("采集批次", "SELECT count(*) FROM crawl"),),
    ),
    Item(Property.SECURITY, "病毒感染检测", "杀毒软件", without=_OF_OUTSIDE),
    Item(Property.SECURITY, "载体安全性检测", "载体的外观、读取速度", without=_OF_OUTSIDE),
)
"""In the order of DA/T 70; every check stands in exactly one of them."""


def outcome(
    item: Item, findings: Sequence[Finding], done: frozenset[str], known: frozenset[str]
) -> tuple[Outcome, str]:
    """Return what came of an item, and the reason where it is not tested.

    ``done``: the checks that ran to their end.  ``known``: the checks that this program has.
    """
    checks = frozenset(item.checks) & known
    levels = [finding.level for finding in findings if finding.check in checks]
    if Level.FAULT in levels:
        return Outcome.FAILED, ""
    if not checks:
        return Outcome.UNTESTED, item.without
    if not checks <= done:
        return Outcome.UNTESTED, "数据库文件已损坏，没有检测下去"
    if open_ := levels.count(Level.OPEN):
        return Outcome.UNTESTED, f"有 {open_} 处未能检测或未能判定，见下"
    return Outcome.PASSED, ""
