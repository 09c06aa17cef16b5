"""The pages that the reading room has: its own, and those of plug-ins."""

import logging
from collections.abc import Mapping

from flask import Blueprint, Flask

from archive.hookspecs import RoomPages, hookimpl
from archive.plugins import Offer, PluginError, load, offers, reason, register

_log = logging.getLogger(__name__)


@hookimpl
def room_pages() -> Mapping[str, RoomPages]:
    """Return the pages that are built in."""
    return {
        "search": RoomPages("archive.room.search_pages:pages", {"/": "检索"}),
        "doors": RoomPages("archive.room.doors:pages"),
        "machines": RoomPages("archive.room.machines:pages"),
        "articles": RoomPages("archive.room.article_pages:pages"),
        "baskets": RoomPages("archive.room.basket_pages:pages"),
        "days": RoomPages("archive.room.day_pages:pages"),
        "names": RoomPages("archive.room.name_pages:pages", {"/n": "人名"}),
        "lists": RoomPages(
            "archive.room.list_pages:pages",
            {
                "/section": "栏目",
                "/changes": "变更",
                "/gone": "已消失",
                "/photos": "图片",
                "/coverage": "覆盖",
                "/crawls": "采集",
                "/about": "说明",
            },
        ),
    }


def add_pages(app: Flask) -> Mapping[str, str]:
    """Give an application all pages; return its menu, address → label.

    Pages of a plug-in that cannot be used are named in the log and left out.
    """
    menu: dict[str, str] = {}
    app.extensions["offered"] = blueprints = {}
    for offer in offers("room_pages", RoomPages).values():
        try:
            with offer.use():
                blueprint = load(offer.value.blueprint)
                if offer.plugin:  # on trial every address is compiled once more
                    _check(app, blueprint)
                links = {
                    address: str(label) for address, label in offer.value.menu.items() if address not in menu
                }
                app.register_blueprint(blueprint)
                blueprints[blueprint.name] = offer
                menu |= links
        except PluginError as error:
            _log.warning("%s", error)
    return menu


def _check(app: Flask, blueprint: Blueprint) -> None:
    """Refuse pages at addresses that others have: they would never be shown.  Raises ``ValueError``."""
    trial = Flask("archive.room", static_folder=None)
    trial.register_blueprint(blueprint)
    known = {rule.rule for rule in app.url_map.iter_rules()}
    if taken := [rule.rule for rule in trial.url_map.iter_rules() if rule.rule in known]:
        raise ValueError(f"the reading room has pages at {', '.join(taken)} already")


def failed_pages(app: Flask, blueprint: str | None, error: Exception) -> str:
    """Return in one line what went wrong in pages of a plug-in, "" for those that are built in."""
    offer: Offer | None = app.extensions.get("offered", {}).get(blueprint)
    return f"plug-in {offer.plugin}: {offer.what}: {reason(error)}" if offer and offer.plugin else ""


register(__name__)
