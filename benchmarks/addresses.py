"""Are addresses read as browsers read them?  Web Platform Tests' ``url/resources/urltestdata.json`` says.

    python benchmarks/addresses.py urltestdata.json

Of its cases those whose result is an address of http or https, and those that must be refused where the base is one.
What counts is the address that a request goes out with, without its fragment.
"""

import argparse
import json
import timeit
from pathlib import Path
from typing import Any

from zhijiang_spider.crawl.spider import ask
from zhijiang_spider.pages.links import resolve

LINK = "/content/show?catid=7&newsid=11"
BASE = "http://www.yunting.example/content/list?catid=7"


def main() -> None:
    """Print how many agree, those that do not, and what one link costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="urltestdata.json")
    cases = [case for case in json.loads(parser.parse_args().file.read_text("utf-8")) if is_of_web(case)]
    wrong = [case for case in cases if sent(case) != wanted(case)]
    for case in wrong:
        print(f"{case['input']!r} on {case['base']!r}: {sent(case)!r}, should be {wanted(case)!r}")
    print(f"{len(cases) - len(wrong)} of {len(cases)} as in browsers")
    seconds = min(timeit.repeat(lambda: resolve(BASE, LINK), number=10_000, repeat=5)) / 10_000
    print(f"{seconds * 1e6:.1f} µs a link")


def is_of_web(case: Any) -> bool:
    """Tell whether a case is one of the web."""
    return isinstance(case, dict) and (
        case.get("href") or (case.get("base") or case["input"])
    ).lower().startswith(("http:", "https:"))


def wanted(case: dict[str, Any]) -> str | None:
    """Return the address that a browser asks for, None if there is none."""
    return None if case.get("failure") else case["href"].partition("#")[0]


def sent(case: dict[str, Any]) -> str | None:
    """Return the address that a crawl asks for."""
    base = case["base"] if case["base"] not in (None, "about:blank") else ""
    address = resolve(base, case["input"])
    return address and ask(address).url.partition("#")[0]


if __name__ == "__main__":
    main()
