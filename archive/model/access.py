"""What readers may see: the one place that says which articles are restricted, and what is left of one.

开放 is open.  控制 (restricted) and 延期开放 (opening postponed) are not: until somebody decides otherwise a reader gets
title and date only.  未审核 (not reviewed yet) is open, for what a county site published was public: only a decision
takes it away.
"""

RESTRICTED = ("控制", "延期开放")
"""Values of 开放标识 (``appraisal.open_flag``) that leave a reader title and date."""
KEPT = ("article_id", "site", "key", "title", "published_on")
"""Columns of ``article`` that are left of a restricted one: title, date, and what other rows are joined by."""
VIEW = "restricted"
"""The temporary view with the numbers of restricted articles, on connections that withhold them."""
SENTENCE = "本文为控制件，只提供题名和日期"


def is_restricted(open_flag: str | None) -> bool:
    """Tell whether an article with this 开放标识, None where nothing was decided, is withheld from readers."""
    return open_flag in RESTRICTED


def restricted_sql(article_id: str) -> str:
    """Return an SQL condition: the article of this number (an expression) is restricted."""
    return f"EXISTS (SELECT 1 FROM main.appraisal r WHERE r.article_id = {article_id} AND r.open_flag IN {RESTRICTED})"
