"""A first meeting with an invented site: ``probe`` drafts a profile, the draft crawls, all articles are compared."""

import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.crawled import Run
from tests.newssite import NewsSite
from tests.replicas import Piece, Replica, put


def meet(
    replica: Replica, start: str, folder: Path, run: Run, empty: Path | None = None
) -> tuple[Counter[str], str]:
    """Probe one site and crawl it with the draft; return what was counted and what was said.

    ``start``: what probe is given, ``home`` or ``list``.  ``empty``: an archive without rows, of which the crawl finds
    a copy; None: it makes one.
    """
    path = "/" if start == "home" else replica.listing(replica.columns[0], 1, 2)
    return meet_site(lambda site: put(site, replica), path, folder, run, empty)


def meet_site(
    publish: Callable[[NewsSite], dict[str, Piece]],
    path: str,
    folder: Path,
    run: Run,
    empty: Path | None = None,
) -> tuple[Counter[str], str]:
    """Probe a site that is published so, beginning at a path, and crawl it with the draft; ``empty`` as of ``meet``."""
    with NewsSite() as site:
        expected = publish(site)
        draft, archive = folder / "draft.toml", folder / "first.db"
        probed = run("probe", "--delay", "0", f"{site.base_url}{path}", "--out", draft)
        if not draft.exists():
            return Counter({"all": len(expected)}), probed.stdout + probed.stderr
        text = re.sub(r"(?m)^delay = [\d.]+", "delay = 0", draft.read_text(encoding="utf-8"))
        draft.write_text(text, encoding="utf-8")
        if empty:
            shutil.copy(empty, archive)
        crawled = run("crawl", "--site", draft, "--archive", archive, "--media", "none")
        found, wrong = compare(archive, expected)
        found["complete"] = crawled.returncode == 0
        return found, "\n".join([probed.stdout, text, crawled.stderr, *wrong])


def compare(archive: Path, expected: dict[str, Piece]) -> tuple[Counter[str], list[str]]:
    """Compare an archive with what was published; return the counts and what is wrong."""
    connection = sqlite3.connect(archive)
    rows = connection.execute(
        "SELECT a.url, a.title, a.published_on, coalesce(nullif(a.section, ''), 栏目), a.body FROM article a JOIN 文章 ON 编号 = article_id"
    ).fetchall()
    connection.close()
    found = Counter(all=len(expected), more=0)
    got = {"/" + url.split("/", 3)[3]: values for url, *values in rows}
    found["more"] = len(got.keys() - expected.keys())
    wrong = [f"no article: {path}" for path in sorted(got.keys() - expected.keys())]
    for path, piece in expected.items():
        if path not in got:
            wrong.append(f"missing: {path}")
            continue
        title, date, section, body = got[path]
        right = {
            "title": title == piece.title,
            "date": date == piece.date,
            "section": section == piece.section,
            "text": body.split("\n") == [*piece.paragraphs],
        }
        found.update({name: int(value) for name, value in right.items()})
        found["right"] += all(right.values())
        if not all(right.values()):
            wrong.append(
                f"wrong: {path} {[name for name, value in right.items() if not value]} {got[path]!r:.300}"
            )
    return found, wrong
