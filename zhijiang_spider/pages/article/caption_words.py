"""How a line says that it is a caption: by what it begins with, and by who took the picture at its end."""

import re

from zhijiang_spider.vocabulary import any_of, words

SENTENCES = re.compile("[。！？；]")


def _any_of(*groups: str) -> str:
    return any_of(*(f"captions.{group}" for group in groups))


STARTS = re.compile(
    rf"[\s\u3000]{{0,4}}(?:[▲△↑▼▽◀▶●]|{_any_of('starts')}|{_any_of('labels')}[:：]|[图圖][{''.join(words('captions.numbers'))}\d]{{0,3}}[:：]"
    r"|[（(]?[图圖]片?[:：/]|[图圖][①②③④⑤⑥⑦⑧⑨]|①)"
)


ENDS = re.compile(
    r"(?:"
    rf"[\u4e00-\u9fff·]{{2,4}}[\s\u3000]{{1,3}}{_any_of('taken_by')}"
    rf"|(?:^|[\s\u3000。！？；（(])[\u4e00-\u9fffA-Za-z·、]{{2,16}}(?<!拍){_any_of('taken_by_glued')}"
    rf"|(?:^|[\s\u3000。！？；（(]){_any_of('agencies')}发"
    rf"|(?:{_any_of('archive')}|{_any_of('from')}.{{0,20}})"
    r")[\s\u3000]{0,2}[）)】\]]?[\s\u3000]{0,2}[。.]?$"
)
"""Whoever took or gave a picture, at the end of its caption; a sentence that ends in 蓝图 or 拍摄 is none."""


ENGLISH = re.compile(
    r"[(\[]\s?(?:photos?|pictures?|images?|file photo|xinhua|vcg)\b[^)\]]{0,80}[)\]]\.?$|/\s?(?:xinhua|vcg|cfp)\.?$",
    re.IGNORECASE,
)
"""Who took a picture, at the end of an English caption."""


def says_caption(text: str) -> bool:
    """Tell whether a short line behind a picture says that it is its caption."""
    return STARTS.match(text) is not None or (
        ENDS.search(text) is not None and len(SENTENCES.findall(text)) <= 2
    )
