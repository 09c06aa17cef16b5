"""The language of the command line: English or Chinese, one of them in a whole run.

Inside, every sentence is English, as it is stored, given to machines and compared: reasons, findings, errors, what a
crawl says of itself (those of a search are Chinese, as its readers are).  A sentence becomes the chosen language where
a person reads it:

- What a command says at once is ``_("{path}: no such file", path=path)`` or ``ngettext``.
- What was said inside, or was stored by an earlier run, is given to ``told``, which knows it again by its words: the
  catalogue has every sentence of the program, with its names and numbers as ``{placeholders}``.
- Help is translated where a command is loaded (``archive.cli.help``), click's own words by gettext's environment.

The catalogues are ``locale/*/LC_MESSAGES/zhijiang.po``; ``python -m tests.catalogue`` brings them up to date.
"""

import gettext as _gettext
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

DOMAIN = "zhijiang"
FOLDER = Path(__file__).parent / "locale"
LANGUAGES = ("zh", "en")
VARIABLE = "ZHIJIANG_LANG"
SENTENCE = "sentence"
"""The context of what is said inside and told later; what a command says itself has none."""
CHOICE = re.compile(r"\{([^{}|]*(?:\|[^{}|]*)+)\}")
"""Words of which one stands in a sentence by its number: ``{is|are}``, ``page{|s}``."""
PLACE = re.compile(r"\{(\w+)[^{}|]*\}")
"""What a sentence is about: ``{path}``, ``{share:.0%}``."""

_chosen = "en"


def language_of(name: str) -> str:
    """Return the language that a name means, however a locale is written: ``zh``, ``ZH``, ``zh_TW.UTF-8``; "" for another."""
    found = re.fullmatch(rf"({'|'.join(LANGUAGES)})(?:[-_.@].*)?", name.strip().lower())
    return found[1] if found else ""


def by_locale(environment: Mapping[str, str]) -> str:
    """Return the language that an environment asks for: Chinese for a Chinese locale, otherwise English."""
    if chosen := language_of(environment.get(VARIABLE, "")):
        return chosen
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def speak(language: str) -> None:
    """Choose the language of this run, click's own words with it."""
    global _chosen
    _chosen = language
    os.environ["LANGUAGE"] = (
        language  # the first place where gettext looks, which click asks for its own words
    )
    _gettext.bindtextdomain(DOMAIN, FOLDER)
    _gettext.textdomain(DOMAIN)


def spoken() -> str:
    """Return the language of this run: ``zh`` or ``en``."""
    return _chosen


def _(message: str, /, **values: object) -> str:
    """Return a message in the chosen language, with values in its places; an error among them is told, too."""
    return _filled(_catalogue(_chosen).gettext(message), values)


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """Return a message in the form that goes with a number; see ``_``."""
    return _filled(_catalogue(_chosen).ngettext(one, many, number), values)


def sentence(message: str, /, **values: object) -> str:
    """Return a sentence inside, English, with values in its places: a command that also gives it to machines says so."""
    return message.format(**values)


def noted(message: str) -> str:
    """Return a message as it is, for the catalogue to have it: ``_`` is given it later."""
    return message


def _filled(message: str, values: Mapping[str, object]) -> str:
    said = {
        name: told(str(value)) if isinstance(value, Exception) else value for name, value in values.items()
    }
    return message.format(**said) if said else message


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, FOLDER, [language], fallback=True)


def told(said: str) -> str:
    """Return what was said inside in the chosen language, as far as the catalogue knows its sentences.

    A sentence may hold others: a reason in brackets, an advice behind it.  Lines, and what ".  ", "; " and ": " join,
    are looked for one by one where the whole is not known.  What is not known stays as it is.
    """
    return told_in(_chosen, said)


def told_in(language: str, said: str) -> str:
    """Return what was said inside in a language, whichever this run speaks: a page has one of its own.  See ``told``."""
    return _in(language, said, 0)


@lru_cache(10_000)
def _in(language: str, said: str, depth: int) -> str:
    """Return a text in a language.  ``depth``: how many sentences hold it."""
    if depth > _DEEPEST or not _FOREIGN[language].search(said):
        return said
    if (whole := _sentence(language, said, depth)) is not None:
        return whole
    if said.startswith(": "):  # what is put behind a sentence
        return _JOINED[language].get(": ", ": ") + _in(language, said[2:], depth + 1)
    if "\n" in said:
        return "\n".join(_in(language, line, depth) for line in said.split("\n"))
    return "".join(_parts(language, said, depth))


def _parts(language: str, said: str, depth: int) -> Iterator[str]:
    """Yield the parts of a text, known sentences in a language: at each place the longest that is known."""
    in_a_row = _IN_A_ROW.match(said) is not None
    joints = [*(_IN_A_ROW if in_a_row else _JOINTS[language]).finditer(said, 1)]
    at = 0
    while at < len(said):
        ahead = [joint for joint in joints if joint.start() > at][:_AHEAD]
        part, at = _longest(language, said, at, ahead, depth)
        yield part


def _longest(
    language: str, said: str, at: int, joints: Sequence[re.Match[str]], depth: int
) -> tuple[str, int]:
    """Return the longest sentence that is known from a place on, with what joins it to the next, and where that begins.

    Where none is known, what stands before the next joint is returned as it is.
    """
    if (rest := _sentence(language, said[at:], depth)) is not None:
        return rest, len(said)
    for joint in reversed(joints):
        between = joint[0]
        if (begin := _sentence(language, said[at : joint.end()], depth)) is not None:
            return begin, joint.end()
        if (found := _sentence(language, said[at : joint.start()], depth)) is not None:
            return found + _JOINED[language].get(between, between), joint.end()
    end = joints[0].end() if joints else len(said)
    return said[at:end], end


def _sentence(language: str, said: str, depth: int) -> str | None:
    """Return a sentence of the catalogue in a language, also where blanks and a full stop are around it."""
    if (found := _known(language, said, depth)) is not None:
        return found
    bare = said.strip().removesuffix(".")
    if bare == said or not bare or (found := _known(language, bare, depth)) is None:
        return None
    return found + ("。" if said.rstrip().endswith(".") and language == "zh" else "")


_DEEPEST, _AHEAD = 12, 16
"""So many sentences in one another, and joints ahead of a place, are looked at: no text makes it long."""
_FOREIGN = {"zh": re.compile("[A-Za-z]{2}"), "en": re.compile("[\u4e00-\u9fff]")}
"""Language → what a text has at least where it is in the other one."""
_JOINTS = {"zh": re.compile(r"(?<=\.)  |; |: | -> |(?<=\)), "), "en": re.compile("，|: ")}
"""Language → what joins sentences in the other one."""
_JOINED = {"zh": {"  ": "", "; ": "；", ", ": "、", ": ": "："}, "en": {"，": ", "}}
"""Language → what joins sentences in the other one → in this one, where it is not the same."""
_IN_A_ROW = re.compile(r"(?=[;,] | +\()")
"""Where what is put behind a sentence begins, several in a row."""


class _Template(NamedTuple):
    """A sentence of the catalogue."""

    message: str
    translation: str
    longest: str
    """Its longest run of fixed text: what has it not is no such sentence."""
    fixed: int
    """Characters of fixed text: of two sentences that fit, the more special one is meant."""


def _known(language: str, said: str, depth: int) -> str | None:
    """Return a sentence of the catalogue in a language; None for one that it does not have."""
    for template in _templates(language):
        if template.longest in said and (found := _pattern(template.message).fullmatch(said)):
            in_words = {
                name: _place(language, name, value, depth) for name, value in found.groupdict().items()
            }
            return PLACE.sub(lambda place: in_words[place[1]], template.translation)  # noqa: B023  at once
    return None


def _place(language: str, name: str, value: str, depth: int) -> str:
    """Return what stands in a place: what another program says, and the catalogue does not know, as its original words."""
    said = _in(language, value, depth + 1)
    is_original = name in _OTHERS_WORDS and said == value and language == "zh" and _WORDS.search(value)
    return f"原文：{value}" if is_original else said


_OTHERS_WORDS = ("error", "msg", "strerror", "splitlines")
"""Places that hold what another program says."""
_WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
"""At least what another program says: one word may be a name."""


@cache
def _templates(language: str) -> tuple[_Template, ...]:
    made = []
    for message, translation in _sentences(language):
        fixed = [text for text in re.split(r"\{[^{}]*\}", message) if text]
        longest = max(fixed, key=len, default="")
        made.append(_Template(message, translation, longest, sum(map(len, fixed))))
    return tuple(sorted(made, key=lambda one: -one.fixed))


def _sentences(language: str) -> Iterator[tuple[str, str]]:
    begin = f"{SENTENCE}\x04"
    catalogue: Mapping[str | tuple[str, int], str] = vars(_catalogue(language)).get("_catalog", {})
    for message, translation in catalogue.items():
        if isinstance(message, str) and message.startswith(begin):
            yield message.removeprefix(begin), translation


@cache
def _pattern(message: str) -> re.Pattern[str]:
    texts = [text for text in re.split(r"(\{[^{}]*\})", message) if text]
    parts, named = [], set()
    for before, text, behind in zip(["", *texts], texts, [*texts[1:], ""], strict=False):
        if choice := CHOICE.fullmatch(text):
            parts.append(f"(?:{'|'.join(map(re.escape, choice[1].split('|')))})")
        elif place := PLACE.fullmatch(text):
            name = place[1]
            parts.append(f"(?P={name})" if name in named else f"(?P<{name}>{_form(name, before, behind)})")
            named.add(name)
        else:
            parts.append(re.escape(text))
    return re.compile("".join(parts), re.DOTALL)


_FORMS = {"number": r"\d[\d,]*", "count": r"\d[\d,]*", "n": r"\d[\d,]*", "quoted": "(?:“.*|nothing)"} | {
    "who": "[^(;]*",
    "within": r"\w+",
    "notes": r"(?:(?!\), (?:credit|image|attachment) ).)*",
}
"""Name of a place → what it holds alone, whatever the sentence."""


def _form(name: str, before: str, behind: str) -> str:
    """Return what a place may hold: by its name a number; a word where another place is right behind it; else anything.

    What stands right behind a full stop is a sentence more or nothing: an address has full stops, too.  What a
    sentence begins with is not the sentence before it.
    """
    if name in _FORMS:
        return _FORMS[name]
    if before.endswith(".") and not behind:
        return r"(?:\s.*)?"
    if not before:
        return r"(?:(?!\.  |; |: |\), ).)*?"
    place = PLACE.fullmatch(behind)
    if place and place[1] != "number" and not name.startswith("more"):
        return r"\S*[^\s,;(]"
    return ".*?"
