"""In turn: answers may be read side by side, and what they say goes out in the order in which they came."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any, TypeAlias

Told: TypeAlias = Iterable[Any]
"""Items and requests, made while they are taken."""


class Turns:
    """The order of a crawl's answers.  What an earlier one says goes out, all of it, before what a later one says."""

    def __init__(self) -> None:
        self._last: asyncio.Event | None = None
        """Set when the latest answer has said everything."""

    def of(self, tell: Callable[..., Told | Awaitable[Told]]) -> Callable[..., AsyncIterator[Any]]:
        """Return a callback of Scrapy's that calls ``tell`` at once and gives what it tells in turn."""

        async def told(*arguments: Any, **named: Any) -> AsyncIterator[Any]:
            earlier, mine = self._last, asyncio.Event()
            self._last = mine
            try:
                telling = tell(*arguments, **named)
                said = await telling if isinstance(telling, Awaitable) else telling
                if earlier is not None:
                    await earlier.wait()
                for item in said:
                    yield item
            finally:
                mine.set()

        return told
