"""A list that a reader puts together: numbers in an address, so that it needs no account and can be sent on.

``/list?ids=3,1,2`` shows it in that order; it is there as CSV, JSON and in every form of citation, and for printing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import BadRequest

MOST = 100
"""Articles of a list: its address stays short enough for mails and chats, its citations fill one page."""
_NUMBER = re.compile("[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Basket:
    """Articles by their numbers, each once, in the order in which they were put in."""

    numbers: Sequence[int] = ()

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
    """Read the list out of an address (``ids``, and ``add``: more of them).  Raises ``BadRequest``."""
    typed = re.split(r"[\s,，、;；]+", f"{request.args.get('ids', '')},{request.args.get('add', '')}")
    numbers: dict[int, None] = {}
    for text in filter(None, typed):
        if not _NUMBER.fullmatch(text):
            raise BadRequest(f"清单里是文章的编号，用逗号分开，例如 12,7；这里写着“{text[:20]}”")
        numbers[int(text)] = None
    if len(numbers) > MOST:
        raise BadRequest(f"一份清单最多 {MOST} 篇，这里有 {len(numbers)} 篇；请分成几份")
    return Basket(tuple(numbers))
