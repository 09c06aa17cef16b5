"""A news site that lives: it publishes, edits, withdraws, breaks down, is drawn anew and moves, event by event."""

import gzip
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.command_line import fork_zhijiang
from tests.crawled import NEXT_LINK, Crawled
from tests.newssite import ROBOTS, Reply, Section, build_site
from tests.samples import Sample
from tests.templates import TEMPLATES, Template

_HEADER_ROW = TEMPLATES[1]
_PER_PAGE = 5
_SOURCE = "云汀融媒"
_SOFT_404 = """<!DOCTYPE html><meta charset="utf-8"><title>提示信息-云汀网</title>
<p>您访问的页面不存在或已被删除。</p><p><a href="/">返回首页</a></p>"""


# --- what can happen on a day -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Publish:
    """An article comes into the list of a section."""

    number: int
    section: str
    on: date | None = None
    """The date it prints; None: that day's."""
    place: int = 0
    """How many entries of the list stand above it."""
    found: int | None = None
    """The night on which a crawl has to archive it; None: the next one."""
    listed: int | None = None
    """The night on which a crawl has to see it in the list; None: that on which it is archived."""


@dataclass(frozen=True)
class Edit:
    """An article's page shows something else from now on, and its lists do."""

    number: int
    found: int | None
    """The night on which a crawl has to find it; None: none of the thirty looks at it again."""
    title: str = ""
    more: str = ""
    """A paragraph that is put behind the others."""
    third: str = ""
    """Who reviewed it last."""


@dataclass(frozen=True)
class Withdraw:
    """An article leaves the site."""

    number: int
    missed: int
    """The night on which a crawl has to miss it first."""
    gone: int | None = None
    """The night on which it has to be judged gone for good."""
    soft: bool = False
    """Its address answers with a page, which says that there is none."""


@dataclass(frozen=True)
class PutBack:
    """A withdrawn article is there again, where it was."""

    number: int
    found: int


@dataclass(frozen=True)
class Fails:
    """Every page answers with an error, but not robots.txt, a plain file; ``status`` 0: nobody listens."""

    status: int


@dataclass(frozen=True)
class PageFails:
    """One page answers with an error; the page of an article, or a further page of a list."""

    path: str


@dataclass(frozen=True)
class Cut:
    """The page of an article comes packed, and ends before its end."""

    number: int


@dataclass(frozen=True)
class Works:
    """Whatever fails works again."""


@dataclass(frozen=True)
class MoveList:
    """A section's list gets another address; the old one is no more."""

    section: str
    slug: str


@dataclass(frozen=True)
class DrawAnew:
    """Articles are drawn anew: their source stands elsewhere, and nothing says that it is one."""


@dataclass(frozen=True)
class MoveToHttps:
    """The site speaks https, and sends on to it who asks by http."""


@dataclass(frozen=True)
class Certificate:
    """The site shows this certificate: ``good`` or ``expired``."""

    name: str


@dataclass(frozen=True)
class Profile:
    """The operator changes the profile."""

    change: dict[str, object]


@dataclass(frozen=True)
class Reparse:
    """The operator reads again what is kept."""


Event: TypeAlias = (
    Publish
    | Edit
    | Withdraw
    | PutBack
    | Fails
    | PageFails
    | Cut
    | Works
    | MoveList
    | DrawAnew
    | MoveToHttps
    | Certificate
    | Profile
    | Reparse
)


# --- the site ---------------------------------------------------------------------------------------------------


def sample(number: int, on: date) -> Sample:
    """Return an article as it is published."""
    return Sample(
        "living",
        f"云汀县第{number}号新闻",
        (
            f"{on.month}月{on.day}日，云汀县第{number}条渠道通水，沿线{number % 7 + 3}个村的秧田当天灌上了水。",
            f"今年以来，县里先后修好渠道{number * 3 + 2}公里，清淤山塘{number + 11}口。",
        ),
        _credit_lines("卫青禾"),
        date=f"{on:%Y-%m-%d}",
        source=_SOURCE,
    )


def edited(article: Sample, edit: Edit) -> Sample:
    """Return an article as it is after an edit."""
    return replace(
        article,
        title=edit.title or article.title,
        items=(*article.items, edit.more) if edit.more else article.items,
        credit_lines=_credit_lines(edit.third) if edit.third else article.credit_lines,
    )


def _credit_lines(third: str) -> tuple[str, ...]:
    return ("记者丨闻小满", f"一审丨乔安 二审丨纪朗 三审丨{third}")


def show(number: int) -> str:
    """Return the path of an article's page."""
    return _HEADER_ROW.path.format(id=number)


def _drawn_anew(article: Sample, base_url: str) -> str:
    page = _HEADER_ROW.page(article, base_url).replace(f"来源:{_SOURCE}", "")
    return page.replace('<div id="sxp">', f'<div class="ly">{_SOURCE}</div><div id="sxp">')


@dataclass
class LivingSite:
    """What the site shows at the moment, on its server."""

    crawled: Crawled
    certificates: "Certificates"
    names: dict[str, str]
    """Slug → name of each section."""
    shown: dict[str, list[tuple[int, Sample]]] = field(default_factory=dict)
    """Slug → what the section lists, newest first."""
    template: Template = _HEADER_ROW
    _withdrawn: dict[int, tuple[str, int, Sample]] = field(default_factory=dict)
    _failing: list[Fails | PageFails | Cut] = field(default_factory=list)
    _soft: set[int] = field(default_factory=set)

    def live(self, now: datetime, events: Iterable[Event]) -> None:
        """Let a day's events happen at a moment, and show what is then."""
        for event in events:
            self._happen(now, event)
        self._show()

    def _happen(self, now: datetime, event: Event) -> None:  # one line for each kind of event
        match event:
            case Publish(number, slug, on, place):
                self.shown.setdefault(slug, []).insert(place, (number, sample(number, on or now.date())))
            case Edit(number):
                slug, place, article = self._find(number)
                self.shown[slug][place] = number, edited(article, event)
            case Withdraw(number):
                self._withdrawn[number] = slug, place, _ = self._find(number)
                del self.shown[slug][place]
                self._soft |= {number} if event.soft else set()
            case PutBack(number):
                slug, place, article = self._withdrawn.pop(number)
                self.shown[slug].insert(place, (number, article))
            case Fails(0):
                self.crawled.site.refuse()
                self._failing.append(event)
            case Fails() | PageFails() | Cut():
                self._failing.append(event)
            case Works():
                if Fails(0) in self._failing:
                    self.crawled.site.accept()
                self._failing.clear()
            case MoveList(old, new):
                self.shown[new], self.names[new] = self.shown.pop(old), self.names.pop(old)
            case DrawAnew():
                self.template = replace(_HEADER_ROW, page=_drawn_anew)
            case MoveToHttps():
                self.crawled.site.move_to_https(self.certificates.context)
            case Certificate(name):
                self.certificates.use(name)
            case Profile(change):
                self.crawled.save_profile(**change)
            case Reparse():
                kept = ("--archive", self.crawled.archive, "--site", self.crawled.profile_file)
                done = fork_zhijiang("reparse", *kept, "--apply", now=now)
                assert done.returncode == 0, done.stdout + done.stderr

    def _find(self, number: int) -> tuple[str, int, Sample]:
        return next(
            (slug, place, article)
            for slug, entries in self.shown.items()
            for place, (listed, article) in enumerate(entries)
            if listed == number
        )

    def _show(self) -> None:
        site = self.crawled.site
        site.pages = {"/robots.txt": Reply(ROBOTS, headers={"Content-Type": "text/plain"})}
        site.otherwise = Reply(b"<title>404</title>", 404)
        sections = [Section(slug, self.names[slug], entries) for slug, entries in self.shown.items()]
        self.crawled.profile = (
            build_site(site, sections, self.template, NEXT_LINK, per_page=_PER_PAGE) | self.crawled.profile
        )
        self.crawled.save_profile()
        for number in self._soft:
            site.put(show(number), _SOFT_404)
        for failing in self._failing:
            match failing:
                case Fails(status):
                    site.pages = {"/robots.txt": site.pages["/robots.txt"]}
                    site.otherwise = Reply(b"<title>Error</title>", status or 500)
                case PageFails(path):
                    site.put(path, "<title>Error</title>", status=500)
                case Cut(number):
                    page = site.pages[show(number)]
                    assert isinstance(page, Reply)
                    headers = {**page.headers, "Content-Encoding": "gzip"}
                    site.pages[show(number)] = Reply(gzip.compress(page.body)[:-40], headers=headers)


class Certificates:
    """A server's certificates, signed by an authority of the test's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._write("authority", days=2, authority=True)
        self._write("good", days=2)
        self._write("expired", days=-1)

    @property
    def authority(self) -> Path:
        """Return the file that a client has to trust."""
        return self._folder / "authority.pem"

    @cached_property
    def context(self) -> ssl.SSLContext:
        """Return how the server speaks."""
        return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def use(self, name: str) -> None:
        """Show this certificate from now on."""
        self.context.load_cert_chain(self._folder / f"{name}.pem")

    def _write(self, name: str, *, days: int, authority: bool = False) -> None:
        """Write a certificate that holds for so many days of the true clock: no program moves that of TLS."""
        now = datetime.now(UTC)
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "yunting")])
        server = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
        builder = (
            x509.CertificateBuilder()
            .subject_name(issuer if authority else server)
            .issuer_name(issuer)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=30))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if not authority:
            names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
            builder = builder.add_extension(names, critical=False)
        pem = serialization.Encoding.PEM
        private = self._key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        signed = builder.sign(self._key, hashes.SHA256()).public_bytes(pem)
        (self._folder / f"{name}.pem").write_bytes(signed if authority else private + signed)
