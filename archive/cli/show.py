"""``zhijiang show``."""

from pathlib import Path
from typing import Any

import click

from archive.cli.options import archive_option
from archive.cli.output import echo_json
from archive.language import _, noted
from archive.store.archive import Archive
from archive.store.read import find_article
from archive.times import local_time


@click.command()
@click.argument("id_or_url")
@archive_option
@click.option("--json", "as_json", is_flag=True, help="For machines: the whole record as JSON.")
def show(id_or_url: str, archive_path: Path, as_json: bool) -> None:
    """Show one article with its credits and versions, by its number (编号) or its address."""
    from archive.store.access import restricted_ids

    with Archive.read(archive_path) as archive:
        article = find_article(archive, id_or_url)
        is_restricted = article is not None and article["article_id"] in restricted_ids(archive)
    if article is None:
        raise click.ClickException(
            _(
                "{id_or_url}: no such article in {archive_path}",
                id_or_url=id_or_url,
                archive_path=archive_path,
            )
        )
    if as_json:
        echo_json(article | ({"restricted": True} if is_restricted else {}))
    else:
        if is_restricted:
            click.echo(_("[restricted: not for readers]\n"))
        click.echo(_article_text(article))


def _article_text(article: dict[str, Any]) -> str:
    sections = list(
        dict.fromkeys(filter(None, [article["section"], *(s["name"] for s in article["sections"])]))
    )
    credits_text = "\n".join(map(_credit, article["credits"]))
    versions = "\n".join(map(_version, article["versions"]))
    head = [article["kicker"], article["title"], article["subtitle"]]
    about = _(
        "Number {number}  {published}  Sections: {sections}  Source: {source}  Kind: {kind}  State: {state}",
        number=article["article_id"],
        published=_published(article),
        sections="、".join(sections) or _("unknown"),
        source=article["source"] or _("not printed"),
        kind=article["kind"],
        state=article["status"],
    )
    parts = [
        "\n".join(filter(None, head)),
        f"{about}\n{article['url']}",
        "\n".join(f"　　{paragraph}" for paragraph in article["body"]),
        "\n".join(
            _("Picture: {caption}  {url}", caption=image["caption"] or _("(no caption)"), url=image["url"])
            for image in article["images"]
        ),
        "\n".join(_attachment(a["text"] or _(a["kind"]), a["url"]) for a in article["attachments"]),
        _("Credits as printed") + f"\n{article['credit_line']}"
        if article["credit_line"]
        else _("Credits as printed: none"),
        _("Credits") + f"\n{credits_text}" if credits_text else "",
        _("Versions") + f"\n{versions}",
    ]
    return "\n\n".join(filter(None, parts))


_KINDS = (noted("video"), noted("audio"), noted("file"))
_FIELDS = (
    *(noted("title"), noted("kicker"), noted("subtitle"), noted("section"), noted("published_raw")),
    *(noted("source"), noted("body"), noted("credit_line"), noted("credits"), noted("images")),
)
"""What an attachment without a text is called, and what a version may have changed."""


def _published(article: dict[str, Any]) -> str:
    """Return when an article was published: the site's own day, and its time where the page prints one."""
    printed = article["published_at"]
    return printed[:16].replace("T", " ") if printed else article["published_on"] or _("date unknown")


def _credit(credit: dict[str, Any]) -> str:
    line = f"  {credit['role']}：{credit['name']}"  # as it is printed in Chinese papers
    if credit["org"]:
        line += f"（{credit['org']}）"
    if credit["label"] and credit["label"] != credit["role"]:
        line += _("  printed as “{label}”", label=credit["label"])
    return line


def _version(version: dict[str, Any]) -> str:
    number, at = version["number"], version["seen_at"]
    line = _(
        "  Version {number}  {local} Beijing time ({utc} UTC)  ", number=number, local=local_time(at), utc=at
    )
    if not version["changed"]:
        return line + _("first archived")
    return line + _("changed: {fields}", fields="、".join(map(_, version["changed"])))


def _attachment(text: str, url: str) -> str:
    """Return the line of an attachment, without the word twice: many print 附件 before it themselves."""
    return f"{text}  {url}" if text.startswith("附件") else _("Attachment: {text}  {url}", text=text, url=url)
