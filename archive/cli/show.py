"""``zhijiang show``."""

from pathlib import Path
from typing import Any

import click

from archive.cli.options import archive_option
from archive.cli.output import echo_json
from archive.model.article import MediaType
from archive.rendering.replaced import FIELDS
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
        raise click.ClickException(f"{id_or_url}: no such article in {archive_path}")
    if as_json:
        echo_json(article | ({"restricted": True} if is_restricted else {}))
    else:
        if is_restricted:
            click.echo("【控制件：不供阅览】\n")
        click.echo(_article_text(article))


def _article_text(article: dict[str, Any]) -> str:
    sections = list(
        dict.fromkeys(filter(None, [article["section"], *(s["name"] for s in article["sections"])]))
    )
    credits_text = "\n".join(
        f"  {credit['role']}：{credit['name']}"
        + (f"（{credit['org']}）" if credit["org"] else "")
        + (f"  印作“{credit['label']}”" if credit["label"] and credit["label"] != credit["role"] else "")
        for credit in article["credits"]
    )
    versions = "\n".join(
        f"  第 {v['number']} 版  北京时间 {local_time(v['seen_at'])}（UTC {v['seen_at']}）  "
        + ("改动：" + "、".join(FIELDS[name] for name in v["changed"]) if v["changed"] else "首次存档")
        for v in article["versions"]
    )
    head = [article["kicker"], article["title"], article["subtitle"]]
    parts = [
        "\n".join(filter(None, head)),
        f"编号 {article['article_id']}  {_published(article)}"
        f"  栏目：{'、'.join(sections) or '不明'}  来源：{article['source'] or '未印'}  类型：{article['kind']}  状态：{article['status']}\n"
        f"{article['url']}",
        "\n".join(f"　　{paragraph}" for paragraph in article["body"]),
        "\n".join(f"图：{image['caption'] or '（无图说）'}  {image['url']}" for image in article["images"]),
        "\n".join(
            f"{_attachment(a['text'] or _KINDS[a['kind']])}  {a['url']}" for a in article["attachments"]
        ),
        f"署名原文\n{article['credit_line']}" if article["credit_line"] else "署名原文：未印",
        f"署名\n{credits_text}" if credits_text else "",
        f"版本\n{versions}",
    ]
    return "\n\n".join(filter(None, parts))


_KINDS = {MediaType.VIDEO: "视频", MediaType.AUDIO: "音频", MediaType.FILE: "文件"}
"""What an attachment without a text is called."""


def _published(article: dict[str, Any]) -> str:
    """Return when an article was published: the site's own day, and its time where the page prints one."""
    printed = article["published_at"]
    return printed[:16].replace("T", " ") if printed else article["published_on"] or "日期不明"


def _attachment(text: str) -> str:
    """Return an attachment's text with the word 附件, which many print before it themselves."""
    return text if text.startswith("附件") else f"附件：{text}"
