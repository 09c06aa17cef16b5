"""Files of the sample site made in code: placeholder pictures (PNG) and an attachment (PDF)."""

from io import BytesIO
from random import Random
from time import gmtime

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 480, 320

_SKIES = ((168, 206, 230), (244, 214, 178), (198, 212, 214), (230, 220, 200))
_HILLS = ((86, 128, 92), (108, 140, 84), (70, 110, 120), (124, 118, 84))
_FIELDS = ((196, 164, 78), (222, 140, 52), (132, 168, 84), (176, 150, 110))
_A4 = (595, 842)
"""Width and height in points of 1/72 inch."""


def picture(seed: str) -> bytes:
    """Return a PNG of ``WIDTH`` × ``HEIGHT`` pixels, sky over a hill over a field; same seed, same bytes."""
    random = Random(seed)
    colours = [random.choice(_SKIES), random.choice(_HILLS), random.choice(_FIELDS)]
    top, shore = random.randrange(90, 160), random.randrange(210, 260)
    peak, width = random.randrange(80, 400), random.randrange(120, 260)
    image = Image.new("P", (WIDTH, HEIGHT), 0)
    image.putpalette([value for colour in colours for value in colour])
    draw = ImageDraw.Draw(image)
    draw.polygon([(peak, top), (peak - width, shore), (peak + width, shore)], fill=1)
    draw.rectangle([(0, shore), (WIDTH, HEIGHT)], fill=2)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def attachment(text: str) -> bytes:
    """Return a PDF of one page with a picture of one line of text; same text, same bytes."""
    page = Image.new("1", _A4, 1)
    ImageDraw.Draw(page).text((72, 108), text, fill=0)
    file, made = BytesIO(), gmtime(0)  # no time of day: the same site every time
    page.save(file, "PDF", resolution=72, title=text, creationDate=made, modDate=made)
    return file.getvalue()
