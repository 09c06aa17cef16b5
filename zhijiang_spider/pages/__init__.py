"""Reading pages: ``Page`` → what it says."""

from zhijiang_spider.pages.article.extract import explain_article, extract_article
from zhijiang_spider.pages.checks import says_gone
from zhijiang_spider.pages.errors import LayoutChanged
from zhijiang_spider.pages.lists.section import extract_section_page
from zhijiang_spider.pages.page import Page

__all__ = [
    "LayoutChanged",
    "Page",
    "explain_article",
    "extract_article",
    "extract_section_page",
    "says_gone",
]
