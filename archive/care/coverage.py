"""How much of what each section lists is archived, and how many of those articles have each field."""

from typing import Any

from archive.store.archive import Archive

FIELDS = ("title", "published_on", "section", "source", "body", "credits", "images")
"""Fields that are counted, in the order of the columns."""

_SQL = """
SELECT s.kind, s.name, s.url, s.stop, count(l.listing_id) AS listed, count(a.article_id) AS archived,
  count(nullif(a.title, '')) AS title, count(a.published_on) AS published_on, count(nullif(a.section, '')) AS section,
  count(nullif(a.source, '')) AS source, count(nullif(a.body, '')) AS body,
  count(nullif(a.credit_line, '')) AS credits,
  coalesce(sum(EXISTS (SELECT 1 FROM image i WHERE i.article_id = a.article_id)), 0) AS images
FROM section s LEFT JOIN listing l ON l.section_id = s.section_id LEFT JOIN article a ON a.site = s.site AND a.key = l.key
GROUP BY s.section_id HAVING s.kind = 'section' OR listed > 0 ORDER BY s.kind = 'start', s.section_id
"""


def section_coverage(archive: Archive) -> list[dict[str, Any]]:
    """Return a row for each section: ``kind``, ``name``, ``url``, ``stop``, ``listed``, ``archived``, and how many have each field.

    Behind them the start pages that list articles.
    """
    return list(archive.rows(_SQL))
