"""What several test modules need: an archive, an article, a listing.  All names are invented."""

import gc
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from archive import Archive, Article, Credit, Image, Role
from archive.model.crawl import Listing, ListingEntry, SectionKind
from archive.store.crawls import begin_crawl
from tests.command_line import fork_zhijiang
from tests.crawled import Crawled
from tests.newssite import NewsSite
from zhijiang_spider.crawl.host_lock import VARIABLE

# How fast an example is says what else the machine does.  A test that asks for a file gets one for all its examples.
_CHECKS = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
for _profile, _examples in (("suite", 50), ("thorough", 300)):  # the latter is asked for by .ci/run
    settings.register_profile(
        _profile, deadline=None, suppress_health_check=_CHECKS, max_examples=_examples, print_blob=True
    )
settings.load_profile("suite")

# What a shell starts with "&" ignores Ctrl-C, and so would the servers that tests start and end.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


# What tests read is English, whatever the locale of who runs them; tests of Chinese say --lang zh.
os.environ["ZHIJIANG_LANG"] = "en"

# Some forty interpreters of one run read the same modules: what one has compiled is kept for the next.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.hookimpl(wrapper=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One worker more than there are cores: a sixth of the tests' time is spent waiting for a clock."""
    return (yield) + 1


LONG = [
    f"test_{name}.py"
    for name in ("workers", "crawl", "probe", "operating", "server_lies", "faults", "nights", "history")
]
"""Files that take long, the longest first: begun at the end, one of them would keep one worker while others idle."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.name, len(LONG)))


def pytest_collection_finish() -> None:
    """Leave out of every later garbage collection what lives as long as the tests: the modules and the tests."""
    gc.collect()
    gc.freeze()


ARTICLE = Article(
    site="yunting",
    key="77",
    url="http://www.yunting.example/content/show?catid=1&newsid=77",
    title="云汀县柑橘开园",
    fetched_at="2024-11-02T01:00:00Z",
    section="要闻",
    breadcrumb=("云汀网", "要闻"),
    published_raw="2024-11-01",
    published_on="2024-11-01",
    source="云汀融媒",
    body=("11月1日，云汀县柑橘开园。", "今年预计产量三万吨。"),
    credit_line="记者丨闻小满 苏木\n一审丨乔安 二审丨纪朗\n三审丨卫青禾",
    credits=(
        Credit("记者", Role.REPORTER, "闻小满"),
        Credit("记者", Role.REPORTER, "苏木"),
        Credit("一审", Role.FIRST_REVIEW, "乔安"),
        Credit("二审", Role.SECOND_REVIEW, "纪朗"),
        Credit("三审", Role.THIRD_REVIEW, "卫青禾"),
    ),
    images=(Image("http://www.yunting.example/a.png", "果农采摘。苏木 摄", 1),),
)


@pytest.fixture(autouse=True, scope="session")
def _locks_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the locks of hosts out of the folder of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def article() -> Callable[..., Article]:
    """Make an article that differs from the usual one in the given fields."""

    def make(**changes: Any) -> Article:
        return replace(ARTICLE, **changes)

    return make


@pytest.fixture(scope="session")
def listing() -> Callable[..., Listing]:
    """Make a list page with entries of these keys."""

    def make(*keys: str, **changes: Any) -> Listing:
        page = Listing(
            site="yunting",
            slug="1",
            kind=SectionKind.SECTION,
            url="http://www.yunting.example/content/list?catid=1",
            name="要闻",
            number=1,
            entries=tuple(
                ListingEntry(key, f"http://www.yunting.example/content/show?newsid={key}", f"题{key}")
                for key in keys
            ),
            remaining=None,
            stop="end",
            fetched_at="2024-11-02T01:00:00Z",
        )
        return replace(page, **changes)

    return make


@pytest.fixture(scope="session")
def blank_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to copy, ten times as fast as making it: an archive without rows."""
    path = tmp_path_factory.mktemp("blank") / "yunting.db"
    Archive.open(path).close()
    return path


@pytest.fixture(scope="session")
def empty_archive(blank_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to copy: an empty archive with one crawl begun (number 1)."""
    path = Path(shutil.copy(blank_archive, tmp_path_factory.mktemp("empty")))
    with Archive.open(path) as opened:
        begin_crawl(opened, "yunting", software="test", options={})
    return path


@pytest.fixture
def archive(empty_archive: Path, tmp_path: Path) -> Iterator[Archive]:
    """An empty archive with one crawl begun (number 1)."""
    with Archive.open(shutil.copy(empty_archive, tmp_path)) as opened:
        yield opened


@pytest.fixture
def zhijiang() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command line: arguments in, finished process out."""
    return fork_zhijiang


@pytest.fixture(scope="session")
def demo_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive that `zhijiang demo` makes."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    result = fork_zhijiang("demo", "--archive", path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stderr == ""
    return path


@pytest.fixture
def yunting(blank_archive: Path, tmp_path: Path) -> Iterator[Crawled]:
    """A running site without pages yet, and where its archive will be."""
    with NewsSite() as site:
        yield Crawled(site, tmp_path, fork_zhijiang, blank_archive)
