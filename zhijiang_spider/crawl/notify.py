"""Tell people when a crawl's state changes: a command, a message to a group chat, or what a plug-in knows.

One message when a crawl is in trouble and the one before was not, one when it is well again; ten bad nights are one
alarm and one recovery.  Addresses and secrets come from the environment, never from a profile.
"""

import base64
import hashlib
import hmac
import json
import shlex
import subprocess
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from typing import Any
from urllib.parse import quote_plus

from archive import plugins
from archive.hookspecs import hookimpl
from archive.language import _, noted, told

SECONDS = 20
"""How long a command or a server may take."""


@dataclass(frozen=True, slots=True)
class Alert:
    """What is told."""

    site: str
    archive: str
    well: bool
    summary: str
    troubles: tuple[str, ...]
    seal: str = ""
    """The line of the newest head, for whoever gets the news is its witness; "" where nothing is sealed."""
    told: tuple[str, ...] = ()
    """The troubles in the language of the run, with whole commands; () where they are told as they are."""

    @property
    def state(self) -> str:
        """What the news is of: ``well``, ``trouble``; ``seal`` where it is the head alone, without a summary."""
        return ("well" if self.well else "trouble") if self.summary else "seal"

    @property
    def text(self) -> str:
        """The message as people read it, in the language of the run."""
        lines = [told(self.summary), *(f"· {trouble}" for trouble in self.told or self.troubles), self.seal]
        return "\n".join([_(_SUBJECTS[self.state], site=self.site), *filter(None, lines)])


_SUBJECTS = {
    "well": noted("【zhijiang】{site}: crawls are well again"),
    "trouble": noted("【zhijiang】{site}: the crawl is in trouble"),
    "seal": noted("【zhijiang】{site}: the head of its seals"),
}


Notifier = Callable[[Alert, Mapping[str, str]], list[str] | None]
"""(news, environment) → what went wrong, a sentence each; None where the environment does not ask for this one."""


@hookimpl
def notifiers() -> Mapping[str, Notifier]:
    """Return the notifiers that are built in: a command, and a webhook in the form of each office program."""
    return {"command": _command, **{kind: partial(_webhook, kind) for kind in _KINDS}}


def notify(news: Alert, environment: Mapping[str, str]) -> list[str]:
    """Send news the ways the environment names; return what went wrong, a sentence each.

    ``ZHIJIANG_HOOK``: a command, given the news as JSON on its standard input.  ``ZHIJIANG_WEBHOOK``: an address;
    ``ZHIJIANG_WEBHOOK_KIND``: ``dingtalk``, ``feishu``, ``wecom``, ``json`` or a plug-in's;
    ``ZHIJIANG_WEBHOOK_SECRET``: the signing secret of a 钉钉 or 飞书 robot.
    """
    problems: list[str] = []
    offered = plugins.offers("notifiers", str, Callable)
    sent = set()
    for name, offer in offered.items():
        try:
            notifier: Notifier = offer.load()
            with offer.use():
                if (found := notifier(news, environment)) is not None:
                    sent.add(name)
                    problems += map(str, found)
        except plugins.PluginError as error:
            sent.add(name)
            problems.append(str(error))
    kind = environment.get("ZHIJIANG_WEBHOOK_KIND", "json")
    if environment.get("ZHIJIANG_WEBHOOK") and kind not in sent - {"command"}:
        known = ", ".join(name for name in offered if name != "command")
        problems.append(f"ZHIJIANG_WEBHOOK_KIND {kind!r} is not known: {known}")
    return problems


def _command(news: Alert, environment: Mapping[str, str]) -> list[str] | None:
    """Run ``ZHIJIANG_HOOK``."""
    command = environment.get("ZHIJIANG_HOOK")
    return _run(command, news) if command else None


def _webhook(kind: str, news: Alert, environment: Mapping[str, str]) -> list[str] | None:
    """Post to ``ZHIJIANG_WEBHOOK`` in the form of this kind, if it is the one asked for."""
    url = environment.get("ZHIJIANG_WEBHOOK")
    if not url or environment.get("ZHIJIANG_WEBHOOK_KIND", "json") != kind:
        return None
    return _post(*_KINDS[kind](url, environment.get("ZHIJIANG_WEBHOOK_SECRET", ""), news))


def _run(command: str, news: Alert) -> list[str]:
    try:
        done = subprocess.run(
            shlex.split(command),
            input=json.dumps(_plain(news), ensure_ascii=False),
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
            stdout=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return [f"ZHIJIANG_HOOK did not end within {SECONDS} seconds and was killed"]
    except (OSError, ValueError) as error:
        return [f"ZHIJIANG_HOOK could not be run: {error}"]
    return [f"ZHIJIANG_HOOK ended with status {done.returncode}"] if done.returncode else []


def _post(address: str, message: dict[str, Any]) -> list[str]:
    data = json.dumps(message, ensure_ascii=False).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json; charset=utf-8"})
    try:
        if not address.startswith(("http://", "https://")):
            raise ValueError("no http(s) address")
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            said = answer.read(10_000).decode("utf-8", "replace")
    except (OSError, ValueError, HTTPException) as error:  # the last: what came is no HTTP
        return [f"The webhook could not be reached: {error}"]
    try:
        found = json.loads(said)
    except ValueError:
        return []
    code = found.get("errcode", found.get("code", 0)) if isinstance(found, dict) else 0
    return [f"The webhook refused the message: {said[:200]}"] if code else []


def _plain(news: Alert) -> dict[str, Any]:
    return {
        "site": news.site,
        "archive": news.archive,
        "state": news.state,
        "summary": news.summary,
        "troubles": list(news.troubles),
        "seal": news.seal,
        "text": news.text,
    }


def _dingtalk(url: str, secret: str, news: Alert) -> tuple[str, dict[str, Any]]:
    """Sign as 钉钉 asks: HMAC-SHA256 of milliseconds and secret, in the address."""
    if secret:
        stamp = str(round(time.time() * 1000))
        signed = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
        url += f"{'&' if '?' in url else '?'}timestamp={stamp}&sign={quote_plus(base64.b64encode(signed))}"
    return url, {"msgtype": "text", "text": {"content": news.text}}


def _feishu(url: str, secret: str, news: Alert) -> tuple[str, dict[str, Any]]:
    """Sign as 飞书 asks: HMAC-SHA256 of nothing, keyed with seconds and secret, in the message."""
    message: dict[str, Any] = {"msg_type": "text", "content": {"text": news.text}}
    if secret:
        stamp = str(int(time.time()))
        signed = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
        message |= {"timestamp": stamp, "sign": base64.b64encode(signed).decode()}
    return url, message


def _wecom(url: str, _secret: str, news: Alert) -> tuple[str, dict[str, Any]]:
    return url, {"msgtype": "text", "text": {"content": news.text}}


def _json(url: str, _secret: str, news: Alert) -> tuple[str, dict[str, Any]]:
    return url, _plain(news)


_KINDS: dict[str, Callable[[str, str, Alert], tuple[str, dict[str, Any]]]] = {
    "dingtalk": _dingtalk,
    "feishu": _feishu,
    "wecom": _wecom,
    "json": _json,
}
"""Name → (address, secret, news) → (address to post to, message)."""


plugins.register(__name__)
