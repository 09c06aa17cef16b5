"""Crawls and commands in a forked process of their own that tells how much memory it took at the most."""

import resource
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from tests.command_line import ANEW
from tests.patience import PATIENCE
from zhijiang_spider.cli import main
from zhijiang_spider.crawl import run
from zhijiang_spider.sites.site import parse_site

_Told = TypeVar("_Told")


def crawl(profile: Mapping[str, Any], archive: Path, settings: Mapping[str, Any]) -> tuple[bool, int]:
    """Crawl a site; return whether that is complete, and the bytes that the process took."""
    return _alone(_crawl, profile, archive, settings)


def command(*arguments: str) -> tuple[str, int]:
    """Run a command; return what it prints, and the bytes that the process took."""
    return _alone(_command, arguments)


def _alone(function: Callable[..., tuple[_Told, int]], *arguments: Any) -> tuple[_Told, int]:
    with ProcessPoolExecutor(1, ANEW) as processes:
        return processes.submit(function, *arguments).result(PATIENCE)


def _crawl(profile: Mapping[str, Any], archive: Path, settings: Mapping[str, Any]) -> tuple[bool, int]:
    verdict = run.crawl(parse_site(profile, "faults"), archive, settings=settings, log_level="CRITICAL")
    return verdict.complete, _peak()


def _command(arguments: Sequence[str]) -> tuple[str, int]:
    with redirect_stdout(StringIO()) as said, suppress(SystemExit):
        main(arguments)
    return said.getvalue(), _peak()


def _peak() -> int:
    status = Path("/proc/self/status")
    if (
        status.exists()
    ):  # resource would tell the peak of the process that started this one, if that was higher
        return int(status.read_text().split("VmHWM:")[1].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
