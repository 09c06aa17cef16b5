"""Pictures, players and files of an article: their real addresses, and which of them are only decoration."""

import re
from functools import lru_cache
from itertools import islice, takewhile
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml.etree import _Element

from archive.model.article import Attachment, MediaType
from zhijiang_spider.pages.elements import BACKGROUNDS, PICTURES
from zhijiang_spider.pages.links import joined
from zhijiang_spider.vocabulary import any_of

_SOURCES = (
    "data-src",
    "data-original",
    "data-original-src",
    "data-lazy-src",
    "data-lazy",
    "data-lazyload",
    "data-lazyload-src",
    "data-lazy-img",
    "data-ks-lazyload",
    "data-img",
    "data-imgurl",
    "data-img-url",
    "data-src-large",
    "data-hi-res-src",
    "data-cfsrc",
    "z-src",
    "x-src",
    "v-lazy",
    "loadsrc",
    "data-load-src",
    "data-actualsrc",
    "data-echo",
    "data-url",
    "data-real-src",
    "data-backsrc",
    "data-croporisrc",
    "original",
    "_src",
    "lazy-src",
    "lazysrc",
    "file",
    "zoomfile",
    "real_src",
    "src",
    "srcset",
    "data-srcset",
    "oldsrc",
)
"""Attributes that may hold a picture's address; order is precedence."""
_PRECEDENCE = {name: place for place, name in enumerate(_SOURCES)}
_WAITING = re.compile(
    r"(?:^|[/_-])(?:blank|spacer|placeholder|loading|lazy(?:load)?|grey|gray|transparent|pixel|1x1|none|default_?img)"
    r"[\w-]{0,12}\.(?:gif|png|jpe?g|svg|webp)(?:$|\?)",
    re.IGNORECASE,
)
"""An address of what stands in until a script loads the picture."""
_DECORATION = re.compile(
    r"(?:^|[_.-])(?:logos?|icons?|favicon|qr|qrcodes?|qrimg|zxcode|ewm|erweima|avatars?|headimg|touxiang|btns?|buttons?|arrows?|guanggao|emoji)"
    r"\d{0,3}(?=[_.-]|$)"
    r"|^(?:(?:weixin|wechat|wx|weibo|wb|fb|facebook|twitter|qzone|qq|share|fenxiang|bullets?|dots?|line|dayin|print|close|guanbi|top|ads?|beacon|expression|enlarge|ensmall|zoom(?:in|out)?)[_-]?){1,4}"
    r"\d{0,3}\.\w{3,4}$",
    re.IGNORECASE,
)
"""Names of files that decorate a page: strong words anywhere in the name, weak ones only as the whole name."""
_DECORATION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:logo|icon|qr|qrcode|qr_code|ewm|erweima|share|avatar|emoji|btn|button|advert|ad)(?=$|[\s_-])",
    re.IGNORECASE,
)
_ADVERT_CLASS = re.compile(
    r"(?:^|[\s_-])(?:ads?|adbox|adv|adverts?|advertisement|guanggao|ggw|cpro)(?=$|[\s_\d-])", re.IGNORECASE
)
_DECORATION_FOLDER = re.compile(
    r"/(?:icons?|logos?|share|emoji|smil(?:ey|ies)|expression|avatars?|qrcodes?|ewm|skins?|themes?|templates?)/",
    re.IGNORECASE,
)
_ALT = re.compile(
    rf"{any_of('captions.decoration')}|^\s{{0,3}}{any_of('captions.decoration_alone')}\s{{0,3}}$",
    re.IGNORECASE,
)
_SMALL = 60
"""Pixels: what is smaller in both directions, or this low, is a sign and no picture."""
_THUMBNAIL = 120
"""Pixels: what is smaller in both directions and a link leads to the picture, or elsewhere."""
_FLAT = 0.3
"""Height over width of an animation that is a strip."""
_NUMBER = re.compile(r"\s{0,3}(\d{1,5})(?:\.\d{0,6})?\s{0,3}(?:px)?\s{0,3}$")
_STYLE_SIZE = re.compile(
    r"(?:^|;)\s{0,9}(width|height)\s{0,3}:\s{0,3}(\d{1,5})(?:\.\d{0,6})?px", re.IGNORECASE
)
_BACKGROUND = re.compile(r"background[^;]{0,60}url\(\s{0,3}[\"']?([^\"')\s]{1,2000})", re.IGNORECASE)
_SRCSET = re.compile(r"([^\s,]{1,2000})")

_FILES = frozenset(
    ["pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "ofd", "zip", "rar", "7z", "txt", "csv"]
)
_VIDEOS = frozenset(
    ["mp4", "m3u8", "flv", "webm", "mov", "avi", "wmv", "mpg", "mpeg", "ogv", "rmvb", "f4v", "mkv"]
)
_SOUNDS = frozenset(["mp3", "m4a", "wav", "ogg", "aac", "wma", "amr", "flac"])
_MEDIA = _FILES | _VIDEOS | _SOUNDS
_PICTURES = frozenset(["jpg", "jpeg", "png", "gif", "webp", "bmp"])
_IN_TEXT = re.compile(r"https?://[^\s\"'&;<>]{4,400}\.(?:mp4|m3u8|flv)", re.IGNORECASE)
_VIEWED = re.compile(
    r"[?&#](?:file|pdf|url|src)=([^&#]{1,400}?\.(?:pdf|ofd|docx?|xlsx?|pptx?))(?=$|[&#])", re.IGNORECASE
)
_PARAMS = frozenset(("movie", "src", "url", "filename"))
"""Names of an object's ``<param>`` that may hold an address."""
_PLAYER = re.compile(
    r"video|player|vod\b|live\b|v\.qq\.com|youku|bilibili|iqiyi|tudou|ixigua|miaopai|cctv|youtube|vimeo|shipin|sptv",
    re.IGNORECASE,
)


def picture_url(node: _Element, base: str) -> str:
    """Return the absolute address of the real picture of an ``<img>``, "" if it has none.

    Lazy pages keep it in another attribute than ``src``, in the ``<noscript>`` beside it or in a ``<source>`` of
    their ``<picture>``; ``data:`` addresses
    and loading signs are no pictures.  Of another element it is the picture in its background.
    """
    if is_background(node):
        waiting = next((address for name in BACKGROUNDS if (address := (node.get(name) or "").strip())), "")
        if waiting and _like_an_address(waiting) and _leads_somewhere(waiting):
            return joined(base, waiting)
        found = _BACKGROUND.search(node.get("style") or "")
        return joined(base, found[1]) if found and _leads_somewhere(found[1]) else ""
    if address := _own_address(node, base):
        return address
    beside: list[_Element] = []
    for around in takewhile(lambda box: box.tag in ("picture", "source"), node.iterancestors()):
        beside += around.iter("source")  # the parser may put a picture inside the sources before it
    for element in (node.getnext(), node.getprevious()):
        if element is not None and element.tag == "noscript":
            beside += islice(element.iter("img"), 1)
    return next(filter(None, (_own_address(spare, base) for spare in beside)), "")


def is_background(node: _Element) -> bool:
    """Tell whether a picture is the background of an element that holds nothing."""
    return node.tag not in PICTURES


def _own_address(node: _Element, base: str) -> str:
    present = {name: value.strip() for name, value in node.items() if name in _PRECEDENCE}
    for name in sorted(present, key=_PRECEDENCE.__getitem__):
        value = present[name]
        if name.endswith("srcset"):
            found = _SRCSET.match(value)
            value = found[1] if found else ""
        if not _leads_somewhere(value):
            continue
        if _WAITING.search(value) or (name not in ("src", "srcset") and not _like_an_address(value)):
            continue
        return joined(base, value)
    return ""


def is_decoration(node: _Element, url: str) -> bool:
    """Tell whether a picture is a sign of the page (logo, QR code, button), not part of the article."""
    width, height = _size(node)
    if (width and width <= _SMALL and (not height or height <= _SMALL)) or (height and height <= 30):
        return True
    if (
        0 < width <= _THUMBNAIL
        and 0 < height <= _THUMBNAIL
        and next(node.iterancestors("a"), None) is not None
    ):
        return True
    if _ALT.search(node.get("alt") or "") or _is_strip(node, url):
        return True
    if _DECORATION_CLASS.search(f"{node.get('class') or ''} {node.get('id') or ''}") or _is_advert(node):
        return True
    path = urlsplit(url).path if _is_url(url) else url
    name = path.rsplit("/", 1)[-1]
    folder = path[: -len(name)] if name else path
    return bool(_DECORATION.search(name)) or bool(_DECORATION_FOLDER.search(folder))


def _is_strip(node: _Element, url: str) -> bool:
    """Tell whether WeChat calls a picture a flat animation: what asks to follow, or parts a text."""
    try:
        ratio = float(node.get("data-ratio") or 1)
    except ValueError:
        return False
    return ratio <= _FLAT and ("gif" in (node.get("data-type") or "") or "wx_fmt=gif" in url)


def is_among_signs(node: _Element) -> bool:
    """Tell whether a picture stands in an element named for sharing, codes or advertising."""
    return any(
        _DECORATION_CLASS.search(f"{box.get('class') or ''} {box.get('id') or ''}")
        for box in islice(node.iterancestors(), 2)
    )


def _is_advert(node: _Element) -> bool:
    """Tell whether a picture is a link in a small element named for advertising."""
    link = next(node.iterancestors("a"), None)
    if link is None:
        return False
    around = [link, *islice(link.iterancestors(), 2)]
    return any(
        _ADVERT_CLASS.search(f"{element.get('class') or ''} {element.get('id') or ''}") for element in around
    )


def embedded(node: _Element, base: str) -> Attachment | None:
    """Return what a ``<video>``, ``<audio>``, ``<iframe>``, ``<embed>`` or ``<object>`` plays or shows, if anything."""
    for element in node.iter("*"):
        flash = element.get("flashvars") or ""
        if found := _IN_TEXT.search(flash):
            return Attachment(joined(base, found[0]), MediaType.VIDEO)
        for name in ("src", "data-src", "data", "data-url", "data-video", "href"):
            value = (element.get(name) or "").strip()
            if found := _VIEWED.search(value):  # viewer.html?file=/u/2024/a.pdf
                return Attachment(joined(base, unquote(found[1])), MediaType.FILE)
            if _leads_somewhere(value) and (kind := _embedded_kind(str(node.tag), value)):
                return Attachment(joined(base, value), kind)
        value = (element.get("value") or "").strip()
        if (
            (element.get("name") or "").lower() in _PARAMS
            and value
            and (kind := _embedded_kind(str(node.tag), value))
        ):
            return Attachment(joined(base, value), kind)
    return None


def scripted(root: _Element, base: str) -> Attachment | None:
    """Return the video whose address stands in a script of the page, None if there is none."""
    for script in root.iter("script"):
        if found := _IN_TEXT.search((script.text or "").replace("\\/", "/")):
            return Attachment(joined(base, found[0]), MediaType.VIDEO)
    return None


def _leads_somewhere(value: str) -> bool:
    return bool(value) and not value.lower().startswith(("data:", "about:", "javascript:", "blob:", "file:"))


def _embedded_kind(tag: str, value: str) -> MediaType | None:
    extension = _extension(value)
    if extension in _FILES:
        return MediaType.FILE
    if extension in _SOUNDS or tag == "audio":
        return MediaType.AUDIO
    if extension in _VIDEOS or tag in ("video", "source") or _PLAYER.search(value):
        return MediaType.VIDEO
    return None


def is_media_link(href: str) -> bool:
    """Tell whether a link leads to a file, video or sound and not to a page."""
    return bool(href) and _extension(href) in _MEDIA


def is_picture_link(href: str) -> bool:
    """Tell whether a link leads to a picture, as one in full size."""
    return _extension(href) in _PICTURES


def linked_file(href: str, text: str, base: str) -> Attachment | None:
    """Return the file, video or sound that a link leads to, None for a link to a page."""
    names = {_extension(href), *_extensions_asked_for(href)}
    for kind, extensions in (
        (MediaType.FILE, _FILES),
        (MediaType.VIDEO, _VIDEOS),
        (MediaType.AUDIO, _SOUNDS),
    ):
        if not names.isdisjoint(extensions):
            return Attachment(joined(base, href), kind, text)
    return None


def _extensions_asked_for(url: str) -> list[str]:
    """Return how the values of a query end: ``downfile.jsp?filename=a1.xls``."""
    query = urlsplit(url).query if _is_url(url) else ""
    return [value.rsplit(".", 1)[-1].lower() for _, value in parse_qsl(query) if "." in value]


@lru_cache(maxsize=1024)
def _extension(url: str) -> str:
    """Return how the path of an address ends, "" where it has no dot."""
    path = url.partition("#")[0].partition("?")[0]
    return path.rpartition("/")[2].rpartition(".")[2].lower() if "." in path else ""


def _is_url(url: str) -> bool:
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True


def _like_an_address(value: str) -> bool:
    return ("/" in value or "." in value) and " " not in value and len(value) < 4000


def _size(node: _Element) -> tuple[int, int]:
    """Return (width, height) in pixels as the page sets them, 0 where it does not."""
    sizes = {"width": 0, "height": 0}
    for name in sizes:
        if found := _NUMBER.match(node.get(name) or ""):
            sizes[name] = int(found[1])
    for name, pixels in _STYLE_SIZE.findall(node.get("style") or ""):
        sizes[name.lower()] = int(pixels)
    return sizes["width"], sizes["height"]
