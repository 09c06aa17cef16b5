"""Reading pages: bytes → Selector → what the page says."""

from zhijiang_spider.pages.article.extract import explain_article, extract_article
from zhijiang_spider.pages.checks import says_gone
from zhijiang_spider.pages.decode import read_page
from zhijiang_spider.pages.errors import LayoutChanged
from zhijiang_spider.pages.lists.section import extract_section_page

__all__ = [
    "LayoutChanged",
    "explain_article",
    "extract_article",
    "extract_section_page",
    "read_page",
    "says_gone",
]
