"""What a reader sees of a stored text or picture: what looks the same twice is no change.

Only for comparing two versions; what is stored, and the digest of it, stays as the page had it.
"""

import json
import re
import unicodedata
from urllib.parse import parse_qsl, unquote, urlsplit

from archive.characters import INVISIBLE

_UNSEEN = re.compile(rf"[{INVISIBLE}]|[^\S\n]")
"""Blanks of any kind; a line break parts paragraphs, which is seen."""
_WIDE = {code: code - 0xFEE0 for first, last in ("０９", "Ａｚ") for code in range(ord(first), ord(last) + 1)}

_PICTURE = r"\.(?:jpe?g|png|gif|webp|bmp|avif|heic|svg|tiff?)"
_FILE = re.compile(rf"(?P<file>.*?{_PICTURE})(?:[!@~;].*)?", re.IGNORECASE | re.DOTALL)
"""The path of a picture's file, and how a network is asked to scale it: ``a.jpg!w640``, ``a.jpg@1e_1c``."""
_NAMES_A_FILE = re.compile(
    r"(?:src|url|uri|path|file|pic|img|image|photo|name|id|key|no|num|guid|uuid)\d?|\w{0,20}(?:id|name|file|path|url)",
    re.IGNORECASE,
)
"""Parameters that may say which picture it is, even behind a file's name."""
_VOLATILE = re.compile(
    r"(?:auth_?key|auth|sign(?:ature)?|x-(?:oss|amz|bce|cos|tos|obs|expires|signature|image)\b.*|q-(?:sign|ak|key|header|url)\b.*"
    r"|sig|token|\w{0,20}(?:_|-)token|(?:oss|aws)?access_?key_?id|key-pair-id|policy|expires?|deadline|nonce|wssecret|wstime"
    r"|txsecret|txtime|_?t|_?ts|_|time|times?tamp|stamp|r|rnd|rand(?:om)?|v|ver|version|cache|nocache|cb|dt"
    r"|(?:imageview2|imagemogr2|imageslim|watermark|thumbnail|format)(?:/.*)?|tp|wxfrom|wx_lazy|wx_co|usepicprefetch|retryload"
    r"|jsessionid|phpsessid|sid|session_?id|utm_\w+|spm)",
    re.IGNORECASE,
)
"""Parameters that differ from one look to the next: signatures, expiry, caches, sizes, sessions."""
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)


def seen_text(text: str) -> str:
    """Return what is seen of a text: letters and digits of one width, no blanks, no characters without width."""
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text)).translate(_WIDE)


def seen_images(stored: str) -> str:
    """Return what is seen of the pictures of a version (JSON of addresses and captions)."""
    return json.dumps([[picture(url), seen_text(caption)] for url, caption in json.loads(stored or "[]")])


def picture(url: str) -> str:
    """Return what tells a picture from another: its address without scheme, host, signature, size and session.

    The network that delivers a picture, and the way it is asked, may change with every look.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path = _SESSION.sub("", parts.path)
    file = _FILE.fullmatch(path)
    if not path.strip("/") or parts.scheme not in ("http", "https", ""):
        return url
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if file:
        path = file["file"]
        kept = [
            pair for pair in pairs if _NAMES_A_FILE.fullmatch(pair[0]) and not _VOLATILE.fullmatch(pair[0])
        ]
    else:
        kept = [pair for pair in pairs if not _VOLATILE.fullmatch(pair[0])]
    return json.dumps([unquote(path), sorted(kept)], ensure_ascii=False)
