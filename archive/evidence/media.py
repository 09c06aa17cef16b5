"""Pictures and files: what bytes are, whatever the server called them."""

import warnings
from dataclasses import dataclass
from io import BytesIO

PICTURES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/bmp": "bmp",
    "image/avif": "avif",
}
"""Type → file extension of the pictures that a browser shows and that can hold no script."""
_FILES = (
    (b"%PDF-", "application/pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),  # doc, xls, ppt, wps
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"PK\x03\x04", "application/zip"),  # docx, xlsx, pptx, ofd too
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"FLV\x01", "video/x-flv"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"OggS", "application/ogg"),
)
"""First bytes → type, of the files that articles offer."""


@dataclass(frozen=True, slots=True)
class MediaKind:
    """What a file is."""

    mime: str
    width: int | None = None
    """Pixels, of pictures."""
    height: int | None = None


def sniff(body: bytes) -> MediaKind | None:
    """Tell what bytes are; None for what is no picture or file of a known kind, such as an error page."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # of odd metadata, and of very large pictures: only the size is read
            with Image.open(BytesIO(body)) as picture:
                mime = picture.get_format_mimetype() or "application/octet-stream"
                return MediaKind(mime, *picture.size)
    except UnidentifiedImageError:
        pass
    except Exception:  # Pillow raises whatever a broken file makes it stumble over
        return None
    for beginning, mime in _FILES:
        if body.startswith(beginning):
            return MediaKind(mime)
    if body[4:8] == b"ftyp":
        return MediaKind("video/mp4")
    if b"<svg" in body[:1000]:
        return MediaKind("image/svg+xml")
    return None
