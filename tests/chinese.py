"""What a Chinese screen says in English: nothing but names, code, addresses, what is archived, and what is marked so."""

import re

from lxml import html

ENGLISH = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[,:;.]? +[A-Za-z][A-Za-z'’-]*){2,}")
"""Three English words in a row: a sentence."""
_OTHERS = (
    "code, pre, kbd, samp, script, style, [lang=en], .news h1, .news .kicker, .news .subtitle, .news .body"
)
"""What is no sentence of the program: code, originals that are marked as such, articles."""
_SAID_TO_READERS = ("alt", "title", "aria-label", "placeholder")


def english_of(text: str) -> list[str]:
    """Return what a text says in English outside “…”, in which originals stand."""
    return ENGLISH.findall(re.sub("“[^”]*”", "“”", text))


def english_on(page: str) -> list[str]:
    """Return what a page tells its readers in English, in texts and in the names of its parts."""
    root = html.fromstring(page)
    for element in root.cssselect(_OTHERS):
        element.drop_tree()
    texts = [*root.itertext(), *(value for name in _SAID_TO_READERS for value in root.xpath(f"//@{name}"))]
    return [found for text in texts for found in english_of(text)]
