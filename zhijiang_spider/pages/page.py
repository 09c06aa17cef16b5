"""A page as it came: what every reader takes."""

from dataclasses import dataclass, field
from functools import cached_property

from parsel import Selector

from archive.evidence.charset import decode_page
from archive.evidence.markup import repair_markup
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.seen import RenderedPage, render_text
from zhijiang_spider.pages.texts import Texts


@dataclass(frozen=True)
class Page:
    """One page, fetched now or kept in a WARC file.

    What it says is found by readers; when and whence it came stands here and nowhere else.
    """

    url: str
    """Absolute address it came from in the end, behind redirects; "" of a file whose address is not known."""
    body: bytes = field(repr=False)
    """Bytes, unpacked."""
    content_type: str = ""
    """The HTTP header, "" where there is none."""
    fetched_at: str = ""
    """UTC, ``2024-01-16T02:03:04Z``."""
    capture: int | None = None
    """Number of its capture, None where none was kept."""
    form: str = ""
    """What was sent with POST to get it, ``application/x-www-form-urlencoded``; "" = GET."""

    @cached_property
    def text(self) -> str:
        """The page's source as characters."""
        return decode_page(self.body, self.content_type)

    @cached_property
    def selector(self) -> Selector:
        """The page's tree, parsed once; it goes on behind an end that is not the last."""
        return Selector(text=repair_markup(self.text) or "<html></html>", type="html")

    @cached_property
    def rendered(self) -> RenderedPage:
        """What a reader sees of it."""
        return render_text(self.selector.root)

    @cached_property
    def texts(self) -> Texts:
        """The texts of the tree in their order, and which of them stand in each element."""
        return Texts(self.selector.root)

    @cached_property
    def base(self) -> str:
        """Where its relative links start from: its first ``<base href>``, or its own address."""
        href = self.selector.xpath("//base/@href").get()
        return (absolute(self.url, href) if href else None) or self.url
