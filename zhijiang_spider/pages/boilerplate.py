"""Lines that surround an article: they are the page's, not the article's.

Where such a line counts is for the readers of titles, headers and bodies to say.  The words are in
``vocabulary/boilerplate.toml``; here stands what may be before, between and behind them.
"""

import re
from functools import lru_cache

from zhijiang_spider.pages.live import is_live
from zhijiang_spider.pages.pager_line import is_pager_line
from zhijiang_spider.text.english import is_byline
from zhijiang_spider.vocabulary import alternation, any_of, spellings, words
from zhijiang_spider.vocabulary.roles import ROLES


def _any_of(*groups: str) -> str:
    return any_of(*(f"boilerplate.{group}" for group in groups))


def _firsts_of(*groups: str) -> str:
    """Return what the words of groups begin with, for a class of characters: most lines hold none, and are told by it."""
    words_in = spellings(*(f"boilerplate.{group}" for group in groups))
    return "".join(map(re.escape, sorted({word[0] for word in words_in})))


_HAN = "\u4e00-\u9fff"
_SPACE = r"[\s\u3000]"
_PADDING = r"[\s\u3000]{0,2}"
"""What may stand between the characters of a label: 编　辑."""
_MARKS = r"[\s\u3000【】\[\]（）()<>《》「」|｜丨/·•:：>»›…↓▼▽▲▶►◆■●*#+~—-]{0,9}"

_RELATED_TO = rf"{_any_of('related_to')}(?:(?=[:：])|[{_HAN}]{{2}})"
_STOP_WORDS = _any_of("related", "other_articles", "reactions", "neighbours")
_PERIOD = rf"{_any_of('periods')}(?=\w{{0,4}}{_any_of('rankings')})"
_STOP_FIRST = _firsts_of(
    *("periods", "related_to", "related", "other_articles", "reactions", "neighbours", "more"),
    *("how_many", "counted_by"),
)
"""What such a line begins with, besides figures."""
_STOP = re.compile(
    rf"(?={_MARKS}[\d,，{_STOP_FIRST}])(?:{_MARKS}(?:{_PERIOD})?(?:{_RELATED_TO}|{_STOP_WORDS})"
    rf"(?:{_MARKS}|[\s:：>»→（(…，,]{{1,4}}.{{0,30}}|{_any_of('more')}.{{0,4}}|{_any_of('exchange')}.)"
    rf"|{_MARKS}{_any_of('neighbours')}{_MARKS}.{{0,200}}"
    rf"|{_MARKS}{_any_of('more')}[^，。！？]{{2,12}}{_any_of('more_of')}{_MARKS}"
    rf"|{_any_of('how_many')}?[ \d,，]{{1,9}}{_any_of('counted_by')}{_any_of('counted_comments')}数?)"
)
"""Matches (whole) a line that opens a list of other articles, comments or links: the article is over."""

_COMMENTS = re.compile(_any_of("comments", "neighbours"))

_BUTTONS = rf"{_any_of('buttons')}|{_any_of('forward_to')}\S{{1,6}}|{_any_of('read_on')}[.…]{{0,6}}|\+\d"
_ALONE = (
    rf"{_BUTTONS}|{_any_of('buttons_outside')}"
    rf"|{_any_of('with_figures')}(?: ?\(?[\d.]{{1,9}}万?\)?|\s\d{{0,6}})?"
)
_ARROWS = r"(?:[<>＜＞‹›«»❮❯〈〉←→◀▶][\s\x1f]{0,4}){1,2}"
"""What turns slides."""
_ARROW_LINE = re.compile(_ARROWS)
_BUTTON_LINE = re.compile(rf"{_MARKS}(?:(?:{_BUTTONS}){_MARKS}){{1,9}}|{_ARROWS}")
_ALONE_LINE = re.compile(rf"{_MARKS}(?:(?:{_ALONE}){_MARKS}){{1,9}}|[\s↓↑▼▽△⬇⬆👇👆\ufe0f]{{1,30}}|{_ARROWS}")
_PLAYERS = _any_of("player")
_PLAYER_LINE = re.compile(
    rf"{_MARKS}(?>(?:{_PLAYERS}|{_any_of('player_settings')}"
    rf"|\d{{1,2}}(?::\d{{2}}){{1,2}}|\d(?:\.\d{{1,2}})?[xX]|\d{{1,3}}(?:\.\d{{1,2}})?%)[\s/／|·,.:：>-]{{0,9}}){{1,60}}"
)
_PLAYER_SAYS = re.compile(rf"{_PLAYERS}|\d:\d\d\s?[/／]\s?\d{{1,2}}:\d\d|^0?0:00")
_NO_PLAYER = re.compile(
    rf"[^。！!？?]{{0,12}}浏览器[^。！!？?]{{0,12}}?{_any_of('no_browser')}[^。！!？?]{{0,30}}?{_any_of('no_player')}"
    rf"|your browser does not support.{{0,40}}?{_any_of('no_player')}",
    re.IGNORECASE,
)
"""Matches the line that a player shows a browser which cannot play."""
_COUNT = re.compile(r"[\s\u3000（(【\[]{0,3}\d{1,3}\s?[/／]\s?\d{1,3}[\s\u3000）)】\]张页]{0,3}")
_PUBLISHER = re.compile(rf"{_MARKS}{_any_of('publishers')}[:：]")
_FOLLOW = re.compile(rf"{_MARKS}{_any_of('follow_buttons')}{_MARKS}")
_CODE = re.compile(_any_of("scanned"))
_SCAN = re.compile(_any_of("scanned", "followed"))
_BETWEEN = r"[\s\u3000\x1f|｜丨·×✕✖【】\[\]()（）]"
_ADVERT = re.compile(rf"(?:^|{_BETWEEN}){_any_of('adverts')}(?=$|{_BETWEEN})")
_ADVERT_FIRST = re.compile(f"[{_firsts_of('adverts')}]")
_CLOSE = re.compile(r"[\s\u3000×✕✖xX]{1,5}")
_NOTICES = re.compile(
    rf"{_MARKS}(?:[“\"]?{_any_of('statements')}[:：]|{_any_of('legal')}"
    rf"|[“\"]?{_any_of('contents')}.{{0,120}}{_any_of('not_ours')}"
    rf"|[“\"]?{_any_of('statements_bare')}[:：].{{0,200}}{_any_of('statements_of_platforms')}"
    rf"|[{''.join(words('boilerplate.province_names'))}]?{_any_of('licences')}"
    rf"|{_any_of('publishers')}[:：].{{0,60}}{_any_of('publishers_data')}|{_any_of('support')}[:：]"
    rf"|[^，。！？；]{{2,40}}{_any_of('all_rights')}[\s\u3000.]{{0,3}}(?:$|[^，。！？；]{{0,60}}{_any_of('licences')}))"
)
"""Beginnings of legal and technical notices, of any length up to the limit."""
_APP = rf".{{0,12}}{_any_of('apps')}"
_OPENINGS = re.compile(
    rf"{_MARKS}(?:{_any_of('openings')}|【?{_any_of('type_size')}"
    rf"|{any_of('header.counters', 'boilerplate.labels')}\s?[:：]|T?[Aa]gs?[:：]"
    rf"|{_any_of('already')}\d{{0,9}}人|\d{{1,9}}\s?[条人次]\s?{_any_of('counted_readers')}"
    rf"|{_any_of('without')}.{{0,20}}{_any_of('consent')}|[^。]{{0,16}}{_any_of('rights_statement')}"
    rf"|{_any_of('click')}{_any_of('click_for')}|{_any_of('click_at')}|.{{0,9}}{_any_of('praise')}.{{0,16}}$"
    rf"|{_any_of('app_verbs')}{_APP}|{_any_of('more')}.{{0,10}}(?:{_any_of('please')}|>>)|{_any_of('whole')}$"
    rf"|{_any_of('follow')}.{{0,8}}{_any_of('accounts')}(?:[:：]|$))"
)
"""Beginnings of short lines that stand around articles."""
_APPS = re.compile(rf"{_any_of('all_in')}.{{2,12}}{_any_of('apps')}|{_any_of('app_verbs')}{_APP}")
_EMPTY_LABEL = re.compile(
    rf"[\s\u3000（(【\[]{{0,4}}[{_HAN}](?:{_PADDING}[{_HAN}]){{1,5}}{_SPACE}{{0,4}}[:：][\s\u3000）)】\]]{{0,4}}"
)
_LONGEST_NOTICE = 400
_LONGEST_OPENING = 60
_LONGEST_ADVERT = 120
_RULES = "—–-~～=*"
"""What draws lines around a word."""
_EDGES = " \u3000\x1f|｜丨·×✕✖【】[]()（）"

TRAILING = re.compile(
    rf"\s{{0,2}}(?:{_any_of('back_to')}(?:\S{{0,8}}{any_of('breadcrumb.home')}|\S{{1,6}}，{_any_of('trailing')})|{_any_of('trailing')}"
    rf"|[【\[]{_any_of('trailing_in_brackets')}[】\]])[>》，,]{{0,3}}$"
)
"""Links of the page at the end of a paragraph."""

LEADING = re.compile(rf"(?:\s{{0,3}}[【\[]{_any_of('leading_in_brackets')}[】\]]\s{{0,3}}){{1,4}}")
"""Buttons of the page before the words of a line."""

PLACEHOLDER = re.compile(rf"[\[【(（]?\s?{any_of('captions.placeholders')}\s?[\]】)）]?(?:\s?\d{{1,3}})?")
"""Matches (whole) what pasting from WeChat leaves where a picture was."""

_CREDIT = re.compile(
    rf"[\s\u3000（(【\[［]{{0,4}}{_any_of('credit_of')}?{alternation((*ROLES, *words('boilerplate.credit_labels')), between=_PADDING)}"
    rf"(?:{_SPACE}{{0,4}}[:：丨｜|︱│/／]|{_SPACE}{{1,4}}(?=[{_HAN}](?:[{_HAN}]{{1,3}}|{_SPACE}[{_HAN}])(?:[\s\u3000）)】\]］／/]|$)))"
)
"""Begins a line that names who made the article; ``credits`` reads it."""
_BESIDE = re.compile(
    rf"(?:[\s\u3000（(【\[]{{0,4}}[{_HAN}]{{2,6}}{_SPACE}{{0,2}}[:：]{_SPACE}{{0,2}}[^\s:：，。；]{{1,16}}[\s\u3000|｜丨，；]{{1,9}}){{1,3}}"
)
"""Fields that no table knows before the label of a credit: 文章录入：某某 责任编辑：某某."""
_NAME = rf"[{_HAN}·]"
_REPORTERS = re.compile(
    rf"[^\s，。,:：]{{2,14}}?{_any_of('reporter_kinds')}?{_any_of('reporters')}[\s\u3000:：丨|｜]{{1,3}}"
    rf"{_NAME}{{1,4}}(?:[\s\u3000、,，]{{1,3}}{_NAME}{{1,4}}){{0,6}}"
    rf"|{_NAME}{{2,4}}(?:[\s\u3000、]{_NAME}{{2,4}}){{0,3}}[\s\u3000/／]{{1,3}}{_any_of('did')}"
)
"""Matches (whole) an outlet, what its people are, and their names: 某报记者 某某某; or names, then what they did."""

_MARK = re.compile(r"[\s\u3000]{0,4}[□■◎●○◆◇※★☆•][\s\u3000]{0,4}")
"""What newspapers set before the names of reporters."""


def is_stop(text: str) -> bool:
    """Tell whether a line opens what follows an article: related news, comments, previous and next."""
    return len(text) <= 220 and _STOP.fullmatch(text) is not None


def is_comment_stop(text: str) -> bool:
    """Tell whether a line opens readers' comments."""
    return len(text) <= 60 and _COMMENTS.search(text) is not None


def is_notice(text: str) -> bool:
    """Tell whether a line is a legal or technical notice of the site, which ends a text; a player's does not."""
    return len(text) <= _LONGEST_NOTICE and _NOTICES.match(text) is not None and not _says_no_player(text)


def is_button(text: str) -> bool:
    """Tell whether a line is only buttons, a player, a clock or a counter.  It is no article's, wherever it stands."""
    if len(text) <= _LONGEST_OPENING and (_BUTTON_LINE.fullmatch(text) is not None or is_live(text)):
        return True
    return is_player(text)


def is_player(text: str) -> bool:
    """Tell whether a line is only what a player of films or sounds writes: ``播放 00:00 / 01:25 全屏``."""
    if _says_no_player(text):
        return True
    return (
        len(text) <= _LONGEST_NOTICE
        and _PLAYER_LINE.fullmatch(text) is not None
        and _PLAYER_SAYS.search(text) is not None
    )


def _says_no_player(text: str) -> bool:
    return len(text) <= _LONGEST_NOTICE and _NO_PLAYER.match(text) is not None


def goes_with_player(text: str) -> bool:
    """Tell whether a line beside a player may be part of it: ``1x``, ``/``."""
    return not any(map(str.isalnum, text)) or _PLAYER_LINE.fullmatch(text[:_LONGEST_NOTICE]) is not None


def is_publisher(text: str) -> bool:
    """Tell whether a line says who runs something: an event, or the site."""
    return len(text) <= _LONGEST_OPENING and _PUBLISHER.match(text) is not None


def is_follow(text: str) -> bool:
    """Tell whether a line only asks to follow an account, whose name stands beside it."""
    return len(text) <= 12 and _FOLLOW.fullmatch(text) is not None


def is_slide_arrow(text: str) -> bool:
    """Tell whether a line is what turns slides: ``>``."""
    return len(text) <= 8 and _ARROW_LINE.fullmatch(text) is not None


def asks_to_scan(text: str) -> bool:
    """Tell whether a line around an article asks to scan a code that stands beside it."""
    return len(text) <= _LONGEST_OPENING and _CODE.search(text) is not None and is_boilerplate(text)


def asks_to_follow(text: str) -> bool:
    """Tell whether a line around an article asks to follow an account, by a code beside it or otherwise."""
    return len(text) <= _LONGEST_OPENING and _SCAN.search(text) is not None and is_boilerplate(text)


def is_count(text: str) -> bool:
    """Tell whether a line counts pictures: ``2/9``.  It may as well be a fraction: ask what stands beside it."""
    return len(text) <= 12 and _COUNT.fullmatch(text) is not None


def names_advert(marked: str) -> bool:
    """Tell whether one part of a line (marked with gaps) is the word 广告; the law of 广告法 is another word."""
    return (
        len(marked) <= _LONGEST_ADVERT
        and _ADVERT_FIRST.search(marked) is not None
        and _ADVERT.search(marked) is not None
    )


def is_advert_label(text: str) -> bool:
    """Tell whether a line says that what stands beside it is an advertisement, or closes it."""
    return len(text) <= 12 and (
        _ADVERT.sub("", text).strip(_EDGES + _RULES) == "" or _CLOSE.fullmatch(text) is not None
    )


def is_boilerplate(text: str) -> bool:
    """Tell whether a line around an article belongs to the page: buttons, counters, notices, empty labels.

    Inside an article some of these lines are text, so ask ``is_button`` there.
    """
    return len(text) <= _LONGEST_NOTICE and _is_boilerplate(text)


@lru_cache(maxsize=2048)
def _is_boilerplate(text: str) -> bool:
    if _NOTICES.match(text) or is_player(text):
        return True
    return len(text) <= _LONGEST_OPENING and (
        _ALONE_LINE.fullmatch(text) is not None
        or (_OPENINGS.match(text) is not None and "。" not in text[:-1])
        or _APPS.search(text) is not None
        or is_live(text)
        or is_pager_line(text)
    )


def is_empty_label(text: str) -> bool:
    """Tell whether a line is a credit's label without a name: ``责任编辑：``."""
    return _EMPTY_LABEL.fullmatch(text) is not None and is_credit(text)


def is_credit(text: str) -> bool:
    """Tell whether a line looks like one that names who made the article."""
    return len(text) <= _LONGEST_CREDIT and _is_credit(text)


_LONGEST_CREDIT = 200


@lru_cache(maxsize=2048)
def _is_credit(text: str) -> bool:
    before = LEADING.match(text) or _MARK.match(text)
    start = before.end() if before else 0
    if _CREDIT.match(text, start) or _REPORTERS.fullmatch(text, start) or is_byline(text):
        return True
    beside = _BESIDE.match(text, start)
    return beside is not None and _CREDIT.match(text, beside.end()) is not None
