"""What the reader of an export should know: what its writer had to alter."""

from enum import Enum


class Remark(Enum):
    """A kind of alteration; writers count them, the command line and the files themselves tell."""

    english: str
    chinese: str

    def __init__(self, english: str, chinese: str) -> None:
        self.english = english
        self.chinese = chinese

    BROKEN = (
        "texts with bytes that are no UTF-8, written as U+FFFD",
        "含有非 UTF-8 字节的文本，这些字节写成了 U+FFFD",
    )
    CONTROLS = ("cells with control characters, which were left out", "含有控制字符的单元格，控制字符已略去")
    CUT = (
        "cells cut at 32,767 characters, the limit of spreadsheets; csv --raw holds the whole text",
        "超过 32767 字的单元格，已截断；csv --raw 有全文",
    )
    NO_LINK = (
        "addresses written as text, not as links: no web address, too long, or more than the 65,530 a sheet holds",
        "写成文本而不是链接的网址：不是网址、太长，或超出每张表 65530 个链接的上限",
    )
    NO_BYTES = (
        "captures whose bytes could not be read, left out; zhijiang check names them",
        "读不出原始字节的采集记录，已略去；zhijiang check 会指出是哪些",
    )
    NO_CODE = (
        "articles without a 档号 or 保管期限, left out: zhijiang appraise gives them",
        "没有档号或保管期限的文章，没有编入；用 zhijiang appraise 鉴定、编号",
    )
    CONTROLLED = (
        "restricted articles (控制, 延期开放): title and date only; --all exports them whole",
        "控制件（开放标识为控制、延期开放），只有题名和日期；用 --all 导出全文",
    )
    CONTROLLED_WHOLE = (
        "restricted articles (控制, 延期开放) are in it whole: not for readers",
        "控制件（开放标识为控制、延期开放），全文在内，不供阅览",
    )
    LISTS_CONTROLLED = (
        "captured list pages that name restricted articles, left out; --all exports them",
        "列有控制件的列表页原样，没有编入；用 --all 导出",
    )
    NO_DATE = ("values that are no date or time, left empty", "不是日期或时间的值，留空")
