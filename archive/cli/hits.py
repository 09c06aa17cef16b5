"""How hits of a search, and what they are made of, are printed: of one archive and of several alike."""

from dataclasses import asdict
from typing import Any

import click

from archive.cli.output import echo_json
from archive.search.query import Facets, Hit

HIT_COLUMNS = ("article_id", "published_on", "section", "title", "url", "snippet")
"""What JSON and CSV tell of a hit."""


def hit_row(hit: Hit) -> dict[str, Any]:
    """Return a hit as JSON and CSV tell it."""
    return {name: getattr(hit, name) for name in HIT_COLUMNS}


def print_hit(hit: Hit, *, restricted: bool, archive: str = "") -> None:
    """Print a hit in two lines.  ``archive``: what the archive that holds it is called, where there are several."""
    mark = "【控制件】" if restricted else ""
    day, section = hit.published_on or "----------", hit.section or "-"
    click.echo("\t".join(filter(None, (archive, str(hit.article_id), day, section, f"{mark}{hit.title}"))))
    click.echo(
        "\t"
        + "".join(click.style(f"【{text}】", bold=True) if found else text for text, found in hit.segments)
    )


def how_many(total: int, first: int, listed: int) -> str:
    """Return the line that says how many hits there are, and which of them are listed."""
    shown = f"，列出第 {first}–{first + listed - 1} 篇" if 0 < listed < total else ""
    return f"共 {total} 篇{shown}"


def print_facets(found: Facets, *, as_json: bool) -> None:
    """Print what hits are made of."""
    if as_json:
        echo_json(asdict(found))
        return
    for name, values in (("栏目", found.sections), ("来源", found.sources), ("年", found.years)):
        click.echo(f"{name}：" + ("  ".join(f"{value} {number}" for value, number in values) or "无"))
    for name, values in (("状态", found.states), ("图片", found.pictures)):
        click.echo(f"{name}：" + ("  ".join(f"{value} {number}" for value, number in values) or "无"))
    names = "  ".join(f"{role}:{name} {number}" for role, name, number in found.credits)
    click.echo(f"署名：{names or '无'}")
