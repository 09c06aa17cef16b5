"""Cuts a run of Chinese characters into labels and the words between them: 记者某某某通讯员某某, 某某某摄."""

import re
from collections.abc import Iterator

from zhijiang_spider.credits.labels import COMPOSITE, FIELD, FIELDS, HAN, LABEL, TITLE, Token, label_token
from zhijiang_spider.text.names import (
    COMPOUND_SURNAMES,
    NOT_IN_OUTLETS,
    SURNAMES,
    is_org,
    is_short_outlet,
    is_transcribed,
    name_after_org,
    name_before_outlet,
    split_names,
)
from zhijiang_spider.vocabulary import any_of, words
from zhijiang_spider.vocabulary.roles import ROLES, SINGLE, SOURCES


def _any_of(*groups: str) -> str:
    return any_of(*groups, traditional=False)  # a plain copy is simplified


def split_run(plain: str, start: int, end: int, before: list[Token]) -> list[Token]:
    """Cut a run of Chinese characters into labels and the words between them."""
    follow = plain[end : end + 4].lstrip(" ")[:1]
    labelled = any(token.kind == "label" for token in before[-4:])
    tokens: list[Token] = []
    pos = start
    plausible = _plausible(plain, start, end)
    if plausible and _is_given(plain, start, plausible[0].start, before):  # 某 某审核
        pos = plausible[0].start
        tokens.append(Token("word", start, pos))
    for token in plausible:
        i, j = token.start, token.end
        left = plain[pos:i]
        closes = j == end and follow in (":", "|", "/")
        if not _follows(token, left, at_end=j == end, closes=closes, chained=bool(tokens), labelled=labelled):
            continue
        if left and token.title:
            token = _past_modifier(plain, token, left, opens=not (tokens or labelled))
        elif left and not tokens and closes and _is_modifier(token, left, before):
            token.start = pos  # 党建编辑：某某
        tokens += _left_of(plain, pos, token, tokens, before)
        tokens.append(token)
        pos = j
    if pos < end:
        lone = end - 1 if _opens_padded(plain, pos, end) else end
        tokens += _piece(plain, pos, lone, tokens or before, last=True)
        if lone < end:
            tokens.append(Token("word", lone, end, gap=True))
    return tokens


def _is_given(plain: str, start: int, end: int, before: list[Token]) -> bool:
    """Tell whether the beginning of a run completes the padded name whose surname is the word before it."""
    text = plain[start:end]
    if not 0 < len(text) < 3 or plain[start - 1 : start] != " " or not (before and _is_lone(plain, before)):
        return False
    return len(text) == 1 or (split_names(text) is None and not is_org(text))


def _is_lone(plain: str, before: list[Token]) -> bool:
    """Tell whether the last word is a surname, or the second of three characters with blanks between them."""
    for token in reversed(before[-2:]):
        word = plain[token.start : token.end]
        if token.kind != "word" or not (len(word) == 1 or word in COMPOUND_SURNAMES):
            return False
        if word in SURNAMES or word in COMPOUND_SURNAMES:
            return True
    return False


def _past_modifier(plain: str, title: Token, left: str, *, opens: bool) -> Token:
    """Give a title without the word that belongs to its outlet: 某县融媒体记者, 某县 is no outlet by itself."""
    modifier = _MEDIA.match(plain, title.start, title.end) if len(left) <= 3 else None
    named = split_names(left) is not None and not opens
    if modifier is None or is_org(left) or is_short_outlet(left) or named:
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
    while first := _FIRST.search(plain, pos, end):
        pos = best = first.start()
        is_field = False
        for pattern in (TITLE, LABEL, FIELD):
            match = pattern.match(plain, pos, end)
            if match and match.end() > best:
                best, is_field = match.end(), pattern is FIELD
        if best > pos:
            yield pos, best, is_field
        pos = max(best, pos + 1)


_BEFORE_LABELS = ("credits.own", "credits.modifiers", "credits.all_media", "credits.edit_modifiers")
_FIRST = re.compile(
    f"[驻{''.join(sorted({re.escape(word[0]) for word in (*ROLES, *words(*FIELDS, *_BEFORE_LABELS))}))}]"
)
"""The first character of a label."""


def _is_modifier(token: Token, word: str, before: list[Token]) -> bool:
    """Tell whether a word glued before a label is part of it, not the value of the label before that.

    ``党建编辑：``, ``联系邮箱：`` but ``来源：某网作者：`` and ``编辑：张某某审核：``.
    """
    names = split_names(word) is not None
    if (token.postfix and (names or token.end - token.start == 1)) or len(word) > 4 or is_org(word):
        return False
    if len(before) > 1 and before[-1].kind in ":|/" and before[-2].kind in ("label", "field"):
        return False
    return not names or all(token.kind != "label" for token in before[-12:])


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
                or (
                    token.title
                    and (is_transcribed(right) or (right[-1] == "摄" and is_transcribed(right[:-1])))
                )
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
    return names and (chained or (at_end and labelled and token.role not in SOURCES))


def _may_sign(left: str) -> bool:
    """Tell whether a word that is no listed name may stand before 摄 or 供图; not 资料由某局提供, which is text."""
    outlet = is_org(left) and not any(char in NOT_IN_OUTLETS for char in left)
    return outlet or len(left) <= 3 or name_after_org(left) > 0


def _glued_value(token: Token, plain: str, end: int) -> bool:
    """Tell whether an outlet follows a source (来源某报) or a padded name any label (记者李 明)."""
    right = plain[token.end : end]
    if len(right) == 1:
        return right in SURNAMES and _GIVEN.match(plain, end) is not None
    return (token.role in SOURCES and is_org(right)) or _opens_padded(plain, token.end, end)


def _opens_padded(plain: str, start: int, end: int) -> bool:
    """Tell whether a padded name begins with the last character: 县税务局某 某, 某某某某 某."""
    if end - start < 3 or plain[end - 1] not in SURNAMES or not (given := _GIVEN.match(plain, end)):
        return False
    if is_org(plain[start : end - 1]):
        return True
    names = split_names(plain[start : end - 1]) is not None
    return names and not _OTHER_HALF.match(plain, given.end())  # 某某某 某 某


_OTHER_HALF = re.compile(rf" {{1,3}}[{HAN}](?:(?![{HAN}])|(?={TITLE.pattern}|{LABEL.pattern}))")
"""The other half of a padded name."""
_GIVEN = re.compile(rf"(?! {{1,3}}[{''.join(sorted(SINGLE))}]){_OTHER_HALF.pattern}")
"""The same, where it is no label of one character."""


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
    given = _is_given(plain, end - 1 - len(left), end - 1, before)
    before = before[:-1] if given else before
    valued = len(before) > 1 and before[-1].kind in ":|" and before[-2].kind == "label"
    if not valued or plain[end : end + 1] not in (":", "|") or not (given or split_names(left)):
        return False
    return not any(pattern.match(plain, end + 1) for pattern in (TITLE, LABEL, COMPOSITE, _SINGLE_LABEL))


_SINGLE_LABEL = re.compile(f"[{''.join(sorted(SINGLE))}] ?[:|/]")
