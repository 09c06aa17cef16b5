"""Cuts a line of credits into labels, words, separators and brackets; tells names from organisations.

Comparisons are made on a *plain* copy of equal length (half width, simplified, one character for each
family of separators); every value is cut from the text as printed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.model.article import Role
from zhijiang_spider.text.characters import INVISIBLE, plain_copy
from zhijiang_spider.text.names import (
    NOT_IN_OUTLETS,
    SURNAMES,
    is_org,
    is_short_outlet,
    name_after_org,
    name_before_outlet,
    split_names,
)
from zhijiang_spider.vocabulary import alternation, any_of, words
from zhijiang_spider.vocabulary.roles import POSTFIX, ROLES, SINGLE, SOURCES, TITLES

MAX_LINE = 600
"""Characters: a longer paragraph is never a line of credits, and no more of its end is looked at."""


class Line:
    """A text as printed and its plain copy.

    ``clean`` is the text without invisible characters; ``plain`` has its length, for comparing.
    """

    __slots__ = ("clean", "more", "plain", "printed")

    def __init__(self, printed: str) -> None:
        self.printed = printed
        self.clean = INVISIBLE.sub("", printed)
        self.plain = plain_copy(self.clean)
        self.more = False
        """Whether something was blanked in ``clean`` that says more than a credit."""

    def span(self, start: int, end: int) -> str:
        """Give back ``clean[start:end]`` as printed, invisible characters included."""
        if len(self.clean) == len(self.printed):
            return self.printed[start:end].strip()
        at = [i for i, char in enumerate(self.printed) if not INVISIBLE.match(char)]
        return self.printed[at[start] : at[end - 1] + 1].strip() if start < end else ""


@dataclass(slots=True)
class Token:
    """A piece of a line, by its place in the text."""

    kind: str
    """``label``, ``field`` (a label that is no credit), ``word``, ``latin``, ``num``, ``mark``, ``text``
    (punctuation of prose), or the separator itself: ``: | / , ; ( )`` and newline."""
    start: int
    end: int
    gap: bool = False
    """Whether space stands before it."""
    role: Role = Role.UNLABELLED
    title: bool = False
    postfix: bool = False


_HAN = r"\u3400-\u9fff〇々·•‧・\U00020000-\U0003ffff"
_TOKEN = re.compile(
    rf"(?P<num>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{{0,6}}\.? {{1,2}}\d{{1,2}}, {{0,2}}\d{{4}}|https?://[!-~]{{1,300}}|\d[\d.:/年月日时分秒-]*(?<![:/])|[\w.+-]{{1,40}}@[\w.-]{{1,40}})"
    r"|(?P<latin>[A-Za-zÀ-ɏ_][A-Za-zÀ-ɏ0-9_.'’-]*)"
    rf"|(?P<word>《[^《》\n]{{1,24}}》|“[^“”。!?\n]{{1,16}}”|[{_HAN}]+)"
    r"|(?P<space> +)"
    r"|(?P<sep>[:|/,;()\n])"
    r"|(?P<mark>[□■●◎◆▲△▶►※★☆○◇▼*#@©+&—–=~-])"
    r"|(?P<text>.)",
    re.DOTALL,
)


def _any_of(*groups: str) -> str:
    return any_of(*groups, traditional=False)  # a plain copy is simplified


_LATIN_FIELDS = frozenset(words("credits.latin_fields"))
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
_FIELDS = ("credits.fields", *_PAGE_GROUPS)
"""Labels that are not credits."""
_OWN = _any_of("credits.own")
_MODIFIER = _any_of("credits.modifiers", "credits.all_media")
_TITLE = re.compile(
    rf"{_OWN}?{_MODIFIER}{{0,3}}(?:驻[{_HAN}]{{1,8}}?)?{_MODIFIER}{{0,2}}{_any_of('credits.titles')}"
)
_WORDS = [word for word in ROLES if word not in SINGLE and word not in TITLES]
_LABEL = re.compile(
    rf"{_any_of('credits.edit_modifiers', 'credits.own')}{{0,2}}{alternation(_WORDS, traditional=False)}"
)
_FIELD = re.compile(_any_of(*_FIELDS))
_SPACED = re.compile(rf"{alternation((*TITLES, *_WORDS), between=' {1,4}', traditional=False)}(?![{_HAN}])")
_MEDIUM = _any_of("credits.media")
_COMPOSITE = re.compile(
    rf"(?P<first>{_MEDIUM})(?: ?[/,&+并] ?(?!(?P=first)(?![{_HAN}])){_MEDIUM}){{1,3}}(?![{_HAN}])"
)
"""文/图, 图、文, 文/图/视频: one label with its own slash."""
_PREAMBLE = re.compile(
    rf"{_any_of('credits.pictures_of')}?{_any_of('credits.pictures')}{_any_of('credits.except')}?,?"
    rf"(?:{_any_of('credits.all')}[由为系]|由)"
)
"""本版图片均由: words before a credit that say only that it is one."""


def scan(plain: str, start: int, end: int) -> list[Token]:
    """Cut ``plain[start:end]`` into tokens."""
    tokens: list[Token] = []
    gap = False
    pos = start
    while pos < end:
        if not tokens or tokens[-1].kind in ("(", "\n", "mark"):
            preamble = _PREAMBLE.match(plain, pos, end)
            pos = preamble.end() if preamble else pos
        special = _special_label(plain, pos, end)
        if special:
            special.gap = gap
            tokens.append(special)
            pos, gap = special.end, False
            continue
        match = _TOKEN.match(plain, pos, end)
        if match is None:  # the preamble was all
            break
        if match.lastgroup == "space":
            pos, gap = match.end(), True
            continue
        new = _tokens_of(plain, match, end, tokens)
        pos = new[-1].end
        if tokens and not gap and _continues(plain, tokens[-1], new[0]):
            new[0].start = tokens.pop().start
        new[0].gap = gap
        gap = False
        tokens += new
    return tokens


def _tokens_of(plain: str, match: re.Match[str], end: int, before: list[Token]) -> list[Token]:
    """Give the tokens of one match: several for a run of Chinese characters, one for anything else."""
    kind = match.lastgroup or "text"
    if kind == "word":
        return _run_and_composite(plain, match.start(), match.end(), end, before)
    if kind == "latin" and match.group().lower() in _LATIN_FIELDS:
        kind = "field"
    elif kind == "sep":
        kind = match.group()
    return [Token(kind, *match.span())]


def _run_and_composite(plain: str, start: int, stop: int, end: int, before: list[Token]) -> list[Token]:
    """Cut a run whose last character may begin a pair with its own slash: ``某某某文/图``."""
    opens = plain[stop - 1] in "文图摄" and stop - start > 1
    composite = _COMPOSITE.match(plain, stop - 1, end) if opens else None
    if composite is None:
        return _split_run(plain, start, stop, before)
    return [*_split_run(plain, start, stop - 1, before), label_token(plain, *composite.span())]


def _continues(plain: str, last: Token, token: Token) -> bool:
    """Tell whether a token goes on with the one it is glued to: ``H5制作``, ``《某某》杂志``."""
    if token.kind == "label":
        return last.kind == "latin"
    return token.kind == last.kind == "word" and plain[last.end - 1] == "》"


def _special_label(plain: str, pos: int, end: int) -> Token | None:
    """Match a padded label (``记 者``) or a pair with its own slash (``文/图``)."""
    match = _COMPOSITE.match(plain, pos, end)
    if match is None:
        match = _SPACED.match(plain, pos, end)
        if match is None:
            return None
    return label_token(plain, match.start(), match.end())


def label_token(plain: str, start: int, end: int) -> Token:
    """Make the token of a label that is in the table, alone or composed."""
    word = plain[start:end].replace(" ", "")
    if _COMPOSITE.fullmatch(word):
        return Token("label", start, end, role=Role.TEXT_AND_PICTURES, postfix=True)
    known = next(word[i:] for i in range(len(word)) if word[i:] in ROLES)
    role = ROLES[known]
    if known == "记者":  # 特约全媒体记者, 本报摄影记者
        role = next((role for kind, role in _REPORTERS.items() if kind in word), role)
    return Token("label", start, end, role=role, title=known in TITLES, postfix=word in POSTFIX)


_REPORTERS = {title[:2]: ROLES[title] for title in TITLES if title.endswith("记者") and len(title) == 4}


def _split_run(plain: str, start: int, end: int, before: list[Token]) -> list[Token]:
    """Cut a run of Chinese characters into labels and the words between them."""
    follow = plain[end : end + 4].lstrip(" ")[:1]
    labelled = any(token.kind == "label" for token in before[-4:])
    tokens: list[Token] = []
    pos = start
    for token in _plausible(plain, start, end):
        i, j = token.start, token.end
        left = plain[pos:i]
        closes = j == end and follow in (":", "|", "/")
        if not _follows(token, left, at_end=j == end, closes=closes, chained=bool(tokens), labelled=labelled):
            continue
        if left and token.title:
            token = _past_modifier(plain, token, left)
        elif left and not tokens and closes and _is_modifier(token, left, before):
            token.start = pos  # 党建编辑：某某
        tokens += _left_of(plain, pos, token, tokens, before)
        tokens.append(token)
        pos = j
    if pos < end:
        tokens += _piece(plain, pos, end, tokens or before, last=True)
    return tokens


def _past_modifier(plain: str, title: Token, left: str) -> Token:
    """Give a title without the word that belongs to its outlet: 某县融媒体记者, 某县 is no outlet by itself."""
    modifier = _MEDIA.match(plain, title.start, title.end) if len(left) <= 3 else None
    if modifier is None or is_org(left) or is_short_outlet(left) or split_names(left):
        return title
    return label_token(plain, modifier.end(), title.end)


def _left_of(plain: str, start: int, label: Token, tokens: list[Token], before: list[Token]) -> list[Token]:
    """Cut what stands in a run between its last label and the next."""
    name = name_before_outlet(plain[start : label.start]) if label.title and tokens else 0
    cut = [Token("word", start, start + name)] if name else []
    if start + name < label.start:
        cut += _piece(plain, start + name, label.start, [*tokens, *cut] or before, last=False)
    return cut


_MEDIA = re.compile(_any_of("credits.all_media"))


def _candidates(plain: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Give the places where a known label may stand, the longest at each place, none overlapping."""
    pos = start
    while pos < end:
        best, is_field = pos, False
        if plain[pos] in _FIRST:
            for pattern in (_TITLE, _LABEL, _FIELD):
                match = pattern.match(plain, pos, end)
                if match and match.end() > best:
                    best, is_field = match.end(), pattern is _FIELD
        if best > pos:
            yield pos, best, is_field
            pos = best
        else:
            pos += 1


_FIRST = frozenset("驻").union(
    word[0]
    for word in (
        *ROLES,
        *words(*_FIELDS, "credits.own", "credits.modifiers", "credits.all_media", "credits.edit_modifiers"),
    )
)


def _is_modifier(token: Token, word: str, before: list[Token]) -> bool:
    """Tell whether a word glued before a label is part of it, not the value of the label before that.

    ``党建编辑：``, ``联系邮箱：`` but ``来源：某网作者：`` and ``编辑：张某某审核：``.
    """
    if token.postfix or len(word) > 4 or is_org(word):
        return False
    if len(before) > 1 and before[-1].kind in ":|/" and before[-2].kind in ("label", "field"):
        return False
    return split_names(word) is None or all(token.kind != "label" for token in before[-12:])


def _plausible(plain: str, start: int, end: int) -> list[Token]:
    """Give the candidates that nothing but names or another label is glued to on the right."""
    found: list[Token] = []
    limit = end
    for i, j, is_field in reversed(list(_candidates(plain, start, end))):
        right = plain[j:limit]
        token = Token("field", i, j) if is_field else label_token(plain, i, j)
        next_title = token.title and bool(found) and found[-1].title
        if not right or (
            not is_field
            and (
                right in SINGLE
                or _glued_names(right)
                or _glued_value(token, plain, limit)
                or (next_title and (name_before_outlet(right) > 0 or _between_titles(right)))
            )
        ):
            found.append(token)
            limit = i
    return found[::-1]


def _between_titles(text: str) -> bool:
    """Tell whether what stands between two titles is a name with a surname that no list has: 记者占豪通讯员某某."""
    return 2 <= len(text) <= 3 and not is_org(text) and not any(char in NOT_IN_OUTLETS for char in text)


def _follows(token: Token, left: str, *, at_end: bool, closes: bool, chained: bool, labelled: bool) -> bool:
    """Decide whether a label may stand behind what is glued to it on the left.

    ``closes``: the run ends with it and a separator follows; ``chained``: a label stands before ``left``
    in the same run, ``labelled``: in a run before.
    """
    if not left or token.title or (at_end and closes):
        return token.kind == "label" or at_end
    names = split_names(left) is not None
    if token.kind == "field":
        return names and at_end and (chained or labelled)
    if at_end and token.postfix:
        return names or _may_sign(left)
    return chained and names


def _may_sign(left: str) -> bool:
    """Tell whether a word that is no listed name may stand before 摄 or 供图; not 资料由某局提供, which is text."""
    outlet = is_org(left) and not any(char in NOT_IN_OUTLETS for char in left)
    return outlet or len(left) <= 3 or name_after_org(left) > 0


def _glued_value(token: Token, plain: str, end: int) -> bool:
    """Tell whether an outlet follows a source (来源某报) or a padded name any label (记者李 明)."""
    right = plain[token.end : end]
    if len(right) == 1:
        return right in SURNAMES and _GIVEN.match(plain, end) is not None
    return token.role in SOURCES and is_org(right)


_GIVEN = re.compile(rf" {{1,3}}[{_HAN}](?![{_HAN}])")


def _glued_names(text: str) -> bool:
    return split_names(text) is not None or (text[-1] in SINGLE and split_names(text[:-1]) is not None)


def _piece(plain: str, start: int, end: int, before: list[Token], *, last: bool) -> list[Token]:
    """Cut a run without long labels: those of one character stand at its ends."""
    text = plain[start:end]
    if text in SINGLE:
        goes_on = plain[start - 1] == " " and _is_padded(plain, before)
        return [Token("word", start, end) if goes_on else label_token(plain, start, end)]
    if _ends_with_label(plain, end, text, before, last=last):
        return [Token("word", start, end - 1), label_token(plain, end - 1, end)]
    if _starts_with_label(text, before):
        return [label_token(plain, start, start + 1), Token("word", start + 1, end)]
    return [Token("word", start, end)]


def _is_padded(plain: str, before: list[Token]) -> bool:
    """Tell whether a lone surname stands last, whose name goes on: 记者 张 文."""
    lone = [token.end - token.start == 1 and token.kind == "word" for token in before[-2:]]
    return lone[-1:] == [True] and lone != [True, True] and plain[before[-1].start] in SURNAMES


def _ends_with_label(plain: str, end: int, text: str, before: list[Token], *, last: bool) -> bool:
    """某某某摄, 某某某文; but not 某某学校."""
    if text[-1] == "摄":
        return True
    if not last or text[-1] not in SINGLE or is_org(text) or text.endswith(_NO_LABELS):
        return False
    return split_names(text[:-1]) == [3] or _opens_value(plain, end, text[:-1], before)


def _starts_with_label(text: str, before: list[Token]) -> bool:
    """文某某某, where a line, a bracket or a bullet opens; but not 文某某, who may be called so."""
    opens = not before or before[-1].kind in ("(", "\n", "mark")
    if not opens or text[0] not in SINGLE or (len(text) <= 3 and text[0] in SURNAMES):
        return False
    return bool(split_names(text[1:])) and not is_org(text)


_NO_LABELS = words("credits.ends_of_words")
"""Words that end with a label of one character."""


def _opens_value(plain: str, end: int, left: str, before: list[Token]) -> bool:
    """Tell whether the last character of a label's value is the next label: ``摄像：某某文：某某某``."""
    valued = len(before) > 1 and before[-1].kind in ":|" and before[-2].kind == "label"
    if not valued or plain[end : end + 1] not in (":", "|") or not split_names(left):
        return False
    return not any(pattern.match(plain, end + 1) for pattern in (_TITLE, _LABEL, _COMPOSITE, _SINGLE_LABEL))


_SINGLE_LABEL = re.compile(f"[{''.join(sorted(SINGLE))}] ?[:|/]")
