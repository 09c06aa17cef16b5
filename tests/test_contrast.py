"""Every text of the reading room and of the reading copy stands out from its ground: 7 to 1, as WCAG's AAA has it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "archive"
STYLES = (ROOT / "room" / "static" / "style.css", ROOT / "export" / "site_files" / "style.css")
TEXTS = ("ink", "soft", "link", "visited")
GROUNDS = ("ground", "paper")
MARKED = ("mark", "ins", "del")


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def pairs(colours: dict[str, str]) -> list[tuple[str, str]]:
    found = [(text, ground) for text in TEXTS for ground in GROUNDS]
    found += [(f"{name}-ink", name) for name in MARKED]
    return [(text, ground) for text, ground in found if text in colours and ground in colours]


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.parent.name)
def test_texts_stand_out_by_day_and_by_night(style: Path) -> None:
    blocks = re.findall(r":root \{(.*?)\}", style.read_text("utf-8"), re.DOTALL)
    assert len(blocks) >= 2
    for block in blocks[:2]:
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", block))
        assert len(pairs(colours)) >= 3
        for text, ground in pairs(colours):
            found = contrast(colours[text], colours[ground])
            assert found >= 7, f"{text} on {ground}: {found:.2f}"
