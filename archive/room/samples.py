"""Samples of the search language that find something in the archive at hand: its words, names, sections and days."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from archive.model.article import Kind, Role
from archive.room.facet_index import MAKERS, REVIEWERS
from archive.room.queries import Holdings
from archive.room.search_form import in_time
from archive.search.errors import QueryError, SlowQueryError
from archive.search.language import ASK_FORMER, VALUES, parse_query, quoted
from archive.search.query import matching
from archive.store.archive import Archive
from archive.text_diff import Op, diff_field

_COMMON = ("柑橘", "工会", "学校", "乡村", "会议", "项目", "社区", "农业", "医院", "春节", "企业", "服务")
"""Words that news of a county have."""
_MOST = 6
"""Words that are put together."""
_WORD = re.compile("[\u4e00-\u9fff]{2}")
_PHRASE = re.compile("[\u4e00-\u9fff]{4,8}")
_PASSAGE = re.compile("[0-9a-zA-Z\u4e00-\u9fff]{2,12}")
_ENDS = re.compile(r"^[\W_]+|[\W_]+$")
_AROUND = 4
"""Characters on each side of a passage that is too short to be looked for by itself."""

_OF_LATE = "(SELECT article_id FROM main.article ORDER BY published_on DESC, article_id DESC LIMIT 300)"
_PLAIN = "instr({0}, '\"') = 0 AND length({0}) BETWEEN 2 AND 12"
"""A value that a query can ask for, and that is short enough for a sample."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A way to ask, by an example."""

    query: str
    meaning: str
    finds: bool
    """Whether the archive has an article that it finds."""


def samples(archive: Archive, held: Holdings) -> list[Sample]:
    """Return an example of each way to ask: one that finds something, where the archive has something of the kind."""
    return [*_of_words(archive), *_of_values(archive, held), *_of_former(archive)]


def _first(archive: Archive, tried: Sequence[str], meaning: str) -> Sample:
    """Return the first of some queries that finds something, the first of all where none does."""
    found = next((query for query in tried if _finds(archive, query)), None)
    return Sample(found or tried[0], meaning, finds=found is not None)


def _finds(archive: Archive, text: str) -> bool:
    try:
        query = parse_query(text)
        with in_time(query):
            return archive.connection.execute(*matching(archive.connection, query)).fetchone() is not None
    except (QueryError, SlowQueryError):
        return False


def _of_words(archive: Archive) -> Iterator[Sample]:
    titles = _latest_titles(archive)
    known = list(islice((word for word in _COMMON if _finds(archive, word)), _MOST))
    words = known or _matches(_WORD, titles)[:_MOST] or [_COMMON[0]]
    phrases = _matches(_PHRASE, titles) or words
    pairs = list(combinations(words, 2)) or [(words[0], phrases[0])]
    together = [f"{one} {other}" for one, other in pairs]
    yield _first(archive, together, "题名、正文或署名里两个词都有；一个字也能查")
    yield _first(archive, [f"{one} OR {other}" for one, other in pairs], "有其中一个")
    one, other = pairs[0]
    less = [other, *(f'"{title}"' for title in titles[:1] if '"' not in title)]
    yield _first(archive, [f"{one} -{word}" for word in less], "有前一个词，没有后一个")
    quotes = [f'"{phrase}"' for phrase in phrases]
    yield _first(archive, quotes, "正是这几个字；带空格、冒号、减号的内容要加引号")
    in_titles = [f"标题:{word}" for word in (*words[:2], *_matches(_WORD, titles)[:1])]
    yield _first(archive, in_titles, "出现在题名里；正文: 署名: 同样")


def _of_values(archive: Archive, held: Holdings) -> Iterator[Sample]:
    """Yield what asks for values; those are taken out of articles, so they are found."""
    made, reviewed = (_latest_credit(archive, roles) for roles in (MAKERS, REVIEWERS))
    role, name = made or (Role.REPORTER, "姓名")
    yield Sample(
        quoted(role, name), "署名里的这个职责是这个人；编辑: 摄影: 等职责都可以", finds=made is not None
    )
    yield Sample(quoted("姓名", name), "不论什么职责", finds=made is not None)
    role, name = reviewed or (Role.THIRD_REVIEW, "姓名")
    yield Sample(quoted(role, name), "审核的人；一审: 二审: 三审: 同样", finds=reviewed is not None)
    both = _latest_section_and_source(archive)
    section, source = both or ("栏目名", "来源名")
    asked = f"{quoted('栏目', section)} {quoted('来源', source)}"
    yield Sample(asked, "名称完全相同", finds=both is not None)
    month = (held.last_on or "2024-03")[:7]
    days = f"日期:{month[:4]}-01..{month}"
    yield Sample(days, "发布日期；也可以写一年、一月、一天，或只写一头", finds=held.last_on is not None)
    states = [f"状态:{state}" for state in reversed(VALUES["状态"])]
    yield _first(archive, states, "在线、失联、已消失")
    yield _first(archive, [f"图片:{value}" for value in VALUES["图片"]], "有图或无图")
    kind = _latest_rare_kind(archive)
    yield Sample(f"类型:{kind or Kind.TEXT}", "、".join(Kind), finds=kind is not None)


def _of_former(archive: Archive) -> Iterator[Sample]:
    name = _a_former_name(archive)
    gone = "旧版本署名里有、现在没有了；曾三审: 曾记者: 等职责都可以"
    yield Sample(quoted("曾署名", name or "姓名"), gone, finds=name is not None)
    removed = [f"{passage} {ASK_FORMER}" for passage in islice(_removed(archive), _MOST)]
    yield _first(archive, removed or [f"改掉的词 {ASK_FORMER}"], "现在的文本不符合、改动以前的版本符合的文章")


def _matches(pattern: re.Pattern[str], texts: Iterable[str]) -> list[str]:
    return [found[0] for text in texts if (found := pattern.search(text))]


def _removed(archive: Archive) -> Iterator[str]:
    """Yield what small changes of late took out of titles and texts: a passage, or one with what stood around it."""
    for before, after in _latest_small_changes(archive):
        for line in diff_field(before, after):
            place, former = 0, "".join(text for op, text in line.pieces if op is not Op.ADDED)
            for op, text in line.pieces:
                if op is Op.REMOVED:
                    around = former[max(0, place - _AROUND) : place + len(text) + _AROUND]
                    if _PASSAGE.fullmatch(text):
                        yield text
                    passage = _ENDS.sub("", around)
                    if passage and '"' not in passage:
                        yield f'"{passage}"'
                place += 0 if op is Op.ADDED else len(text)


def _latest_titles(archive: Archive) -> list[str]:
    """Return some titles, the newest first."""
    rows = archive.connection.execute(
        "SELECT title FROM article ORDER BY published_on DESC, article_id DESC LIMIT 20"
    )
    return [title for (title,) in rows]


def _latest_credit(archive: Archive, roles: Sequence[Role]) -> tuple[str, str] | None:
    """Return (role, name) of a credit in one of these roles, None where there is none of late."""
    found: tuple[str, str] | None = archive.connection.execute(
        f"SELECT c.role, c.name FROM {_OF_LATE} n CROSS JOIN credit c ON c.article_id = n.article_id"
        f" WHERE c.role IN (SELECT value FROM json_each(?)) AND {_PLAIN.format('c.name')} LIMIT 1",
        (json.dumps(roles),),
    ).fetchone()
    return found


def _latest_section_and_source(archive: Archive) -> tuple[str, str] | None:
    """Return section and source of an article that has both, None where there is none of late."""
    found: tuple[str, str] | None = archive.connection.execute(
        f"SELECT a.section, a.source FROM {_OF_LATE} n CROSS JOIN article a ON a.article_id = n.article_id"
        f" WHERE {_PLAIN.format('a.section')} AND {_PLAIN.format('a.source')} LIMIT 1"
    ).fetchone()
    return found


def _latest_rare_kind(archive: Archive) -> str | None:
    """Return the kind that fewest of the latest articles have, None where there are none."""
    found = archive.connection.execute(
        f"SELECT a.kind FROM {_OF_LATE} n CROSS JOIN article a ON a.article_id = n.article_id"
        " WHERE a.kind <> '' GROUP BY a.kind ORDER BY count(*), a.kind LIMIT 1"
    ).fetchone()
    return found and str(found[0])


def _a_former_name(archive: Archive) -> str | None:
    """Return a name that an article's credits had and have no more, None where there is none."""
    found = archive.connection.execute(
        f"SELECT name FROM _former_credit WHERE {_PLAIN.format('name')} LIMIT 1"
    ).fetchone()
    return found and str(found[0])


def _latest_small_changes(archive: Archive) -> list[tuple[str, str]]:
    """Return (before, after) of titles and texts in which little was changed of late."""
    rows = archive.connection.execute(
        "SELECT o.title, n.title, o.body, n.body FROM (SELECT article_id, number FROM article_version"
        "  WHERE number > 1 AND removed BETWEEN 2 AND 40 ORDER BY seen_at DESC LIMIT 5) c"
        " CROSS JOIN article_version n ON n.article_id = c.article_id AND n.number = c.number"
        " CROSS JOIN article_version o ON o.article_id = c.article_id AND o.number = c.number - 1"
    )
    return [
        pair
        for title, new_title, body, new_body in rows
        for pair in ((title, new_title), (body, new_body))
        if pair[0] != pair[1]
    ]
