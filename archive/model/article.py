"""The domain model: what an article of a news site is.  Imports nothing of ours.

Field names follow schema.org and Dublin Core where they have one.
Every value here is text that a page printed, or a reading of it; the print is kept beside the reading
(``published_raw``, ``source_raw``, ``credit_line``, ``Credit.label``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any


class RoleGroup(StrEnum):
    """What kind of work a credit stands for."""

    CREATE = "采写"
    EDIT = "编辑"
    REVIEW = "审核"
    OTHER = "其他"


class Role(StrEnum):
    """What a credited name did.  Values are the Chinese terms, so SQL reads ``WHERE role = '记者'``.

    A role is the *meaning* of a label: 责编 and 责任编辑 are both ``责任编辑``.
    初审 is 一审 and 复审 is 二审; 终审 stays a role of its own, because it closes a chain of three
    (初审、复审、终审) on one site and follows a 三审 as a fourth level on another.
    """

    group: RoleGroup
    english: str

    def __new__(cls, term: str, group: RoleGroup = RoleGroup.OTHER, english: str = "") -> "Role":
        """Make a member from its Chinese term, the group it belongs to and its English name."""
        role = str.__new__(cls, term)
        role._value_ = term
        role.group = group
        role.english = english
        return role

    REPORTER = "记者", RoleGroup.CREATE, "reporter"
    TRAINEE_REPORTER = "见习记者", RoleGroup.CREATE, "trainee reporter"
    SPECIAL_REPORTER = "特约记者", RoleGroup.CREATE, "contributing reporter"
    INTERN = "实习生", RoleGroup.CREATE, "intern"
    CORRESPONDENT = "通讯员", RoleGroup.CREATE, "correspondent (not staff)"
    AUTHOR = "作者", RoleGroup.CREATE, "author"
    PHOTO_REPORTER = "摄影报道", RoleGroup.CREATE, "picture story"
    TEXT_AND_PICTURES = "图文", RoleGroup.CREATE, "text and pictures"
    PHOTOGRAPHER = "摄影", RoleGroup.CREATE, "photographer"
    PICTURE_SUPPLIER = "供图", RoleGroup.CREATE, "picture supplied by"
    VIDEOGRAPHER = "摄像", RoleGroup.CREATE, "camera"
    VIDEO_EDITOR = "剪辑", RoleGroup.CREATE, "video editing"
    PRESENTER = "出镜", RoleGroup.CREATE, "presenter"
    VOICE = "配音", RoleGroup.CREATE, "voice"
    NARRATOR = "口述", RoleGroup.CREATE, "told by"
    TRANSLATOR = "编译", RoleGroup.CREATE, "translator"
    COMPILER = "整理", RoleGroup.CREATE, "compiler"
    EDITOR = "编辑", RoleGroup.EDIT, "editor"
    RESPONSIBLE_EDITOR = "责任编辑", RoleGroup.EDIT, "responsible editor"
    EXECUTIVE_EDITOR = "执行编辑", RoleGroup.EDIT, "executive editor"
    CHIEF_EDITOR = "主编", RoleGroup.EDIT, "chief editor"
    DUTY_EDITOR = "值班编委", RoleGroup.EDIT, "editor on duty"
    PROOFREADER = "校对", RoleGroup.EDIT, "proofreader"
    DESIGNER = "设计", RoleGroup.EDIT, "designer"
    FIRST_REVIEW = "一审", RoleGroup.REVIEW, "first review"
    SECOND_REVIEW = "二审", RoleGroup.REVIEW, "second review"
    THIRD_REVIEW = "三审", RoleGroup.REVIEW, "third review"
    FINAL_REVIEW = "终审", RoleGroup.REVIEW, "final review"
    REVIEW = "审核", RoleGroup.REVIEW, "review, level not stated"
    APPROVER = "签发", RoleGroup.REVIEW, "signs off for publication"
    SUPERVISOR = "监制", RoleGroup.REVIEW, "supervising producer"
    CHIEF_SUPERVISOR = "总监制", RoleGroup.REVIEW, "chief supervising producer"
    PLANNER = "策划", RoleGroup.OTHER, "planner"
    COORDINATOR = "统筹", RoleGroup.OTHER, "coordinator"
    PRODUCER = "制作", RoleGroup.OTHER, "producer"
    PRESENTED_BY = "出品", RoleGroup.OTHER, "produced and published by"
    SOURCE = "来源", RoleGroup.OTHER, "source outlet"
    COPY_SUPPLIER = "供稿", RoleGroup.OTHER, "copy supplied by"
    POSTER = "发布", RoleGroup.OTHER, "posted by"
    UNLABELLED = "署名", RoleGroup.OTHER, "name without a role word"
    OTHER = "其他", RoleGroup.OTHER, "a label not in the table"


class Position(StrEnum):
    """Where on the page a credit was found."""

    HEADER = "页眉"
    """The row of date, source and names under the title."""
    DATELINE = "电头"
    """The opening of the first paragraphs: ``枝江融媒（记者 …）``."""
    TAIL = "文末"
    """The last lines of the text."""
    CAPTION = "图说"
    """A picture's caption."""


class Kind(StrEnum):
    """What an article mainly is.  ``NEWSPAPER`` says where it stands; the others what it is made of."""

    TEXT = "文字"
    GALLERY = "图集"
    """Pictures with little more text than their captions."""
    VIDEO = "视频"
    AUDIO = "音频"
    FILE = "文件"
    """A file to open or download (PDF, Word), with at most a line about it."""
    NEWSPAPER = "报纸"
    """A page of a newspaper's electronic edition."""


class MediaType(StrEnum):
    """What an attachment is."""

    VIDEO = "video"
    AUDIO = "audio"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Credit:
    """One (label, role, name, organisation) of an article.  A name is a string, not a person."""

    label: str | None
    """The role word as printed, padding spaces removed (``责编``); None for a name without one."""
    role: Role
    """The label's meaning; ``Role.OTHER`` for a label the table does not know."""
    name: str
    """The name as printed, padding inside removed; an organisation where the value is one."""
    org: str | None = None
    """The outlet or unit printed with this credit, None where there is none."""
    position: Position = Position.TAIL
    rule: str = ""
    """Which reading rule found it; an archivist can ask for the uncertain ones."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture inside an article."""

    url: str
    """Absolute address of the real picture, not of a placeholder."""
    caption: str = ""
    """The text under the picture as printed, or ""."""
    paragraph: int = 0
    """How many paragraphs of the article as printed stand before it: its place in the reading order."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A video, sound or file that an article links to or embeds."""

    url: str
    kind: MediaType
    text: str = ""
    """The link text, or ""."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How the archive keeps a field of ``Article``; without more said, in a column that holds it as it is."""

    column: bool = True
    """In the table ``article``, in a column of the field's name."""
    version: bool = False
    """Another value is another version: it is in the digest, and a column of ``article_version``."""
    text: bool = False
    """Its characters count in what a version adds and removes."""
    write: Callable[[Any], Any] = lambda value: value
    """Returns what the column holds."""


def _kept(**facts: Any) -> Mapping[str, Kept]:
    return {"kept": Kept(**facts)}


def _json(value: object) -> str:
    import json  # which whoever only reads credit lines need not load

    return json.dumps(value, ensure_ascii=False)


_PRINTED = _kept(version=True)
_TEXT = _kept(version=True, text=True)
_ELSEWHERE = _kept(column=False)
"""In a table of its own, or under another name."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as the archive keeps it: every field normalised, its printed form beside it.

    The one place where a field is named: what is written to the tables and read from them follows from the
    fields here and from the data dictionary.  Digests are made of the fields of a version in this order.
    """

    site: str
    """Name of the site profile."""
    key: str
    """The article's identity on its site (newsid, page id).  (site, key) is unique in the archive."""
    url: str
    """The address it was read from."""
    title: str = field(metadata=_TEXT)
    fetched_at: str = field(metadata=_ELSEWHERE)
    """When the page was fetched: UTC, ``2024-01-16T02:03:04Z``."""
    kind: Kind = Kind.TEXT
    kicker: str = field(default="", metadata=_TEXT)
    """引题: the line over the title, or ""."""
    subtitle: str = field(default="", metadata=_TEXT)
    """副题: the line under the title, or ""."""
    section: str = field(default="", metadata=_PRINTED)
    """栏目 as the page prints it (the last element of the breadcrumb), or ""."""
    breadcrumb: tuple[str, ...] = field(default=(), metadata=_kept(write=_json))
    published_raw: str = field(default="", metadata=_PRINTED)
    """The date as printed, or ""."""
    published_on: str | None = None
    """Local date (UTC+8 unless the profile says otherwise), ``2024-01-16``."""
    published_at: str | None = None
    """Local time with offset, ``2024-01-16T15:40:00+08:00``; None where the page prints a date only."""
    source: str = field(default="", metadata=_PRINTED)
    """来源: the outlet, without its label, or ""."""
    source_raw: str = ""
    body: tuple[str, ...] = field(
        default=(), repr=False, metadata=_kept(version=True, text=True, write="\n".join)
    )
    """Paragraphs in reading order, credit lines taken out."""
    credit_line: str = field(default="", metadata=_TEXT)
    """The credits exactly as printed, one line each, in reading order, or ""."""
    credits: tuple[Credit, ...] = field(default=(), metadata=_ELSEWHERE)
    images: tuple[Image, ...] = field(
        default=(),
        metadata=_kept(
            column=False,
            version=True,
            write=lambda images: _json([[image.url, image.caption] for image in images]),
        ),
    )
    attachments: tuple[Attachment, ...] = field(default=(), metadata=_ELSEWHERE)
    parts: int = field(default=1, metadata=_ELSEWHERE)
    """Pages of the site that it was read from."""
    is_untitled: bool = field(default=False, metadata=_ELSEWHERE)
    """Its page shows no title: ``title`` is that of a list."""
    capture: int | None = field(default=None, metadata=_ELSEWHERE)
    """The capture it was read from (of its first page), None where none was kept."""
    characters: int = field(init=False)
    """字数 of the body: Unicode code points that are no white space, counted here."""

    def __post_init__(self) -> None:
        """Count the characters."""
        object.__setattr__(self, "characters", count_characters("".join(self.body)))


def paragraphs(body: str) -> list[str]:
    """Return the paragraphs of a stored text; none of an empty one."""
    return body.split("\n") if body else []


def count_characters(text: str) -> int:
    """Return how many characters a text has, white space not counted."""
    return len("".join(text.split()))


FIELDS: Mapping[str, Kept] = {fact.name: fact.metadata.get("kept", Kept()) for fact in fields(Article)}
"""Every field of an article, and how it is kept."""
