"""The texts of a page: what each of its elements holds, read once for all of them."""

from collections.abc import Sequence

from lxml import etree
from lxml.etree import _Element


class Texts:
    """The texts of a page in their order, and which of them stand in each element.

    Asked of lxml, the first texts of elements that hold one another, or hold no text at all, cost the square of
    the page; here each is a slice.
    """

    def __init__(self, root: _Element) -> None:
        self._texts: list[str] = []
        self._spans: dict[_Element, tuple[int, int]] = {}
        starts: list[int] = []
        for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if event == "start":
                starts.append(len(self._texts))
                if node.text:
                    self._texts.append(node.text)
                continue
            # A comment holds nothing, but text stands behind it: 共<!-- -->3<!-- -->页, as React writes it.
            start = starts.pop() if event == "end" else len(self._texts)
            self._spans[node] = start, len(self._texts)
            if node.tail:
                self._texts.append(node.tail)

    @property
    def all(self) -> Sequence[str]:
        """Every text of the page, those of scripts too."""
        return self._texts

    def of(self, element: _Element, most: int) -> list[str]:
        """Return the first texts in an element, as its ``itertext()`` gives them."""
        start, end = self._spans[element]
        return self._texts[start : min(end, start + most)]

    def place(self, element: _Element) -> int:
        """Return how many texts stand before those of an element: the order of the page."""
        return self._spans[element][0]
