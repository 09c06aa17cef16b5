"""The crawl policy: where a walk stops and what it leaves for the next crawl.

A little list site is simulated: pages of two entries, newest first; what a crawl stores is kept by hand the
way the archive keeps it.
"""

from collections.abc import Set
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from archive.model.crawl import NEVER, WalkState
from archive.model.plan import SectionPlan
from zhijiang_spider.crawl.walk import ListPageSigns, Walk


def plan(
    listed: Set[str] = frozenset(), settled: Set[str] | None = None, backlog: str | None = None
) -> SectionPlan:
    return SectionPlan(
        "s",
        "p1",
        listed=frozenset(listed),
        settled=frozenset(listed if settled is None else settled),
        backlog_url=backlog,
    )


def test_a_first_walk_reads_to_the_end() -> None:
    walk = Walk(plan(), max_pages=9)
    assert walk.step(["d", "c"], "p2", None).follow == "p2"
    assert walk.step(["b", "a"], None, None).stop == "end"


def test_a_page_with_nothing_new_ends_the_walk() -> None:
    walk = Walk(plan({"a", "b", "c", "d"}), max_pages=9)
    assert walk.step(["e", "d"], "p2", None).stop == ""
    assert walk.step(["c", "b"], "p3", None).stop == "known"


def test_a_last_page_that_repeats_for_ever_ends_the_walk() -> None:
    walk = Walk(plan(), max_pages=99)
    walk.step(["b", "a"], "p2", None)
    step = walk.step(["b", "a"], "p3", None)
    assert (step.stop, step.remaining) == ("repeated", None)


def test_older_than_since_ends_the_walk_and_leaves_the_rest() -> None:
    walk = Walk(plan(), max_pages=9, since="2024-01-01")
    assert walk.step(["d", "c"], "p2", "2024-01-02").follow == "p2"
    step = walk.step(["b", "a"], "p3", "2023-12-30")
    assert (step.follow, step.remaining, step.stop) == (None, "p3", "since")


def test_the_cap_ends_the_walk_and_leaves_the_rest() -> None:
    walk = Walk(plan(), max_pages=1)
    step = walk.step(["d", "c"], "p2", None)
    assert (step.follow, step.remaining, step.stop) == (None, "p2", "cap")


def test_after_the_new_entries_the_walk_goes_on_where_an_earlier_one_was_cut() -> None:
    walk = Walk(plan({"d", "c"}, settled=set(), backlog="p2"), max_pages=9)
    assert walk.step(["e", "d"], "p2", None).follow == "p2"
    assert walk.step(["c", "b"], "p3", None).follow == "p3"
    assert walk.step(["a"], None, None).stop == "end"


def test_in_the_backlog_a_page_of_the_broken_walk_itself_does_not_stop_it() -> None:
    """Two new entries pushed the list down a page: the page to go on at holds only listed ones."""
    walk = Walk(plan({"f", "e", "d", "c"}, settled=set(), backlog="p2"), max_pages=9)
    assert walk.step(["f", "e"], "p2", None).follow == "p2"
    assert walk.step(["d", "c"], "p3", None).follow == "p3"


def test_a_full_walk_does_not_stop_at_known_entries() -> None:
    walk = Walk(plan({"a", "b", "c", "d"}), max_pages=9, full=True)
    assert walk.step(["d", "c"], "p2", None).follow == "p2"
    assert walk.step(["b", "a"], None, None).stop == "end"


@given(
    start=st.integers(0, 30),
    kills=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5)), max_size=6),
    page_size=st.integers(1, 4),
    cap=st.integers(1, 6),
)
def test_whatever_is_killed_or_capped_every_entry_is_listed_in_the_end(
    start: int, kills: list[tuple[int, int]], page_size: int, cap: int
) -> None:
    """Crawls are killed after some pages while new entries arrive; later crawls, undisturbed, list them all."""
    entries = [str(number) for number in range(start, -1, -1)]  # newest first
    first_seen: dict[str, int] = {}
    backlog: str | None = None
    backlog_crawl: int | None = None

    def crawl(number: int, pages_before_kill: int) -> None:
        nonlocal backlog, backlog_crawl
        settled = {key for key, crawl in first_seen.items() if backlog_crawl is None or crawl < backlog_crawl}
        walk = Walk(plan(set(first_seen), settled, backlog), max_pages=cap)
        page: str | None = "1"
        while page is not None and walk.pages < pages_before_kill:
            at = (int(page) - 1) * page_size
            keys = entries[at : at + page_size]
            if not keys:  # the list became shorter than the backlog's page number: the site answers 404
                return
            after = str(int(page) + 1) if at + page_size < len(entries) else None
            step = walk.step(keys, after, None)
            for key in keys:  # stored in one transaction with what remains, as save_listing does
                first_seen.setdefault(key, number)
            if step.remaining is None:
                backlog_crawl = None
            elif backlog is None:
                backlog_crawl = number
            backlog = step.remaining
            page = step.follow

    for number, (pages_before_kill, arrived) in enumerate(kills):
        crawl(number, pages_before_kill)
        entries[:0] = [f"new-{number}-{n}" for n in range(arrived)]
    for number in range(len(kills), len(kills) + 80):
        crawl(number, 10**6)
    assert set(first_seen) == set(entries)
    assert backlog is None


def test_a_page_that_only_leads_to_its_list_neither_ends_the_walk_nor_is_a_part_of_the_list() -> None:
    """It may show the first lines of the list itself, or old ones beside it."""
    walk = Walk(plan({"a", "b", "c"}), max_pages=9)
    leads = ListPageSigns(leads=True)
    assert walk.step(["a", "b"], "/api?page=1", "2020-01-01", leads).follow == "/api?page=1"
    assert walk.step(["new", "a", "b"], "/api?page=2", None).follow == "/api?page=2"
    first = Walk(plan(), max_pages=9)
    assert first.step(["a", "b"], "/api?page=1", None, leads).follow == "/api?page=1"
    assert first.step(["a", "b"], "/api?page=2", None).follow == "/api?page=2"


def swept(url: str | None, page: int | None) -> Walk:
    """Return a walk whose first page brought nothing new, with its sweep asked for."""
    known = plan({"a", "b", "c", "d"})
    walk = Walk(replace(known, sweep=3, sweep_url=url, sweep_page=page), max_pages=9)
    assert walk.step(["d", "c"], "p2", None).follow == (url or "p2")
    return walk


def test_a_page_that_is_gone_is_no_failure_only_where_a_sweep_resumes() -> None:
    assert swept("p7", 7).resumes_sweep
    assert swept("p7", 7).end_before().state == WalkState()  # the next one begins again
    assert not swept(None, None).resumes_sweep  # the first page linked it just now
    walk = swept("p7", 7)
    walk.step(["b", "a"], "p8", None)
    assert walk.in_sweep
    assert not walk.resumes_sweep


def test_a_list_whose_forms_die_is_swept_from_its_first_page_ever_after() -> None:
    assert swept("p7 POST s=1", 7).refused().state == WalkState(sweep_page=NEVER)
    walk = swept(None, NEVER)
    assert walk.step(["b", "a"], "p3 POST s=3", None).state == WalkState(sweep_page=NEVER)
    assert walk.step(["y"], None, None).state == WalkState(sweep_page=NEVER)
