"""One article: its text, who made it, its versions and what proves it."""

import re
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, g, jsonify, render_template, request
from werkzeug.exceptions import NotFound

from archive.evidence.media import PICTURES
from archive.evidence.warc_reader import WarcError
from archive.model.access import SENTENCE, is_restricted
from archive.model.article import Role, RoleGroup
from archive.rendering.citation import FORMS, Citation, makers
from archive.rendering.linked_data import citation_meta, news_article
from archive.rendering.printed_day import day_of_version
from archive.rendering.reading_order import reading_order
from archive.rendering.record import record
from archive.rendering.replaced import FIELDS, what_replaced
from archive.room import queries
from archive.room.arrival import Arrival, read_arrival
from archive.room.cited import citations
from archive.room.copying import with_copy_button
from archive.room.list_view import with_args
from archive.room.timeline import MOST_RUNS, WIDTH, timeline
from archive.store.captures import read_capture
from archive.store.read import site_title
from archive.text_diff import Line, diff_field, diff_lines
from archive.times import local_time

pages = Blueprint("articles", __name__)

_SHA256 = re.compile("[0-9a-f]{64}")
_TOLD = (
    *("article_id", "url", "kind", "title", "kicker", "subtitle", "section", "published_on", "published_at"),
    *("source", "body", "credit_line", "status", "version"),
)
"""Columns of ``article`` that its page tells in words of its own."""


def _article(article_id: int) -> queries.Row:
    found = queries.whole_article(g.archive, article_id)
    if found is None:
        raise NotFound
    return found


@pages.get("/a/<int:article_id>")
def article(article_id: int) -> str | Response:
    """Show the current text."""
    found = _article(article_id)
    if article_id in g.archive.withheld:
        return _restricted(found)
    return _show(found, found["version"])


def _restricted(found: queries.Row) -> str:
    """Return what is shown of a restricted article, at its own address and at those of its parts."""
    return render_template(
        "restricted.html", a=found, sentence=SENTENCE, arrival=read_arrival(), with_args=with_args
    )


@pages.get("/a/<int:article_id>.json")
def article_json(article_id: int) -> Response:
    """Return all that is known of an article, for programs."""
    found = _article(article_id)
    if article_id in g.archive.withheld:
        shown = {name: found[name] for name in ("article_id", "title", "published_on")}
        return jsonify(shown | {"restricted": SENTENCE})
    return jsonify(found)


@pages.get("/a/<int:article_id>/v/<int:number>")
def version(article_id: int, number: int) -> Response | tuple[str, int]:
    """Show one version; of a restricted article nobody learns which ones there are."""
    found = _article(article_id)
    if article_id in g.archive.withheld:
        return _restricted(found), 404
    return _show(found, number)


def _version(found: queries.Row, number: int) -> tuple[queries.Row, queries.Row]:
    """Return an article with the day of publication that a version of it had, and that version."""
    text = queries.version_of(g.archive, found["article_id"], number)
    if text is None:
        raise NotFound
    current = found["published_on"] or ""
    day = day_of_version(found["versions"], number, text["published_raw"], current)
    if day != current:
        found = {**found, "published_on": day or None, "published_at": None}
    return found, text


def _show(article: queries.Row, number: int) -> Response:
    found, text = _version(article, number)
    current = number == found["version"]
    arrival = read_arrival()
    proof = next(v for v in found["versions"] if v["number"] == number)
    credits = found["credits"] if current else _old_credits(text["credits"])
    flow = _flow(found, text, arrival, current=current)
    citation = _citation(found, text, credits)
    page = render_template(
        "article.html",
        a=found,
        v=text,
        current=current,
        section_is_there=current or queries.has_section(g.archive.connection, text["section"]),
        arrival=arrival,
        marks=_marks(text, flow, arrival),
        seen=text["captured_at"] or text["seen_at"],
        proof=proof,
        flow=flow,
        groups=_groups(credits),
        beside=_beside(article),
        now_on=article["published_on"],
        citation=citation,
        forms=FORMS,
        address=f"{request.host_url}a/{found['article_id']}",
        meta=list(citation_meta(citation, _permalink(found, number))),
        linked=_linked(found, text, citation, credits, flow),
        told=_what_changed(found),
        timeline=timeline(g.archive, found),
        drawn_width=WIDTH,
        with_args=with_args,
        most_runs=MOST_RUNS,
        replays={
            v["number"]: replay_address(v["captured_at"], v["url"]) for v in found["versions"] if v["file"]
        },
        fields=FIELDS,
        record=record(found, *_TOLD) if current else [],
        restricted=is_restricted(found["open_flag"]),
    )
    return with_copy_button(page)


def _permalink(found: queries.Row, number: int) -> str:
    return f"{request.host_url}a/{found['article_id']}/v/{number}"


def _marks(text: queries.Row, flow: list[tuple[str, Any]], arrival: Arrival) -> dict[str, Any]:
    """Return the texts of a version that are not its body in pieces, and how many places are marked in all."""
    lines = {name: arrival.marked_line(text[name], name) for name in ("kicker", "title", "subtitle")}
    credit_line = arrival.marked(text["credit_line"], "credit_line")
    paragraphs = [item for kind, item in flow if kind == "p"]
    places = sum(mark for pieces in (*lines.values(), *credit_line, *paragraphs) for _, mark in pieces)
    return {**lines, "credit_line": credit_line, "places": places}


def _beside(found: queries.Row) -> dict[str, Any]:
    """Return where a reader may go on: before and after in the section, the same day."""
    connection, number = g.archive.connection, found["article_id"]
    section = found["section"] or queries.section_of(connection, number)
    before, after = queries.in_section(connection, number, section) if section else (None, None)
    day = found["published_on"]
    return {
        "section": section,
        "before": before,
        "after": after,
        "of_day": queries.count_of_day(connection, day) - 1 if day else 0,
    }


def _what_changed(found: queries.Row) -> dict[int, str]:
    """Return for each later version what it changed, in a sentence."""
    later = (version["number"] for version in found["versions"][1:])
    return {
        number: what_replaced(*queries.replaced_by(g.archive.connection, found["article_id"], number))
        for number in later
    }


def _linked(
    found: queries.Row,
    text: queries.Row,
    citation: Citation,
    credits: list[queries.Row],
    flow: list[tuple[str, Any]],
) -> dict[str, Any]:
    pictures = [item["media"]["sha256"] for kind, item in flow if kind == "image" and item["media"]]
    return news_article(
        {**found, **text},
        citation,
        [(credit["role"], credit["name"]) for credit in credits],
        [f"{request.host_url}media/{sha256}" for sha256 in pictures],
    )


def _citation(found: queries.Row, text: queries.Row, credits: list[queries.Row]) -> Citation:
    """Return the citation of a version.  An address that only this machine can open is of no use in it."""
    made = makers(((c["role"], c["name"]) for c in credits), found["kind"])
    return Citation(
        authors=made.authors,
        photographers=made.photographers,
        videographers=made.videographers,
        suppliers=made.suppliers,
        title=text["title"],
        site=site_title(g.archive, found["site"]),
        published_on=found["published_on"] or "",
        seen_on=local_time(text["seen_at"])[:10],
        url=found["url"],
        archive=g.brand,
        permalink="" if g.local else _permalink(found, text["number"]),
        article_id=found["article_id"],
        version=text["number"],
    )


@pages.get("/a/<int:article_id>/cite.<path:kind>")
def cite(article_id: int, kind: str) -> Response:
    """Return the citation as a file for reference managers: one of ``FORMS``.  Of a restricted article: as in a list."""
    if kind not in FORMS:
        raise NotFound
    found = _article(article_id)
    if article_id in g.archive.withheld:
        [citation] = citations([article_id])
    else:
        text = queries.version_of(g.archive, article_id, found["version"])
        if text is None:
            raise NotFound
        citation = _citation(found, text, found["credits"])
    return _cited(citation, kind, f"zhijiang-{article_id}")


@pages.get("/a/<int:article_id>/v/<int:number>/cite.<path:kind>")
def cite_version(article_id: int, number: int, kind: str) -> Response | tuple[str, int]:
    """Return the citation of one version as such a file."""
    if kind not in FORMS:
        raise NotFound
    found = _article(article_id)
    if article_id in g.archive.withheld:
        return _restricted(found), 404
    found, text = _version(found, number)
    credits = found["credits"] if number == found["version"] else _old_credits(text["credits"])
    return _cited(_citation(found, text, credits), kind, f"zhijiang-{article_id}-v{number}")


def _cited(citation: Citation, kind: str, name: str) -> Response:
    return Response(
        "".join(FORMS[kind].write([citation])),
        mimetype=FORMS[kind].mimetype,
        headers={"Content-Disposition": f"attachment; filename={name}.{kind}"},
    )


def _flow(found: queries.Row, text: queries.Row, arrival: Arrival, *, current: bool) -> list[tuple[str, Any]]:
    """Return the text in reading order: ("p", paragraph in pieces) and ("image", picture).

    Only of the current text it is known between which paragraphs a picture stands.
    """
    images = (
        found["images"]
        if current
        else [
            {"url": url, "caption": caption, "paragraph": 0, "media": None} for url, caption in text["images"]
        ]
    )
    known = {image["url"]: image.get("media") for image in found["images"]}
    placed = []
    for image in images:
        media = image["media"] or known.get(image["url"])
        shown = media if media and media["mime"] in PICTURES else None
        placed.append((image["paragraph"], {**image, "media": shown}))
    return reading_order(arrival.marked("\n".join(text["body"]), "body"), placed)


def _groups(credits: list[queries.Row]) -> list[tuple[str, list[tuple[str, list[queries.Row]]]]]:
    """Return the credits by group, and in it by role, in the order of the review chain: each name once in a role."""
    groups: dict[str, dict[str, list[queries.Row]]] = {}
    for role in Role:
        for credit in credits:
            if credit["role"] == role:
                told = groups.setdefault(role.group, {}).setdefault(role, [])
                same = next(
                    (c for c in told if (c["name"], c["org"]) == (credit["name"], credit["org"])), None
                )
                if same is None:
                    told.append(same := {**credit, "labels": []})
                if credit["label"] not in (None, "", str(role), *same["labels"]):
                    same["labels"].append(credit["label"])
    return [(group, list(groups[group].items())) for group in RoleGroup if group in groups]


def _old_credits(credits: list[list[str | None]]) -> list[queries.Row]:
    return [{"label": label, "role": role, "name": name, "org": org} for label, role, name, org in credits]


def replay_address(captured_at: str, url: str) -> str:
    """Return where a capture is replayed, "" where the room has no replay.  ``captured_at``: UTC."""
    if not g.room.replay_port:
        return ""
    return f"{g.origin}:{g.room.replay_port}/{re.sub('[^0-9]', '', captured_at)}/{quote(url, safe='')}"


@pages.get("/a/<int:article_id>/diff/<int:old>..<int:new>")
def diff(article_id: int, old: int, new: int) -> str | tuple[str, int]:
    """Compare two versions, character by character."""
    found = _article(article_id)
    if article_id in g.archive.withheld:
        return _restricted(found), 404
    before, after = (
        queries.version_of(g.archive, article_id, old),
        queries.version_of(g.archive, article_id, new),
    )
    if before is None or after is None:
        raise NotFound
    compared: list[tuple[str, list[Line]]] = []
    for name, heading in FIELDS.items():
        lines = _compare(name, before[name], after[name])
        if lines and any(line.changed for line in lines):
            compared.append((heading, lines))
    first, last, between = queries.apart(g.archive.connection, article_id, old, new)
    told = what_replaced(first, last) if compared else ""
    return render_template(
        "diff.html",
        a=found,
        told=told,
        before=before,
        after=after,
        compared=compared,
        between=() if compared else between,
        others=_pairs(found["version"], (old, new)),
        only=request.args.get("only") == "changes",
        fields=FIELDS,
    )


def _pairs(last: int, shown: tuple[int, int]) -> list[tuple[int, int]]:
    """Return which versions are worth comparing: neighbours, and each with the current one; not those that are shown."""
    pairs = {(n, n + 1) for n in range(1, last)} | {(n, last) for n in range(1, last)}
    return sorted(pairs - {(min(shown), max(shown))})


def _compare(name: str, before: Any, after: Any) -> list[Line]:
    if name == "images":
        texts = [
            [f"{caption or '（无图说）'} {url}" for url, caption in images] for images in (before, after)
        ]
        return diff_lines(*texts)
    if name == "body":
        before, after = "\n".join(before), "\n".join(after)
    return diff_field(before, after)


@pages.get("/media/<sha256>")
def media(sha256: str) -> Response:
    """Return a picture out of the evidence."""
    found = queries.picture(g.archive, sha256) if _SHA256.fullmatch(sha256) else None
    if found is None or found[0] not in PICTURES:
        raise NotFound
    mime, capture = found
    try:
        body = read_capture(g.archive, capture).content
    except (WarcError, OSError):
        abort(404)
    return Response(
        body,
        mimetype=mime,
        headers={"Cache-Control": "private, max-age=31536000, immutable", "Content-Disposition": "inline"},
    )
