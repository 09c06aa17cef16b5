"""The profile doctor: looks at a site it does not know, and says what it found and how sure that is.

It asks for a few pages politely, tells articles from lists by what the pages show, and proves what it writes down:
the address of a list's second page, the identity and the fields of some articles.
"""

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest
from typing import Any
from urllib.parse import urljoin, urlsplit

from archive.evidence.charset import header_label, page_labels
from archive.evidence.encodings import encoding_of
from archive.model.wording import plural
from zhijiang_spider.derive.article import ArticleParts, Refused, derive_article, read_list, read_part
from zhijiang_spider.items import NextPage, PagerUnread, SectionPage
from zhijiang_spider.pages import Page
from zhijiang_spider.probe.addresses import form_of, is_numbered, path_of
from zhijiang_spider.probe.drawn import list_request, read_answer
from zhijiang_spider.probe.patterns import ANY, Pattern
from zhijiang_spider.probe.places import Link, main_list
from zhijiang_spider.probe.profile import (
    article_url,
    barren_paths,
    draft_profile,
    elsewhere,
    hosts_of,
    list_api,
    section_url,
    sister_hosts,
    site_title,
    start_urls,
)
from zhijiang_spider.probe.survey import Look, Survey, Verdict, kind_of, look_at, turns
from zhijiang_spider.sites.site import Site, parse_site
from zhijiang_spider.vocabulary import simplified

MOST_REQUESTS = 20
"""Pages fetched, robots.txt not counted."""
_ARTICLES, _SECOND_PAGES = 5, 2
"""Articles that are read, and lists whose second page is."""
_LEAST = 3
"""Links of one kind that make it more than chance."""
FIELDS = ("title", "published_on", "section", "source", "body", "credits", "images")

Fetch = Callable[[str, str], Awaitable[Page | str]]
"""Address, and what is sent with POST or "" → the page, or why there is none."""


@dataclass(slots=True)
class Diagnosis:
    """What a probe found."""

    profile: dict[str, Any] = field(default_factory=dict)
    """A profile in its TOML form; empty when no articles were found."""
    fields: dict[str, list[str]] = field(default_factory=dict)
    """Field → its value in each article read, "" where it was not found."""
    rules: dict[str, str] = field(default_factory=dict)
    """Field → the rule that found it in the first article that has it."""
    sections: list[tuple[str, str, int, bool]] = field(default_factory=list)
    """(address, name, articles listed, has a next page) of each section page read."""
    proofs: dict[str, str] = field(default_factory=dict)
    """Key of the profile → what was seen that proves it, or what was not."""
    hosts: dict[str, dict[str, int]] = field(default_factory=dict)
    """Key of the profile → other hosts of the same site that may belong there → how often they were seen."""
    warnings: list[str] = field(default_factory=list)
    next_step: str = ""
    """What to do where no profile could be drafted, or none that is whole; "" where it only has to be tried."""
    usable: bool = False
    """A crawl can use the profile: articles were read with it, and its lists are understood."""
    interrupted: bool = False
    """It was stopped before it had seen what it wanted to see."""
    requests: int = 0

    def confidence(self, name: str) -> float:
        """Return in what share of the articles read a field was found."""
        values = self.fields.get(name, [])
        return sum(map(bool, values)) / len(values) if values else 0.0


async def probe(url: str, fetch: Fetch, found: Diagnosis, *, requests: int = MOST_REQUESTS) -> None:
    """Look at a site, beginning with its home page or one of its lists, and write down what is found.

    ``requests``: pages fetched at the most.
    """
    doctor = _Doctor(fetch, found, requests)
    await doctor.look_around(url)
    if not doctor.looks:
        found.next_step = _without_page(doctor.failed.get(url, ""))
        return
    _warn(doctor.looks[0].page, found)
    survey = doctor.survey()
    found.warnings += (f"{look.url}: {look.unread}" for look in survey.unread)
    if not survey.article_kinds:
        survey = Survey(doctor.looks, assumed=likely_kinds(doctor.looks))
    if survey.article_kinds:
        await doctor.diagnose(survey)
        return
    found.warnings.append("no articles were found: no page looked at lists pages that read as articles")
    if survey.unread:
        found.next_step = (
            "Open the address in a browser.  If it shows a list there, a script draws it: the request that it makes"
            " is in the browser's developer tools (network)."
        )
    else:
        found.next_step = (
            f"Give the address of a page that lists articles, or look at more pages (--requests {requests * 3});"
            " to write a profile by hand, see docs/extending.md."
        )


def _without_sections(survey: Survey, requests: int) -> str:
    """Return what to do where no page looked at is a list."""
    if unread := survey.unread_lists:
        return (
            f"Open {unread[0].url} in a browser.  If it shows a list there, a script draws it: the request that it makes"
            " is in the browser's developer tools (network), and [list_api] describes it, see docs/extending.md."
        )
    return f"Give the address of a list, or look at more pages (--requests {requests * 3})."


def _without_page(reason: str) -> str:
    """Return what to do where the first page could not be had."""
    if reason.startswith("HTTP") and reason not in ("HTTP 404", "HTTP 410"):
        return (
            "Open the address in a browser.  If it shows a page there, the site refuses programs: try again later with a"
            " longer --delay, or ask the site's office."
        )
    return "Open the address in a browser, and give the one that it ends at or another of the site."


class _Doctor:
    """One examination: what was fetched, what was seen."""

    def __init__(self, fetch: Fetch, found: Diagnosis, requests: int) -> None:
        self.fetch, self.found, self.requests = fetch, found, requests
        self.looks: list[Look] = []
        self.answers: list[Page] = []
        """What the scripts of lists asked for."""
        self.failed: dict[str, str] = {}
        """Address → why there is no page."""

    def survey(self, further: Sequence[Look] = ()) -> Survey:
        return Survey(self.looks, failed=self.failed.keys(), further=further)

    @property
    def left(self) -> int:
        return self.requests - self.found.requests

    async def get(self, url: str, form: str = "") -> Page | None:
        """Fetch a page if there is a request left; ``form``: what is sent with POST."""
        if not self.left:
            return None
        self.found.requests += 1
        try:
            page = await self.fetch(url, form)
        except BaseException:  # stopped: nothing came
            self.found.requests -= 1
            raise
        if isinstance(page, str):
            self.found.warnings.append(f"{url}: {page}")
            self.failed[url] = page
            return None
        return page

    async def look(self, page: Page, link: Link, site: Site) -> Look:
        """Look at a page, and at the answer from which a script draws its list."""
        look = look_at(page, link, site)
        is_home = path_of(page.url) == "/"
        if look.verdict is Verdict.ARTICLE or (is_home and look.verdict is Verdict.LIST):
            return look
        request = list_request(page, site)
        address = request.page(request.first) if request else None
        if request is None or address is None or any(page.url == address.url for page in self.answers):
            return look
        answer = await self.get(address.url, address.form)
        if answer is None:
            return look
        self.answers.append(answer)
        return look_at(page, link, site, read_answer(page, request, answer, site))

    async def look_around(self, url: str) -> None:
        """Look at the home page, at the page given, and at every kind of page they lead to."""
        first = await self.get(url)
        if first is None:
            return
        site = any_site(first.url)
        home = first if path_of(first.url) == "/" else await self.get(urljoin(first.url, "/"))
        pages = [first] if home is None or home is first or not site.allows(home.url) else [home, first]
        self.looks = [await self.look(page, Link(page.url, ""), site) for page in pages]
        kept = min(_ARTICLES + _SECOND_PAGES, self.requests // 2)
        while self.left:
            survey = self.survey()
            read = sum(kind_of(look.url) in survey.article_kinds for look in self.looks)
            link = survey.next_look()
            if link is None or (survey.lists and self.left <= kept - read):
                return
            if page := await self.get(link.url):
                self.looks.append(await self.look(page, link, site))

    async def diagnose(self, survey: Survey) -> None:
        """Draft the profile, and prove it."""
        home, found = self.looks[0], self.found
        hosts = _hosts(home.url, self.looks)
        articles = article_url(survey)
        title = site_title(home.page, [look.page for look in self.looks[1:]], hosts[0])
        profile = draft_profile([home.url], hosts, title, articles)
        site = parse_site(profile, "the draft")
        lists = survey.lists or self.looks[:1]
        turned = await self._turn_pages(lists, site)
        if further := await self._look_behind([*turned.values()], survey):
            survey = self.survey(further)
            articles = article_url(survey)
            profile["article_url"] = articles.regex
            site = parse_site(profile, "the draft")
        second = {look.url: turned[look.url].url for look in lists if self._lists_more(look, turned, site)}
        sections = section_url(survey, second, home.url)
        if sections is None:
            found.warnings.append("no sections were found: a crawl would archive only what this page lists")
            found.next_step = _without_sections(survey, self.requests)
        else:
            profile["section_url"] = sections.regex
            profile["start_urls"] = start_urls(survey, articles, sections)
            if skipped := [*barren_paths(survey, sections), *self._failed_paths(sections)]:
                profile["skip_url"] = [f"^{re.escape(path)}$" for path in skipped]
            await self._draft_api(survey, profile, sections)
        found.profile = profile
        site = parse_site(profile, "the draft")
        self._read_lists(lists, second, site)
        pictures = await self._read_articles(survey, site)
        self._prove(survey, articles, sections)
        self._judge(survey, "list_api" in profile, has_sections=sections is not None)
        found.hosts = {
            "hosts": sister_hosts(hosts, elsewhere(self.looks)),
            "media_hosts": {host: count for host, count in pictures.most_common() if host not in hosts},
        }

    async def _draft_api(self, survey: Survey, profile: dict[str, Any], sections: Pattern) -> None:
        """Describe the server of the lists where its rows have no addresses, and ask it for a second page."""
        if not any(look.answer and look.answer.article for look in survey.lists):
            return
        api, agree = list_api(survey, sections)
        if api is None:
            self.found.warnings.append(
                "the lists come from a server whose rows hold only numbers of articles, and no two sections show what in"
                " its requests changes with the section: no [list_api] can be drafted"
            )
            asked = next(look.answer.request.address for look in survey.lists if look.answer)
            self.found.next_step = (
                f"Look at more pages (--requests {self.requests * 3}); or write [list_api] by hand, see"
                f" docs/extending.md: the list of {survey.lists[0].url} is asked for at {asked}"
            )
            return
        profile["list_api"] = api
        site = parse_site(profile, "the draft")
        look = next(look for look in survey.lists if look.answer and look.answer.article)
        turned = await self._turn_pages([look], site)
        more = self._lists_more(look, turned, site)
        self.found.proofs["list_api"] = (
            f"{agree} section{plural(agree)} ask{plural(agree, '', 's')} in this way; "
            + ("a second page lists others" if more else "no second page was read")
        )

    def _failed_paths(self, sections: Pattern) -> list[str]:
        paths = (path_of(url) for url, reason in self.failed.items() if _is_final(reason))
        return [path for path in paths if sections.key(path) is not None]

    async def _turn_pages(self, lists: Sequence[Look], site: Site) -> dict[str, Page]:
        """Fetch the second page of some lists; return address of a list → its second page."""
        turned: dict[str, Page] = {}
        for look in lists:
            if len(turned) == _SECOND_PAGES:
                break
            first = _read_look(look, site)
            if first is None or not isinstance(first.following, NextPage):
                continue
            address = first.following.address
            if page := await self.get(address.url, address.form):
                turned[look.url] = page
        return turned

    def _lists_more(self, look: Look, turned: Mapping[str, Page], site: Site) -> bool:
        """Tell whether the second page of a list lists articles that the first does not."""
        first = _read_look(look, site)
        more = _read(turned[look.url], site) if look.url in turned else None
        return bool(first and more and {one.url for one in more.entries} - {one.url for one in first.entries})

    async def _look_behind(self, turned: Sequence[Page], survey: Survey) -> list[Look]:
        """Look at articles of other kinds that only second pages list; return those pages where there are any."""
        looks = [look_at(page, Link(page.url, ""), self.looks[0].site) for page in turned]
        known = {*survey.links, *survey.article_kinds}
        found = False
        for look in looks:
            others = [link for link in main_list([*look.own]) if kind_of(link.url) not in known]
            if not others or not (page := await self.get(others[0].url)):
                continue
            known.add(kind_of(others[0].url))
            self.looks.append(look_at(page, others[0], look.site))
            found |= self.looks[-1].verdict is Verdict.ARTICLE
        return looks if found else []

    def _read_lists(self, lists: Sequence[Look], second: Mapping[str, str], site: Site) -> None:
        ways: Counter[str] = Counter()
        unread = []
        for look in lists:
            listed = _read_look(look, site)
            if listed is None:
                continue
            goes_on = isinstance(listed.following, NextPage)
            self.found.sections.append((look.url, listed.name, len(listed.entries), goes_on))
            ways[listed.reader] += 1
            if isinstance(listed.following, PagerUnread):
                unread.append(f"{look.url}: {listed.following.reason}")
            if listed.unread:
                unread.append(f"{look.url}: {listed.unread}")
        self.found.warnings += unread
        said = ", ".join(f"{count} by {reader or 'none'}" for reader, count in ways.items())
        turned = (
            f"the second page of {len(second)} of them lists more" if second else "no second page was read"
        )
        self.found.proofs["lists"] = (
            f"{len(self.found.sections)} list{plural(len(self.found.sections))} read ({said}); {turned}"
        )
        if not second and not any(goes_on for *_, goes_on in self.found.sections):
            self.found.warnings.append(
                "no list has a next page: perhaps a script turns the pages; see [pagination] page_url"
            )

    async def _read_articles(self, survey: Survey, site: Site) -> Counter[str]:
        """Read some articles with the draft; return the hosts of their pictures."""
        pages = {look.url: (look.page, look.asked) for look in survey.looks[1:] if site.article_key(look.url)}
        for link in _spread([survey.articles_on(look) for look in (*survey.lists, survey.looks[0])]):
            if len(pages) >= _ARTICLES:
                break
            if link.url not in pages and link.url not in self.failed and (page := await self.get(link.url)):
                pages[page.url] = page, link
        pictures: Counter[str] = Counter()
        for page, link in [*pages.values()][:_ARTICLES]:
            try:
                part = read_part(page, site, link.text)
            except Refused as error:
                self.found.warnings.append(f"cannot be read as an article: {error}")
                continue
            article = derive_article(ArticleParts("1", (part,)), site)
            pictures += hosts_of(image.url for image in article.images)
            for name in FIELDS:
                value = getattr(article, name)
                text = value if isinstance(value, str) else f"{len(value)}" if value else ""
                self.found.fields.setdefault(name, []).append(text or "")
            for choice in part.choices:
                if choice.rule:
                    name = {"published": "published_on"}.get(choice.field, choice.field)
                    self.found.rules.setdefault(name, choice.rule)
        return pictures

    def _prove(self, survey: Survey, articles: Pattern, sections: Pattern | None) -> None:
        """Say what of the draft was seen to hold."""
        paths = {path_of(url) for kind in survey.article_kinds for url in survey.links[kind]}
        keys = {articles.key(path) for path in paths} - {None}
        read = len(self.found.fields.get("title", ()))
        self.found.proofs["article_url"] = (
            f"{read} page{plural(read)} read as {plural(read, 'articles', 'an article')}; {len(paths)} addresses seen, {len(keys)} identities"
            if read
            else f"NOT proven, no article could be read; {len(paths)} addresses with headlines seen"
        )
        if sections:
            self.found.proofs["section_url"] = (
                f"{len(survey.lists)} {plural(len(survey.lists), 'pages looked at list', 'page looked at lists')} articles"
            )

    def _judge(self, survey: Survey, has_api: bool, *, has_sections: bool) -> None:
        """Tell whether a crawl can use the draft, and what to do where it cannot."""
        found = self.found
        needs_api = any(look.answer and look.answer.article for look in survey.lists) and not has_api
        listed = sum(entries for _, _, entries, _ in found.sections)
        is_known = has_sections or not survey.unread_lists
        found.usable = bool(found.fields.get("title") and listed and not needs_api and is_known)
        if not found.usable and not found.next_step:
            what = "no list could be read" if found.fields.get("title") else "no article could be read"
            found.next_step = (
                f"With this draft {what}: zhijiang parse ADDRESS --site FILE says why, for a page of either kind;"
                " [selectors] names what of a page is which, see docs/extending.md."
            )


def any_site(url: str) -> Site:
    """Return a site that takes every address of a page's hosts for an article."""
    host = urlsplit(url).netloc.rpartition("@")[2].lower()
    other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    hosts = [host, other] if re.search("[a-z]", host) else [host]
    return parse_site(draft_profile([url], hosts, host, ANY), "the address")


def _hosts(url: str, looks: Sequence[Look]) -> list[str]:
    """Return the hosts that the crawl may ask: the home page's, and with or without www. where links lead there."""
    own = next(iter(hosts_of([url])))
    seen = hosts_of(link.url for look in looks for link in look.own)
    return [own, *sorted(host for host in seen if host != own)]


def likely_kinds(looks: Sequence[Look]) -> frozenset[str]:
    """Return what are most likely articles where none could be read: the numbered addresses of the longest list."""
    lists = [main_list([link for link in look.own if not turns(link)]) for look in looks]
    longest = max(lists, key=len)
    return (
        frozenset(kind_of(link.url) for link in longest if is_numbered(form_of(link.url)))
        if len(longest) >= _LEAST
        else frozenset()
    )


def _read(page: Page, site: Site) -> SectionPage | None:
    try:
        return read_list(page, site)
    except Refused:
        return None


def _read_look(look: Look, site: Site) -> SectionPage | None:
    """Read a list where it is: in the page, or in the answer that its script draws."""
    listed = _read(look.page, site)
    leads = listed is not None and isinstance(listed.following, NextPage) and listed.following.leads
    if look.answer is None or (listed is not None and listed.entries and not leads):
        return listed
    answered = _read(look.answer.page, site)
    return replace(answered, name=listed.name if listed else "") if answered else None


def _spread(lists: Sequence[Sequence[Link]]) -> Iterator[Link]:
    """Yield the first link of each list, then the second of each."""
    seen = set()
    for link in chain.from_iterable(zip_longest(*lists)):
        if link and link.url not in seen:
            seen.add(link.url)
            yield link


def _is_final(reason: str) -> bool:
    """Tell whether asking again is of no use."""
    return reason.startswith("HTTP 4") or "robots" in reason


def _warn(home: Page, found: Diagnosis) -> None:
    host = urlsplit(home.url).hostname or ""
    text = home.selector.xpath("string(//title)").get("")
    if sum(ord(char) in simplified() for char in text) > 1:
        found.warnings.append(
            f"the title is in traditional characters ({text.strip()[:40]}): is {host} a hijacked mirror?"
        )
    header, labels = header_label(home.content_type), [*page_labels(home.body)]
    if header and labels and encoding_of(header) not in map(encoding_of, labels):
        found.warnings.append(f"header and page declare different charsets: {header}, {labels[0]}")
