"""What tests have a worker do: functions that a worker can import without the rest of the program."""

import os
import sys
import time
from collections.abc import Callable

from zhijiang_spider.derive.article import PartMissing, ScriptOnly, SentOn


def process() -> int:
    return os.getpid()


def die(how: int) -> None:
    os.kill(os.getpid(), how)


def leave(status: int) -> None:
    os._exit(status)


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def modules() -> set[str]:
    return set(sys.modules)


def send_on() -> None:
    raise SentOn("http://www.yunting.example/1")


def miss_a_part() -> None:
    raise PartMissing("page 2 of the article cannot be read: script-only page") from ScriptOnly("script-only")


def fail() -> None:
    raise ZeroDivisionError("nought")


class Odd(Exception):
    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


def fail_oddly() -> None:
    raise Odd("odd", "ly")


def say() -> str:
    sys.stdout.write("this is no answer\n")
    return "answered"


def no_answer() -> Callable[[], None]:
    return lambda: None
