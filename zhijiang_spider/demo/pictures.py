"""Files of the sample site made in code: placeholder pictures (PNG) and an attachment (PDF)."""

import struct
import zlib
from random import Random

WIDTH, HEIGHT = 480, 320

_SKIES = ((168, 206, 230), (244, 214, 178), (198, 212, 214), (230, 220, 200))
_HILLS = ((86, 128, 92), (108, 140, 84), (70, 110, 120), (124, 118, 84))
_FIELDS = ((196, 164, 78), (222, 140, 52), (132, 168, 84), (176, 150, 110))


def picture(seed: str) -> bytes:
    """Return a PNG of ``WIDTH`` × ``HEIGHT`` pixels, sky over a hill over a field; same seed, same bytes."""
    random = Random(seed)
    palette = [random.choice(_SKIES), random.choice(_HILLS), random.choice(_FIELDS)]
    top, shore = random.randrange(90, 160), random.randrange(210, 260)
    peak, width = random.randrange(80, 400), random.randrange(120, 260)
    rows = []
    for y in range(HEIGHT):
        if y >= shore:
            row = b"\x02" * WIDTH
        else:
            half = max(0, (y - top) * width // (shore - top))
            left, right = max(0, peak - half), min(WIDTH, peak + half)
            row = b"\x00" * left + b"\x01" * (right - left) + b"\x00" * (WIDTH - right)
        rows.append(b"\x00" + row)  # the first byte of a row says how it is filtered: not at all
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)  # 8 bits a pixel, colours from a palette
    chunks = (
        (b"IHDR", header),
        (b"PLTE", bytes(value for colour in palette for value in colour)),
        (b"IDAT", zlib.compress(b"".join(rows), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def attachment(text: str) -> bytes:
    """Return a PDF of one page with one line of ASCII text."""
    content = f"BT /F1 18 Tf 72 720 Td ({text}) Tj ET".encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    pdf, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return pdf + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(pdf))
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
