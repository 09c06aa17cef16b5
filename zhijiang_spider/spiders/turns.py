"""In turn: answers may be read side by side, and what they say goes out in the order in which they came."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from itertools import chain
from typing import Any, TypeAlias

from scrapy import Request

Told: TypeAlias = Iterable[Any]
"""Items and requests, made while they are taken."""


class Turns:
    """The order of a crawl's answers.  What an earlier one says goes out, all of it, before what a later one says."""

    def __init__(self) -> None:
        self._last: asyncio.Event | None = None
        """Set when the latest answer has said everything."""

    def of(
        self, tell: Callable[..., Told | Awaitable[Told]], *, asks_at_once: bool = False
    ) -> Callable[..., AsyncIterator[Any]]:
        """Return a callback of Scrapy's that calls ``tell`` at once and gives what it tells in turn.

        ``asks_at_once``: its requests do not wait, so that pages are fetched while earlier ones are still read.
        """

        async def told(*arguments: Any, **named: Any) -> AsyncIterator[Any]:
            earlier, mine = self._last, asyncio.Event()
            self._last = mine
            try:
                telling = tell(*arguments, **named)
                said = await telling if isinstance(telling, Awaitable) else telling
                if earlier is not None and not earlier.is_set():
                    if asks_at_once:
                        requests, said = _apart(said)
                        for request in requests:
                            yield request
                    await earlier.wait()
                for item in said:
                    yield item
            finally:
                mine.set()

        return told


def _apart(said: Told) -> tuple[list[Request], Told]:
    """Return the requests, and all else; what is raised behind them comes last."""
    requests: list[Request] = []
    items: list[Any] = []
    try:
        for item in said:
            (requests if isinstance(item, Request) else items).append(item)
    except Exception as error:
        return requests, chain(items, _raising(error))
    return requests, items


def _raising(error: Exception) -> Iterator[Any]:
    raise error
    yield
