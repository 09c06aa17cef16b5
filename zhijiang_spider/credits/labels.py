"""The labels of credits as they stand in a plain text, and the tokens they are read as."""

import re
from dataclasses import dataclass
from functools import lru_cache

from archive.model.article import Role
from zhijiang_spider.vocabulary import alternation, any_of, words
from zhijiang_spider.vocabulary.roles import POSTFIX, ROLES, SINGLE, TITLES


@dataclass(slots=True)
class Token:
    """A piece of a line, by its place in the text."""

    kind: str
    """``label``, ``field`` (a label that is no credit), ``word``, ``latin``, ``num``, ``mark``, ``symbol``, ``text``
    (punctuation of prose), or the separator itself: ``: | / , ; ( )`` and newline."""
    start: int
    end: int
    gap: bool = False
    """Whether space stands before it."""
    role: Role = Role.UNLABELLED
    title: bool = False
    postfix: bool = False
    everyday: bool = False
    """Whether it is a word of any text, too: the names behind it must have known surnames."""


_EVERYDAY = frozenset(words("credits.everyday"))
HAN = r"\u3400-\u9fff〇々·•‧・\U00020000-\U0003ffff"


def _any_of(*groups: str) -> str:
    return any_of(*groups, traditional=False)  # a plain copy is simplified


_PAGE_GROUPS = (
    "header.times",
    "header.times_alone",
    "header.counters",
    "header.tools",
    "header.filing",
    "boilerplate.neighbours",
)
"""Labels of a page's header row and of its buttons."""
PAGE_FIELDS = words(*_PAGE_GROUPS)
FIELDS = ("credits.fields", *_PAGE_GROUPS)
"""Labels that are not credits."""
_OWN = _any_of("credits.own")
_MODIFIER = _any_of("credits.modifiers", "credits.all_media")
TITLE = re.compile(
    rf"{_OWN}?{_MODIFIER}{{0,3}}(?:驻[{HAN}]{{1,8}}?)?{_MODIFIER}{{0,2}}{_any_of('credits.titles')}"
)
LONG_LABELS = [word for word in ROLES if word not in SINGLE and word not in TITLES]
LABEL = re.compile(
    rf"{_any_of('credits.edit_modifiers', 'credits.own')}{{0,2}}{alternation(LONG_LABELS, traditional=False)}"
    r"(?!(?<=报)[道导])"  # 丛海报道: he is no 海报
)
FIELD = re.compile(_any_of(*FIELDS))
_MEDIUM = _any_of("credits.media")
COMPOSITE = re.compile(
    rf"(?P<first>{_MEDIUM})(?: ?[/,&+并] ?(?!(?P=first)(?![{HAN}])){_MEDIUM}){{1,3}}(?![{HAN}])"
)
"""文/图, 图、文, 文/图/视频: one label with its own slash."""


def label_token(plain: str, start: int, end: int) -> Token:
    """Make the token of a label that is in the table, alone or composed."""
    return Token("label", start, end, False, *_meaning(plain[start:end].replace(" ", "")))


@lru_cache(maxsize=512)
def _meaning(word: str) -> tuple[Role, bool, bool, bool]:
    """Return what a label says: its role, and whether it is a title, stands behind names, is an everyday word."""
    if COMPOSITE.fullmatch(word):
        return Role.TEXT_AND_PICTURES, False, True, False
    known = next(word[i:] for i in range(len(word)) if word[i:] in ROLES)
    role = ROLES[known]
    if known == "记者":  # 特约全媒体记者, 本报摄影记者
        role = next((role for kind, role in _REPORTERS.items() if kind in word), role)
    return role, known in TITLES, word in POSTFIX, word in _EVERYDAY


_REPORTERS = {title[:2]: ROLES[title] for title in TITLES if title.endswith("记者") and len(title) == 4}
