"""Cuts a line of credits into labels, words, separators and brackets.

Comparisons are made on a *plain* copy of equal length (half width, simplified, one character for each
family of separators); every value is cut from the text as printed.
"""

import re
from dataclasses import replace
from unicodedata import category

from zhijiang_spider.credits.labels import COMPOSITE, HAN, LONG_LABELS, Token, label_token
from zhijiang_spider.credits.runs import split_run
from zhijiang_spider.text.characters import INVISIBLE, plain_copy
from zhijiang_spider.text.english import MONTH
from zhijiang_spider.text.names import DOTS, TRANSCRIBED, split_names
from zhijiang_spider.vocabulary import alternation, any_of, words
from zhijiang_spider.vocabulary.roles import ROLES, SINGLE, TITLES

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


_TOKEN = re.compile(
    rf"(?P<num>{MONTH}\.? {{1,2}}\d{{1,2}}, {{0,2}}\d{{4}}|https?://[!-~]{{1,300}}|\d[\d.:/年月日时分秒-]*(?<![:/])|[\w.+-]{{1,40}}+@[\w.-]{{1,40}})"
    r"|(?P<latin>[A-Za-zÀ-ɏ_][A-Za-zÀ-ɏ0-9_.'’-]*)"
    rf"|(?P<word>《[^《》\n]{{1,24}}》|“[^“”。!?\n]{{1,16}}”|[{HAN}]+)"
    r"|(?P<space> +)"
    r"|(?P<phone>[☎☏✆✉📞📱📧])"
    r"|(?P<sep>[:|/,;()\n])"
    r"|(?P<mark>[□■●◎◆▲△▶►※★☆○◇▼*#@©+&—–=~-])"
    r"|(?P<text>.)",
    re.DOTALL,
)


def _any_of(*groups: str) -> str:
    return any_of(*groups, traditional=False)  # a plain copy is simplified


_LATIN_FIELDS = frozenset(words("credits.latin_fields"))
_SPACED = re.compile(
    rf"{alternation((*TITLES, *LONG_LABELS), between=' {1,4}', traditional=False)}(?![{HAN}])"
)
_OPENS_LABEL = frozenset(word[0] for word in (*words("credits.media"), *TITLES, *LONG_LABELS))
"""First characters of what ``_special_label`` matches."""
_PREAMBLE = re.compile(
    rf"{_any_of('credits.pictures_of')}?{_any_of('credits.pictures')}{_any_of('credits.except')}?,?"
    rf"(?:{_any_of('credits.all')}[由为系]|由)"
)
"""本版图片均由: words before a credit that say only that it is one."""


_IN_LABELS = tuple(
    map(
        re.compile,
        (
            alternation((*LONG_LABELS, *TITLES, *words("credits.teams")), traditional=False),
            COMPOSITE.pattern,
            _SPACED.pattern,
            _PREAMBLE.pattern,
            rf"(?<![{HAN},。])[{''.join(sorted(SINGLE))}]",
            rf"[{''.join(sorted(SINGLE))}](?=[{HAN}]?(?![{HAN}]))",
        ),
    )
)
"""One of these is found in whatever holds a label of the table.  What may stand before a label would be tried at each
character, as would one pattern of all of them: apart, ``re`` goes from one possible beginning to the next."""


def may_have_label(plain: str, start: int, end: int) -> bool:
    """Tell whether a label of the table may stand in ``plain[start:end]``; English ones stand in texts without Chinese."""
    found = plain[start : start + 1] in SINGLE or any(part.search(plain, start, end) for part in _IN_LABELS)
    return found or not _CHINESE.search(plain, start, end)


_CHINESE = re.compile("[\u3400-\u9fff]")


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
        if tokens and (_goes_on_at_dot if gap else _continues)(plain, tokens[-1], new[0]):
            new[0].start, gap = tokens[-1].start, tokens.pop().gap
        new[0].gap = gap
        gap = False
        tokens += new
    return tokens


def _tokens_of(plain: str, match: re.Match[str], end: int, before: list[Token]) -> list[Token]:
    """Give the tokens of one match: several for a run of Chinese characters, one for anything else."""
    kind = match.lastgroup or "text"
    if kind == "word":
        return _run_and_composite(plain, match.start(), match.end(), end, before)
    if (kind == "latin" and match.group().lower() in _LATIN_FIELDS) or kind == "phone":
        kind = "field"
    elif kind == "sep":
        kind = match.group()
    elif kind == "text" and category(match.group()) == "So":
        kind = "symbol"
    return [Token(kind, *match.span())]


def _run_and_composite(plain: str, start: int, stop: int, end: int, before: list[Token]) -> list[Token]:
    """Cut a run whose last character may begin a pair with its own slash: ``某某某文/图``."""
    label = plain[stop - 2 : stop] in ROLES  # 撰文、摄影
    opens = plain[stop - 1] in "文图摄" and stop - start > 1 and not label
    composite = COMPOSITE.match(plain, stop - 1, end) if opens else None
    if composite is None:
        return split_run(plain, start, stop, before)
    return [*split_run(plain, start, stop - 1, before), label_token(plain, *composite.span())]


def _continues(plain: str, last: Token, token: Token) -> bool:
    """Tell whether a token goes on with the one it is glued to: ``H5制作``, ``《某某》杂志``."""
    if token.kind == "label":
        return last.kind == "latin"
    return token.kind == last.kind == "word" and plain[last.end - 1] == "》"


def _goes_on_at_dot(plain: str, last: Token, token: Token) -> bool:
    """Tell whether a name goes on behind a blank beside its dot: ``诺敏• 巴雅尔``; two Chinese names do not."""
    if not token.kind == last.kind == "word":
        return False
    if plain[token.start] in DOTS and token.end - token.start == 1:
        return True
    if plain[last.end - 1] not in DOTS and plain[token.start] not in DOTS:
        return False
    parts = plain[last.start : last.end].strip(f" {DOTS}"), plain[token.start : token.end].strip(DOTS)
    return any(TRANSCRIBED.issuperset(part) or split_names(part) is None for part in parts)


def _special_label(plain: str, pos: int, end: int) -> Token | None:
    """Match a padded label (``记 者``) or a pair with its own slash (``文/图``)."""
    if plain[pos : pos + 1] not in _OPENS_LABEL:
        return None
    match = COMPOSITE.match(plain, pos, end)
    if match is None:
        match = _SPACED.match(plain, pos, end)
        if match is None:
            return None
    return label_token(plain, match.start(), match.end())


def _is_nation(line: Line, tokens: list[Token]) -> bool:
    """Tell whether a bracket says from where the writer behind it is: 〔美〕某某·某某."""
    kinds = [token.kind for token in tokens]
    return kinds == ["(", "word", ")", "word"] and line.plain[tokens[1].start : tokens[1].end] in _NATIONS


_NATIONS = frozenset(words("credits.nations"))


def unwrapped(line: Line, tokens: list[Token]) -> list[Token]:
    """Return the tokens with single labels out of their brackets: ``【记者】某某`` and ``某某（摄）``."""
    if all(token.kind != "(" for token in tokens):
        return tokens
    out: list[Token] = []
    opening = [token.kind for token in tokens[:3]]
    label_first = opening in (["(", "label", ")"], ["(", "field", ")"])
    labelled = False
    i = 0
    while i < len(tokens):
        if tokens[i].kind == "(" and _is_nation(line, tokens[i : i + 4]):
            i += 3
            continue
        labelled = labelled or tokens[i].kind == "label"
        token = tokens[i + 1] if [t.kind for t in tokens[i : i + 3]] == ["(", "label", ")"] else None
        if token is None:
            out.append(tokens[i])
            i += 1
            continue
        after_name = bool(out) and out[-1].kind in ("word", "latin") and not label_first
        if not (after_name and token.title and labelled):  # 责编：某某（实习生）
            out.append(replace(token, gap=not after_name, postfix=after_name))
        i += 3
    return out
