"""Tree: how much of a page's visible text the parser in use finds, in order, on html5lib's own cases.

    python benchmarks/tree.py [FOLDER]

FOLDER, without which nothing is measured, holds the ``.dat`` files of html5lib's tree construction tests, ``html5lib/tests/testdata/tree-construction``
in its source distribution.  Each case is a page and the tree that a browser makes of it; cases of fragments, of
pages that write themselves by scripts, and of browsers without scripts are left out.  What is not shown as text
(scripts, styles, titles, noscript, select, SVG …) is none here.

``lost`` counts the cases whose visible text is not all found in its order, ``missing`` those where characters are
missing.  ``ms`` is processor time per case.  Exit status 1 where the parser in use loses text in more than 27 cases.
"""

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree
from parsel import Selector

from zhijiang_spider.pages import Page

MOST_LOST = 27
UNSEEN = frozenset(
    [
        "head",
        "iframe",
        "math",
        "noembed",
        "noframes",
        "noscript",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "xmp",
    ]
)
NODE = re.compile(r"^\| ( *)(.*?)(?=^\| |\Z)", re.MULTILINE | re.DOTALL)
"""A line of a printed tree: its depth in pairs of spaces; a text may run over several lines."""


def cases(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield page and printed tree."""
    for path in sorted(folder.rglob("*.dat")):
        for case in re.split(r"(?:\A|\n\n)#data\n", path.read_text(encoding="utf-8"))[1:]:
            page, _, rest = case.partition("\n#errors")
            told, _, tree = rest.partition("#document\n")
            if path.parent.name != "scripted" and not re.search(
                "^#(?:document-fragment|script-off)", told, re.M
            ):
                yield page, tree


def text_of_printed(tree: str) -> str:
    texts, around = [], list[str]()
    for node in NODE.finditer(tree):
        del around[len(node[1]) // 2 :]
        content = node[2].rstrip("\n")
        if content.startswith('"'):
            texts += [content[1:-1]] if UNSEEN.isdisjoint(around) else []
        else:
            around.append(content.strip("<>").partition(" ")[0] if content.startswith("<") else "")
    return squeezed("".join(texts))


def text_of(root: etree._Element) -> str:
    texts = []
    for text in root.xpath(".//text()"):
        node = text.getparent()
        if text.is_tail:
            node = node.getparent()
        if not any(element.tag in UNSEEN for element in (node, *node.iterancestors())):
            texts.append(str(text))
    return squeezed("".join(texts))


def squeezed(text: str) -> str:
    return re.sub("[\\s\0\ufffd]+", "", text)


def is_in_order(part: str, text: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in part)


def measure(name: str, parse: Callable[[str], etree._Element], given: list[tuple[str, str]]) -> int:
    lost = missing = 0
    spent = 0.0
    for page, tree in given:
        begun = time.process_time()
        root = parse(page)
        spent += time.process_time() - begun
        want, got = text_of_printed(tree), text_of(root)
        lost += not is_in_order(want, got)
        missing += bool(Counter(want) - Counter(got))
    print(f"{name:<20} {lost:>5} {missing:>8} {1000 * spent / len(given):>7.3f}")
    return lost


def main() -> int:
    """Measure lxml alone and the parser in use; return whether the latter is over the bar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?")
    folder = parser.parse_args().folder
    if folder is None:
        print("not measured: no folder of html5lib's tree construction tests was given")
        return 0
    given = list(cases(folder))
    print(f"{len(given)} cases            lost  missing      ms")
    measure("lxml", lambda page: Selector(text=page or "<html/>", type="html").root, given)
    lost = measure("the parser in use", lambda page: Page("", page.encode()).selector.root, given)
    return lost > MOST_LOST


if __name__ == "__main__":
    sys.exit(main())
