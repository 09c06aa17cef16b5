"""A little site, its profile and its archive, crawled by the command line as cron does it."""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.newssite import NewsSite, Section, build_site
from tests.samples import SAMPLES, Sample
from tests.templates import LIST_TEMPLATES, TEMPLATES, ListTemplate

YICHANG = TEMPLATES[0]
NEXT_LINK = LIST_TEMPLATES[0]
PLAIN = SAMPLES[0]

Run = Callable[..., subprocess.CompletedProcess[str]]


def samples(count: int, start: int = 1) -> list[tuple[int, Sample]]:
    """Return numbered articles, newest first, a day apart, the newest on 2024-02-28 at the latest."""
    return [
        (
            number,
            replace(
                PLAIN,
                title=f"云汀县第{number}号新闻",
                date=f"2024-{1 + number // 28:02}-{1 + number % 28:02}",
            ),
        )
        for number in range(start + count - 1, start - 1, -1)
    ]


class Crawled:
    """A site, its profile and its archive."""

    def __init__(self, site: NewsSite, folder: Path, run: Run, empty: Path | None = None) -> None:
        """``empty``: an archive without rows, of which the first crawl finds a copy; None: it makes one."""
        self.site = site
        self.empty = empty
        self.archive = folder / "yunting.db"
        self.profile_file = folder / "yunting.toml"
        self.run = run
        self.profile: dict[str, Any] = {}

    def build(self, *sections: Section, listing: ListTemplate = NEXT_LINK, per_page: int = 3) -> None:
        self.profile = build_site(self.site, sections, YICHANG, listing, per_page=per_page)
        self.save_profile()

    def save_profile(self, **changes: Any) -> None:
        self.profile |= changes
        lines = []
        for key, value in sorted(self.profile.items(), key=lambda item: isinstance(item[1], dict)):
            if isinstance(value, dict):
                lines += [f"[{key}]", *(f"{name} = {json.dumps(inner)}" for name, inner in value.items())]
            else:
                lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
        self.profile_file.write_text("\n".join(lines), encoding="utf-8")

    def arguments(self, *more: str | Path) -> list[str | Path]:
        return ["crawl", "--site", self.profile_file, "--archive", self.archive, *more]

    def crawl(self, *more: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        self.site.forget()
        if self.empty and not self.archive.exists():
            shutil.copy(self.empty, self.archive)
        result = self.run(*self.arguments(*more))
        assert result.returncode == status, result.stdout + result.stderr
        return result

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.archive)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def articles(self) -> set[str]:
        return {key for (key,) in self.rows("SELECT key FROM article")}

    def asked_articles(self) -> list[str]:
        return [path for path in self.site.paths() if "/content/show" in path]
