"""Texts held back: read in a crawl, and not taken before its end is judged, or while the site contradicts itself.

Two kinds of text wait.  One that lies: the lists call its article something else, its page shows no title at all, or
next to nothing of the archived text is left in it.  And one that an archived article had before, under another identity.  What waits is written with its
capture: a crawl that is killed loses none of it and takes none of it; the next one judges what it left.
Most texts do neither, and are saved at once.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from archive.model.article import (
    Article,
    Attachment,
    Credit,
    Image,
    Kind,
    MediaType,
    Position,
    Role,
    count_characters,
)
from archive.model.trouble import TroubleKind
from archive.store.archive import Archive
from archive.store.articles import Saved, save_article
from archive.store.likeness import body_sha256, is_called_otherwise, is_replaced, text_sha256
from archive.store.read import listed_title
from archive.store.seals import HELD, seal

SHORT = 20
"""A text of fewer characters (字数) says nothing about identity: picture stories have none, notices one line."""
_NO_TEXT = body_sha256("")
"""Of picture stories: they say nothing but their titles."""
_BATCH = 200
"""Texts released in one transaction."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the operator has accepted: it is not held back again."""

    pages: frozenset[tuple[str, str]] = frozenset()
    """(key, title) of the articles that were held back: the same page may come with another text, such as its clock's."""
    texts: frozenset[str] = frozenset()
    """Digests of what they say: of the body, or of title and body where the body is empty."""
    renumbered: bool = False

    def takes(self, article: Article) -> bool:
        """Tell whether a text is what was accepted, and not only called so."""
        if (article.key, article.title) in self.pages:
            return True
        return bool(self.texts) and _said(article.title, "\n".join(article.body)) in self.texts


def save_or_hold(
    archive: Archive, article: Article, crawl: int, accepted: Accepted = Accepted()
) -> Saved:  # it is frozen
    """Store an article as ``save_article`` does, or hold it back for the judgement at the crawl's end.

    Raises ``ArchiveError``.
    """
    signs: dict[str, Any] = {}

    def waits(current: Mapping[str, str] | None) -> bool:
        if accepted.takes(article):
            return False
        signs.update(_signs(archive, article, crawl, current))
        if signs["twin"] and accepted.renumbered:
            _link(archive, article.site, signs["twin"], article.key, article.url, crawl)
            return False
        return any(signs[sign] for sign in ("otherwise", "untitled", "replaces", "twin"))

    with archive.transaction():
        saved = save_article(archive, article, crawl, waits)
        end_hold(archive, article.site, article.key)
        if saved is Saved.HELD:
            body = "\n".join(article.body)
            row = {
                "crawl_id": crawl,
                "capture_id": article.capture,
                "site": article.site,
                "key": article.key,
                "url": article.url,
                "seen_at": article.fetched_at,
                "title": article.title,
                "text_sha256": text_sha256(article.title, body),
                "body_sha256": body_sha256(body),
                **signs,
                "article": json.dumps(asdict(article)),
            }
            archive.insert("held", row)
    return saved


def end_hold(archive: Archive, site: str, key: str) -> None:
    """Note that a later look at an article took the place of what is held back of it."""
    archive.connection.execute(
        "UPDATE held SET state = 'over', article = '' WHERE site = ? AND key = ? AND state <> 'over'",
        (site, key),
    )


def release(
    archive: Archive, site: str, states: tuple[str, ...], on_saved: Callable[[Article, Saved], None]
) -> None:
    """Take every text of a site that is held back in one of these states, in the order in which they came."""
    while rows := archive.connection.execute(
        "SELECT held_id, crawl_id, article, twin FROM held WHERE site = ?"
        " AND state IN (SELECT value FROM json_each(?)) ORDER BY held_id LIMIT ?",
        (site, json.dumps(states), _BATCH),
    ).fetchall():
        with archive.transaction() as execute:
            for held_id, crawl, text, twin in rows:
                article = _article(text)
                saved = save_article(archive, article, crawl)
                execute("DELETE FROM held WHERE held_id = ?", (held_id,))
                if twin:
                    _link(archive, site, twin, article.key, article.url, crawl)
                on_saved(article, saved)
            seal(archive, HELD)


def accept(archive: Archive, site: str, on_saved: Callable[[Article, Saved], None]) -> Accepted:
    """Take all that is held back of a site; return what is not to be held back again.  Raises ``ArchiveError``."""
    rows = archive.connection.execute(
        "SELECT key, title, text_sha256, body_sha256, state FROM held"
        " WHERE site = ? AND state IN ('same', 'renumbered')",
        (site,),
    ).fetchall()
    release(archive, site, ("same", "renumbered"), on_saved)
    with archive.transaction() as execute:  # it is over: what comes now is news, though it be called the same
        kinds = (TroubleKind.SAME, TroubleKind.RENUMBERED)
        execute("DELETE FROM trouble WHERE site = ? AND kind IN (?, ?)", (site, *kinds))
    same = [row for row in rows if row[-1] == "same"]
    return Accepted(
        frozenset((key, title) for key, title, *_ in same),
        frozenset(text if body == _NO_TEXT else body for _, _, text, body, _ in same),
        len(same) < len(rows),
    )


def crawls_that_wait(archive: Archive, site: str) -> Iterator[int]:
    """Yield the crawls whose texts still wait for their judgement: those that were killed."""
    rows = archive.connection.execute(
        "SELECT DISTINCT crawl_id FROM held WHERE site = ? AND state = 'waiting' ORDER BY 1", (site,)
    ).fetchall()
    yield from (crawl for (crawl,) in rows)


def has_moved(archive: Archive, site: str, key: str | None, absent: Collection[str | None]) -> bool:
    """Tell whether the text of an archived article came again under another identity that is online.

    ``absent``: identities that the site does not show now.
    """
    rows = archive.connection.execute(_LATER_IDENTITIES, {"site": site, "key": key})
    return any(later not in absent for (later,) in rows)


# Every later identity of a text is linked with its first one: so is one that moved twice.
_LATER_IDENTITIES = """
SELECT s.new_key FROM same_text s JOIN article a ON a.site = s.site AND a.key = s.new_key AND a.status = '在线'
WHERE s.site = :site AND (s.old_key = :key OR EXISTS (
  SELECT 1 FROM same_text own WHERE own.site = s.site AND own.new_key = :key AND own.old_key = s.old_key
  AND own.crawl_id < s.crawl_id))
"""


def _said(title: str, body: str) -> str:
    said = body_sha256(body)
    return text_sha256(title, body) if said == _NO_TEXT else said


def _signs(
    archive: Archive, article: Article, crawl: int, current: Mapping[str, str] | None
) -> dict[str, Any]:
    """Return what speaks against a text: columns of ``held``."""
    listed = listed_title(archive, article.site, article.key)
    otherwise = is_called_otherwise(listed, f"{article.kicker}{article.title}{article.subtitle}")
    body = "\n".join(article.body)
    if current is None:
        twin = _twin(archive, article, crawl) if count_characters(body) >= SHORT else None
        return {
            "otherwise": otherwise,
            "untitled": article.is_untitled,
            "replaces": False,
            "revises": False,
            "twin": twin,
        }
    before = f"{current['kicker']}{current['title']}{current['subtitle']}"
    return {
        "otherwise": otherwise and not is_called_otherwise(listed, before),
        "untitled": article.is_untitled,
        "replaces": is_replaced(f"{current['title']}{current['body']}", f"{article.title}{body}"),
        "revises": True,
        "twin": None,
    }


def _twin(archive: Archive, article: Article, crawl: int) -> str | None:
    """Return the identity of the article that had this title and text first, in an earlier crawl; None if none has."""
    found = archive.connection.execute(
        "SELECT a.key, v.crawl_id FROM article_version v CROSS JOIN article a ON a.article_id = v.article_id"
        " WHERE v.text_sha256 = ? AND v.number = a.version AND a.site = ? ORDER BY v.version_id LIMIT 1",
        (text_sha256(article.title, "\n".join(article.body)), article.site),
    ).fetchone()
    return str(found[0]) if found and found[1] < crawl else None


def _link(archive: Archive, site: str, old: str, new: str, url: str, crawl: int) -> None:
    archive.connection.execute(
        "INSERT INTO same_text (site, old_key, new_key, url, crawl_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (site, old, new, url, crawl),
    )


def _article(text: str) -> Article:
    """Return an article as it was written."""
    row = json.loads(text)
    row = {fact.name: row[fact.name] for fact in fields(Article) if fact.init}
    credits = [
        Credit(**c | {"role": Role(c["role"]), "position": Position(c["position"])}) for c in row["credits"]
    ]
    made = {
        "kind": Kind(row["kind"]),
        "breadcrumb": tuple(row["breadcrumb"]),
        "body": tuple(row["body"]),
        "credits": tuple(credits),
        "images": tuple(Image(**i) for i in row["images"]),
        "attachments": tuple(Attachment(**a | {"kind": MediaType(a["kind"])}) for a in row["attachments"]),
    }
    return Article(**row | made)
