"""A list that a reader puts together: numbers in an address, so that it needs no account and can be sent on.

``/list?ids=3,1,2`` shows it in that order; it is there as CSV, JSON and in every form of citation, and for printing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from flask import request
from werkzeug.exceptions import BadRequest

MOST = 100
"""Articles of a list: its address stays short enough for mails and chats, its citations fill one page."""
_NUMBER = re.compile("[0-9]{1,18}")
_BETWEEN = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class Basket:
    """Articles by their numbers, each once, in the order in which they were put in."""

    numbers: Sequence[int] = ()
    trouble: str = ""
    """What is wrong with what was typed, for the reader; "" for nothing."""
    left: Sequence[str] = ()
    """What was typed and is not in it: no numbers, or more than it holds."""

    @property
    def text(self) -> str:
        """The numbers as an address has them."""
        return ",".join(map(str, self.numbers))

    @property
    def is_full(self) -> bool:
        """Tell whether no more article can be put in."""
        return len(self.numbers) >= MOST

    def with_it(self, number: int) -> str:
        """Return the numbers with one more, as an address has them."""
        return self.text if number in self.numbers else ",".join(filter(None, (self.text, str(number))))

    def without_it(self, number: int) -> str:
        """Return the numbers without one, as an address has them."""
        return ",".join(str(other) for other in self.numbers if other != number)


def read_basket() -> Basket:
    """Read the list out of an address (``ids``).  Raises ``BadRequest`` where there is anything wrong with it."""
    basket = read_typed()
    if basket.trouble:
        raise BadRequest(basket.trouble)
    return basket


def read_typed() -> Basket:
    """Read what can be read of the list in an address, with what is wrong with the rest."""
    typed = [text for text in _BETWEEN.split(request.args.get("ids", "")) if text]
    wrong = list(dict.fromkeys(text for text in typed if not _NUMBER.fullmatch(text)))
    numbers: Mapping[int, None] = dict.fromkeys(int(text) for text in typed if _NUMBER.fullmatch(text))
    said = []
    if wrong:
        said.append(f"清单里是文章的编号，用逗号分开，例如 12,7；这里写着“{wrong[0][:20]}”")
    if len(numbers) > MOST:
        said.append(f"一份清单最多 {MOST} 篇，这里有 {len(numbers)} 篇；请分成几份")
    held, more = tuple(islice(numbers, MOST)), islice(numbers, MOST, None)
    return Basket(held, "；".join(said), [*wrong, *map(str, more)])


def added() -> str:
    """Return the address of the list with what was typed into its form (``add``), right or wrong."""
    typed = _BETWEEN.split(f"{request.args.get('ids', '')},{request.args.get('add', '')}")
    return f"/list?ids={','.join(quote(text, safe='') for text in dict.fromkeys(typed) if text)}"
