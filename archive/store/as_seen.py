"""What a reader sees of a stored text or picture: what looks the same twice is no change.

Only for comparing two versions; what is stored, and the digest of it, stays as the page had it.
"""

import json
import re
import unicodedata
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from archive.characters import INVISIBLE

_UNSEEN = re.compile(rf"[{INVISIBLE}]|[^\S\n]")
"""Blanks of any kind; a line break parts paragraphs, which is seen."""
_WIDE = re.compile("[０-９Ａ-ｚ]")

_PICTURE = r"\.(?:jpe?g|png|gif|webp|bmp|avif|heic|svg|tiff?)"
_FILE = re.compile(rf"(?P<file>.*?{_PICTURE})(?:[!@~;].*)?", re.IGNORECASE | re.DOTALL)
"""The path of a picture's file, and how a network is asked to scale it: ``a.jpg!w640``, ``a.jpg@1e_1c``."""
_NAMES_NO_PICTURE = re.compile(
    r"(?:auth_?key|auth|sign(?:ature)?|x-(?:oss|amz|bce|cos|tos|obs|expires|signature|image)\b.*|q-(?:sign|ak|key|header|url)\b.*"
    r"|sig|token|\w{0,20}(?:_|-)token|(?:oss|aws)?access_?key_?id|key-pair-id|policy|expires?|deadline|nonce|wssecret|wstime"
    r"|txsecret|txtime|_|r|rnd|rand(?:om)?|nocache|cb"
    r"|(?:imageview2|imagemogr2|imageslim|watermark|thumbnail|format)(?:/.*)?|w|h|width|height|q|quality|dpr"
    r"|tp|wxfrom|wx_lazy|wx_co|usepicprefetch|retryload"
    r"|jsessionid|phpsessid|sid|session_?id|utm_\w+|spm)",
    re.IGNORECASE,
)
"""Parameters that say how or by whom a picture is asked for, never which: signatures, expiry, chance, sizes, sessions.

A version (``v=2``) is none of them: the picture under its old name may be another.
"""
_MOMENT = re.compile(r"_?t|_?ts|time|times?tamp|stamp", re.IGNORECASE)
"""Parameters that may hold the time of the look, or that of the last change."""
_SIGNED = re.compile(r"auth_?key|auth|sign(?:ature)?|sig|token", re.IGNORECASE)
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?")
_MOST_SECONDS = 600
"""Seconds between a page's being made and our looking at it, by two clocks."""
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)


def seen_text(text: str) -> str:
    """Return what is seen of a text: letters and digits of one width, no blanks, no characters without width."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    for wide in set(_WIDE.findall(text)):  # ten times faster than str.translate
        text = text.replace(wide, chr(ord(wide) - 0xFEE0))
    return text


def seen_images(stored: str, looked_at: str = "") -> str:
    """Return what is seen of the pictures of a version (JSON of addresses and captions).

    ``looked_at``: when the page was fetched (UTC, ISO 8601), "" where that is not known.
    """
    pairs = json.loads(stored or "[]")
    return json.dumps([[picture(url, looked_at), seen_text(caption)] for url, caption in pairs])


def picture(url: str, looked_at: str = "") -> str:
    """Return what tells a picture from another: its address without scheme, host, signature, size and session.

    The network that delivers a picture, and the way it is asked, may change with every look.  What is not known
    to be such is kept: it may name another picture.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path = _SESSION.sub("", parts.path)
    if not path.strip("/") or parts.scheme not in ("http", "https", ""):
        return url
    if file := _FILE.fullmatch(path):
        path = file["file"]
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    is_signed = any(_SIGNED.fullmatch(name) for name, _ in pairs)
    kept = [
        (name, value)
        for name, value in pairs
        if not _NAMES_NO_PICTURE.fullmatch(name)
        and not (_MOMENT.fullmatch(name) and (is_signed or _is_of_the_look(value, looked_at)))
    ]
    return json.dumps([unquote(path), sorted(kept)], ensure_ascii=False)


def _is_of_the_look(value: str, looked_at: str) -> bool:
    """Tell whether a number is the moment in which the page was made for us."""
    epoch = _EPOCH.fullmatch(value)
    if not epoch or not looked_at:
        return False
    return abs(int(epoch[1]) - datetime.fromisoformat(looked_at).timestamp()) <= _MOST_SECONDS
