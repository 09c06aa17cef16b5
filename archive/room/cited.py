"""Citations of many articles, read out of the archive while they are sent."""

import json
from collections.abc import Iterator, Sequence

from flask import g, request

from archive.rendering.citation import Citation, makers
from archive.store.read import site_titles
from archive.times import local_time


def citations(numbers: Sequence[int]) -> Iterator[Citation]:
    """Return how to cite the current text of articles, in the order of their numbers as given.

    Of a restricted article that is title and day.  An address that only this machine can open is in none.
    """
    archive, withheld, brand = g.archive, g.archive.withheld, g.brand
    room = "" if g.local else request.host_url
    titles = site_titles(archive)
    rows = archive.connection.execute(_CITED, (json.dumps(list(numbers)),))

    def citation(
        number: int,
        title: str,
        site: str,
        day: str | None,
        url: str,
        kind: str,
        version: int,
        seen_at: str | None,
        credits: str,
    ) -> Citation:
        made = makers(json.loads(credits), kind)
        return Citation(
            authors=made.authors,
            photographers=made.photographers,
            videographers=made.videographers,
            suppliers=made.suppliers,
            title=title,
            site="" if number in withheld else titles[site],
            published_on=day or "",
            seen_on=local_time(seen_at)[:10] if seen_at else "",
            url=url,
            archive=brand,
            permalink=_permalink(room, number, version) if room else "",
            article_id=number,
            version=version,
        )

    return (citation(*row) for row in rows)


def _permalink(room: str, number: int, version: int) -> str:
    return f"{room}a/{number}" + (f"/v/{version}" if version else "")


_CITED = """
SELECT a.article_id, a.title, a.site, a.published_on, a.url, a.kind, a.version, v.seen_at,
  (SELECT json_group_array(json_array(role, name)) FROM (
     SELECT c.role, c.name FROM credit c WHERE c.article_id = a.article_id ORDER BY c.seq))
FROM json_each(?) j CROSS JOIN article a ON a.article_id = j.value
LEFT JOIN article_version v ON v.article_id = a.article_id AND v.number = a.version ORDER BY j.key
"""
