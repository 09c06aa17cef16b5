"""A first meeting with invented county sites: ``probe`` drafts a profile, the draft crawls, all articles are compared.

    python benchmarks/first_contact.py [--site NAME]… [--start home|list] [-v]

Prints how many articles of each site are right in title, date, section and text.
"""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.command_line import fork_zhijiang  # noqa: E402
from tests.first_contact import meet  # noqa: E402
from tests.replicas import REPLICAS  # noqa: E402


def main() -> int:
    """Meet all sites; return 1 where an article is missing or wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--site", action="append", help="Only this one; may be repeated.")
    parser.add_argument("--start", choices=["home", "list"], default="home", help="What probe is given.")
    parser.add_argument("-v", "--verbose", action="store_true", help="Print the drafts and what is wrong.")
    asked = parser.parse_args()
    total: Counter[str] = Counter()
    for replica in REPLICAS:
        if not asked.site or replica.name in asked.site:
            with tempfile.TemporaryDirectory() as folder:
                found, said = meet(replica, asked.start, Path(folder), fork_zhijiang)
            total += found
            print(
                f"{replica.name:12} {found['right']:3} of {found['all']:3} right; title {found['title']},"
                f" date {found['date']}, section {found['section']}, text {found['text']};"
                f" {found['more']} that are no articles; crawl {'complete' if found['complete'] else 'INCOMPLETE'}"
            )
            if asked.verbose:
                print(said)
    print(f"{'all':12} {total['right']:3} of {total['all']:3} right")
    return int(total["right"] < total["all"])


if __name__ == "__main__":
    raise SystemExit(main())
