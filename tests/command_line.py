"""The command line as a user runs it: a process of its own with its own arguments, folder, environment and streams."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.patience import PATIENCE

_ANEW = get_context("forkserver")
_ANEW.set_forkserver_preload(
    [
        "zhijiang_spider.cli.crawl",
        "zhijiang_spider.crawl.run",
        "zhijiang_spider.crawl.extensions",
        "zhijiang_spider.crawl.middlewares",
        "zhijiang_spider.crawl.pipelines",
        "zhijiang_spider.crawl.notify",
        "zhijiang_spider.spiders.sections",
        "archive.cli.status",
        "archive.store.migrations",
        "scrapy.core.engine",
        "scrapy.downloadermiddlewares.httpcompression",
        "scrapy.downloadermiddlewares.robotstxt",
        "scrapy.pqueues",
    ]
)


def run_zhijiang(*arguments: str | Path, timeout: float = PATIENCE) -> subprocess.CompletedProcess[str]:
    """Run a command to its end.  Raises ``subprocess.TimeoutExpired`` after ``timeout`` seconds."""
    command = [sys.executable, "-m", "zhijiang_spider.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


def fork_zhijiang(
    *arguments: str | Path, timeout: float = PATIENCE, settings: Mapping[str, object] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in a process forked from one that has imported the program and done nothing else.

    Importing takes most of a short command's time.  What only an interpreter of its own shows (imports, closed
    streams, cron, signals) has tests that start one.  ``settings``: what else the crawler's are than usual.
    Raises ``subprocess.TimeoutExpired`` after ``timeout`` seconds.
    """
    command = ["zhijiang", *map(str, arguments)]
    with TemporaryDirectory() as folder:
        said = [Path(folder, "stdout"), Path(folder, "stderr")]
        process = _ANEW.Process(
            target=_run, args=(command, os.getcwd(), dict(os.environ), said, settings or {})
        )
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(command, timeout)
        status = process.exitcode
        process.close()
        return subprocess.CompletedProcess(command, status, *(file.read_text("utf-8") for file in said))


def _run(
    command: Sequence[str],
    folder: str,
    environment: Mapping[str, str],
    said: Sequence[Path],
    settings: Mapping[str, object],
) -> None:
    for number, file in enumerate(said, 1):
        opened = os.open(file, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  for the whole run
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = list(command)

    from zhijiang_spider import settings as ours
    from zhijiang_spider.cli import main

    for name, value in settings.items():
        setattr(ours, name, value)
    main()
