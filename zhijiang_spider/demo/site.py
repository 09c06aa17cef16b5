"""The sample site as data: address → page.

Pages are built the way the real platform's are: several addresses for one article, a row of boilerplate
round the text, old pages in another layout and encoding, a link to a foreign copy of the site.
"""

import tomllib
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import NamedTuple

from jinja2 import Environment, PackageLoader

from zhijiang_spider.demo.pictures import attachment, picture

PAGE_SIZE = 4
"""Articles on one list page."""
TITLE_WIDTH = 20
"""Longer titles are cut in lists and stand in full in the link's ``title``."""
NAME = "云汀网"
FOREIGN_COPY = "http://www.yunting-copy.invalid"
"""A host that cannot exist: a link there must not be followed."""


class Page(NamedTuple):
    """What the server answers."""

    status: int
    content_type: str
    body: bytes


class Section(NamedTuple):
    """A 栏目."""

    catid: str
    name: str


class Story(NamedTuple):
    """An article of ``articles.toml``."""

    newsid: int
    catids: list[str]
    published: str
    title: str
    text: str
    kicker: str = ""
    subtitle: str = ""
    source: str = ""
    old: bool = False
    file: str = ""


class Figure(NamedTuple):
    """A picture in a text."""

    path: str
    caption: str


def render_site() -> dict[str, Page]:
    """Return every page and file of the site by its path and query."""
    sections, stories = load_content()
    templates = _templates(sections)
    pages = {
        "/": _home(templates, sections, stories),
        "/robots.txt": Page(200, "text/plain; charset=utf-8", b"User-agent: *\nDisallow: /admin/\n"),
    }
    for section in sections:
        listed = [story for story in stories if section.catid in story.catids]
        parts = [listed[start : start + PAGE_SIZE] for start in range(0, len(listed), PAGE_SIZE)]
        for number, part in enumerate(parts, 1):
            pages[list_path(section, number)] = _list(templates, section, part, number, len(parts))
        pages[list_path(section, 1) + "&page=1"] = pages[list_path(section, 1)]
        for story in listed:
            pages[article_path(story, section.catid)] = _article(templates, story, section, listed)
    for story in stories:
        for block in _blocks(story):
            if isinstance(block, Figure):
                pages[block.path] = Page(200, "image/png", picture(block.path))
        if story.file:
            pages[_file_path(story)] = Page(200, "application/pdf", attachment(f"Yunting {story.newsid}"))
    return pages


def load_content() -> tuple[list[Section], list[Story]]:
    """Return the sections in their order and the articles, newest first."""
    data = tomllib.loads(
        (resources.files("zhijiang_spider.demo") / "articles.toml").read_text(encoding="utf-8")
    )
    sections = [Section(**section) for section in data["section"]]
    stories = [Story(**story) for story in data["article"]]
    return sections, sorted(stories, key=lambda story: -story.newsid)


def article_path(story: Story, catid: str) -> str:
    """Return the address of an article in one of its sections."""
    return f"/content/show?catid={catid}&newsid={story.newsid}"


def list_path(section: Section, number: int) -> str:
    """Return the address of a list page; the first one has no number."""
    return f"/content/list?catid={section.catid}" + (f"&page={number}" if number > 1 else "")


# --- the text of an article ---------------------------------------------------------------------------


def _blocks(story: Story) -> Iterator[str | Figure]:
    """Yield paragraphs and pictures in reading order."""
    number = 0
    for line in story.text.strip().splitlines():
        mark, _, caption = line.partition("：")
        if mark == "图":
            number += 1
            yield Figure(
                f"/upload/{story.published[:7].replace('-', '')}/{story.newsid}-{number}.png", caption
            )
        else:
            yield line


def _file_path(story: Story) -> str:
    return f"/upload/files/{story.newsid}.pdf"


# --- pages ----------------------------------------------------------------------------------------------


def _cut(title: str) -> str:
    """Return a title as lists show it."""
    return title if len(title) <= TITLE_WIDTH else f"{title[:TITLE_WIDTH]}…"


def _templates(sections: Sequence[Section]) -> Environment:
    templates = Environment(
        loader=PackageLoader("zhijiang_spider.demo"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    templates.filters["cut"] = _cut
    templates.globals |= {
        "name": NAME,
        "foreign": FOREIGN_COPY,
        "sections": sections,
        "list_path": list_path,
        "article_path": article_path,
    }
    return templates


def _home(templates: Environment, sections: Sequence[Section], stories: Sequence[Story]) -> Page:
    newest = [
        (section, [story for story in stories if section.catid in story.catids][:PAGE_SIZE])
        for section in sections
    ]
    return _html(templates.get_template("home.html").render(title=NAME, newest=newest))


def _list(
    templates: Environment, section: Section, stories: Sequence[Story], number: int, count: int
) -> Page:
    text = templates.get_template("list.html").render(
        title=f"{section.name}-{NAME}", section=section, stories=stories, number=number, count=count
    )
    return _html(text)


def _article(templates: Environment, story: Story, section: Section, listed: Sequence[Story]) -> Page:
    text = templates.get_template("old.html" if story.old else "article.html").render(
        title=f"{story.title}-{NAME}",
        story=story,
        section=section,
        listed=listed,
        blocks=list(_blocks(story)),
        file=_file_path(story) if story.file else "",
    )
    return Page(200, "text/html", text.encode("gbk")) if story.old else _html(text)


def _html(text: str) -> Page:
    return Page(200, "text/html; charset=utf-8", text.encode("utf-8"))
