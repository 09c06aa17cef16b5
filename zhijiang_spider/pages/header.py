"""The row of date, source and names by the title."""

import re
from collections.abc import Container
from datetime import UTC, date

from zhijiang_spider.pages.boilerplate import is_boilerplate
from zhijiang_spider.text.dates import parse_published

_DATE_LABELS = "发布时间|发布日期|发表时间|发表日期|发稿时间|发文日期|成文日期|更新时间|更新日期|上传时间|上传日期|录入时间|添加时间|编辑时间|采编时间|发布于|发表于|(?<![\u4e00-\u9fff])(?:时间|日期)|發布時間|發佈時間|Date|DATE|Time"
_SOURCE_LABELS = "信息来源|文章来源|稿件来源|新闻来源|内容来源|消息来源|资料来源|本文来源|来源于|来源|稿源|出处|供稿单位|來源|文章來源|新聞來源|Source|SOURCE"
_OTHER_LABELS = (
    "责任编辑|責任編輯|本文编辑|本期编辑|网络编辑|值班编辑|执行编辑|栏目编辑|见习编辑|实习编辑|编辑|編輯|责编|责任校对|校对|审核|审校|审签|一审|二审|三审|初审|复审|终审|签发|监制"
    "|作者|记者|通讯员|见习记者|实习记者|撰稿人?|选稿|录入者?|录入人|上传者?|发布者|发布人|发布单位|发布机构|摄影|摄像|图片|供稿|播放次数|播放量|播放|浏览次数|浏览量|浏览|阅读次数|阅读量|阅读数|阅读|点击次数|点击数|点击量|点击率|点击|访问量|访问次数|人气|热度|字体大小|字体|字号"
    "|字体显示|评论数?|分享到?|分享至|打印|关闭|收藏|大 ?中 ?小|文号|索引号|主题分类|公开方式|标签|关键[字词]|栏目|专题|所属栏目|频道|扫一扫|【|\\[|我要纠错|纠错|Author|Editor|Views|Hits"
)
_SEPARATED = r"[\s\u3000]{0,4}(?:[】\]][\s\u3000]{0,2}[:：]?|[:：丨|｜/])"
_LABEL = re.compile(
    rf"(?:{_DATE_LABELS}|{_SOURCE_LABELS}|{_OTHER_LABELS}){_SEPARATED}|大 ?中 ?小|【(?:打印|字体|关闭|字号|大|我要纠错|纠错)|分享到?|打印|收藏"
)
_WRITER = re.compile(rf"(?<![\u4e00-\u9fff])(?:文图|图文|文|撰文|采写){_SEPARATED}")
_DATE_LABEL = re.compile(rf"(?:{_DATE_LABELS})[\s\u3000】\]]{{0,4}}[:：]?[\s\u3000]{{0,4}}")
_SOURCE_LABEL = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:{_SOURCE_LABELS}){_SEPARATED}[\s\u3000]{{0,4}}|(?:{_SOURCE_LABELS})[\s\u3000]{{0,4}}[:：][\s\u3000]{{0,4}}"
)
_ROW_LABEL = re.compile(
    rf"[\s\u3000©（(【\[]{{0,4}}(?:{_DATE_LABELS}|{_SOURCE_LABELS}|{_OTHER_LABELS}){_SEPARATED}"
)
_LONE_LABEL = re.compile(rf"(?:{_DATE_LABELS}|{_SOURCE_LABELS}|作者|记者|通讯员|编辑|责任编辑|责编)")
_URL = re.compile(r"(?:https?://|www\.)[^\s\u3000]{0,300}")
_DATE_LABEL_END = re.compile(rf"(?:{_DATE_LABELS})[\s\u3000]{{0,4}}[:：]?[\s\u3000]{{0,4}}$")
_PARTS = re.compile(r"[\s\u3000|｜丨·/()（）\[\]【】,，:：\x1f©]+")
_OUTLET = re.compile(
    r"(?:网|網|报|報|社|台|臺|刊|中心|融媒|融媒体|频道|頻道|新闻|新聞|传媒|电视|广播|客户端|发布|在线|局|委|办|部|院|大学|学院|厅|政府|网站|公众号|视频|财经|財經|新媒体|宣传部|报社|之声)$"
)
_NO_OUTLET = re.compile(
    r"[\d.,:：-]+$|\d[\d.,]*[万千亿wWkK+]{0,2}(?:人|次|条|阅读|浏览|播放|评论|点赞)?$|.{2,6}领域创作者|发布于|来自|发表于|更新于|星期|周.$|今天|昨天|前天|(?:原创|整理|编译|综合|转载)$|已编辑|作者|记者|编辑|通讯员|https?|www\."
)
_MIDNIGHT = re.compile(r"[T\s]{1,2}00:00(?::00)?(?:[:.]0{1,9})?(?:Z|[+-]\d\d:?\d\d)?$")
_EDGES = " \u3000|｜丨,，;；:：/、-[]【】<>·\t"
_SENTENCE = re.compile(r"[。！？；!?]|[\u4e00-\u9fff]，[\u4e00-\u9fff]")
PROVINCES = frozenset(
    (
        "北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北",
        "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾", "内蒙古", "广西", "西藏", "宁夏", "新疆", "香港", "澳门",
    )
)  # fmt: skip
"""Where an account writes from: platforms print it beside the date."""
_LONGEST_ROW = 200
_LONGEST_SOURCE = 40
"""Characters of an outlet's name; a longer value is text that ran into the row."""
_FAR = 1_000
"""Characters behind a label of the source among which its value ends."""
_LATER = ("更新", "上传", "编辑", "录入")
"""Beginnings of labels of other moments than the publication, which is printed beside them."""
_TODAY = date(2100, 1, 1)
"""Any day will do to see whether a text holds a date."""


def is_header_row(text: str) -> bool:
    """Tell whether a line is a row of date, source and names, not a sentence.

    A line that only holds a date counts; a dateline (``本报1月16日讯 …``) does not.
    """
    if len(text) > _LONGEST_ROW:
        return False
    if _ROW_LABEL.match(text) and not _SENTENCE.search(text):
        return True
    row_date = date_of(text)
    if not row_date or _SENTENCE.search(text):
        return False
    rest = _URL.sub("", text.replace(row_date, "", 1)).strip(" \u3000:：()（）[]【】|｜·-/©原创")
    if not rest:
        return True
    full = re.search(r"\d{4}", row_date) is not None or ":" in row_date or row_date[-1:] in "天前"
    return full and (
        _LABEL.search(rest) is not None or (len(rest) <= 24 and not re.search(r"\d\s?[年月]", rest))
    )


def is_label(text: str) -> bool:
    """Tell whether a line is only a label, whose value is the next line: ``<dt>来源</dt><dd>…</dd>``."""
    return len(text) <= 6 and _LONE_LABEL.fullmatch(text) is not None


def date_of(text: str) -> str:
    """Return the date in a row as printed, "" if there is none; one after a label of time before others."""
    labels = sorted(_DATE_LABEL.finditer(text), key=lambda found: found[0].startswith(_LATER))
    for found in labels:
        read = parse_published(text[found.end() : found.end() + 40], timezone=UTC, today=_TODAY)
        if read:
            return read.raw
    read = parse_published(text, timezone=UTC, today=_TODAY)
    return read.raw if read else ""


def day_of(text: str) -> date | None:
    """Return the day that a row prints."""
    read = parse_published(date_of(text), timezone=UTC, today=_TODAY)
    return read.on if read else None


def has_source_label(text: str) -> bool:
    """Tell whether a row has a label of the source, with or without a value."""
    return _SOURCE_LABEL.search(text) is not None


def source_of(text: str) -> str:
    """Return the outlet in a row as printed, without its label; "" where the label has no value.

    The value ends at the next known label, at a date, at a wide gap or at an address glued to it.
    """
    for found in _SOURCE_LABEL.finditer(text):
        value = text[found.end() : found.end() + _FAR]
        for label in (_LABEL, _WRITER):
            if following := label.search(value):
                value = value[: following.start()]
        if following := _DATE_LABEL_END.search(value):
            value = value[: following.start()]
        if printed := date_of(value):
            value = value[: value.index(printed)]
        value = clean_source(value)
        if value:
            return value
    return ""


def before_labels(text: str) -> str:
    """Return what stands before the first label of a row."""
    label = _LABEL.search(text)
    return text[: label.start()] if label else text


def is_outlet(text: str) -> bool:
    """Tell whether a text ends as outlets' names end."""
    return 2 < len(text) <= 20 and _OUTLET.search(text) is not None


def outlet_of(row: str, known: Container[str]) -> str:
    """Return the outlet that stands without a label beside a date: ``2023-11-08 15:40 云汀县融媒体中心``.

    ``known``: words that are no outlet although they stand there (the breadcrumb's).
    A part that ends as outlets' names end is taken; else a part that is alone and too long for a name.
    """
    printed = date_of(row)
    rest = row.replace(printed, " ", 1) if printed else row
    rest = _URL.sub(" ", rest)
    rest = before_labels(rest)
    parts = [part.removesuffix("官方账号") for part in _PARTS.split(rest) if len(part) > 1]
    parts = [
        part
        for part in parts
        if (part not in known or part[-1] in "网網报報社台臺端")
        and part.removesuffix("省").removesuffix("市") not in PROVINCES
        and not is_boilerplate(part)
        and not _NO_OUTLET.match(part)
    ]
    named = [part for part in parts if _OUTLET.search(part) and len(part) <= 20]
    if named:
        return named[0]
    return parts[0] if printed and len(parts) == 1 and 4 <= len(parts[0]) <= 12 else ""


def clean_source(text: str) -> str:
    """Return an outlet without label, address and brackets; "" for a date, a number or a sentence."""
    value = _SOURCE_LABEL.sub("", text, count=1) if _SOURCE_LABEL.match(text) else text
    first = [part for part in re.split("[\u3000\x1f]+", value) if part.strip(_EDGES)][:1]
    words = "".join(first).split()
    while len(words) > 1 and is_boilerplate(words[-1]):
        words.pop()
    value = " ".join(words)
    outlet = _URL.sub("", value).strip(_EDGES)
    value = outlet or value.strip(_EDGES)
    if value.count("(") > value.count(")") or value.count("（") > value.count("）"):
        value = value.rstrip("(（ ")
    if (
        len(value) > _LONGEST_SOURCE
        or not re.search(r"[^\W\d_]", value)
        or ("：" in value[1:] and len(value) > 30)
    ):
        return ""
    if is_boilerplate(value) or value in ("未知", "不详", "无", "暂无"):
        return ""
    return "" if date_of(value) == value else value


def declared_date(text: str) -> str:
    """Return a declared date as it stands; without its time where that is midnight, which means no time."""
    return date_of(_MIDNIGHT.sub("", text.strip()))
