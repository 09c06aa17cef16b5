"""What a forked command finds done: all is imported, also what libraries import only at work, and pages were read.

What is missing here is done again by every command that needs it, and the tests run a thousand of them: a module is
read, a pattern compiled, a table made, the versions of Scrapy's libraries looked up.
"""

import gc
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory

import scrapy.core.downloader.handlers.http11  # noqa: F401  # compares its callers with every module that is there
from PIL import Image
from scrapy.settings import default_settings
from scrapy.utils.versions import get_versions

import archive
import tests.command_line  # noqa: F401  # what is forked is a function of it
import zhijiang_spider
from archive import Archive, Article
from archive.care.check import Scope, check
from archive.store.articles import save_article
from archive.store.crawls import begin_crawl
from zhijiang_spider import settings
from zhijiang_spider.crawl.session import software
from zhijiang_spider.demo.server import demo_site
from zhijiang_spider.demo.site import render_site
from zhijiang_spider.derive.article import ArticleParts, Refused, read_list, read_on
from zhijiang_spider.derive.reading import reading
from zhijiang_spider.pages.page import Page

for _package in (archive, zhijiang_spider):
    for _module in walk_packages(_package.__path__, f"{_package.__name__}."):
        if not _module.name.endswith(".__main__"):
            import_module(_module.name)
for _path in (
    *default_settings.DOWNLOADER_MIDDLEWARES_BASE,
    *default_settings.SPIDER_MIDDLEWARES_BASE,
    *settings.EXTENSIONS_BASE,
):
    import_module(_path.rpartition(".")[0])
for _name in (
    "encodings.charmap",
    "encodings.cp1252",
    "encodings.utf_8_sig",
    "protego",
    "queuelib",
    "rich._emoji_codes",
    "rich.progress",
    "scrapy.core.engine",
    "scrapy.dupefilters",
    "scrapy.logformatter",
    "scrapy.pqueues",
    "scrapy.squeues",
    "scrapy.statscollectors",
    "scrapy.utils.engine",
):
    import_module(_name)
Image.preinit()
reading()  # a process finds it out once
software()
get_versions()
_home = "http://127.0.0.1:1"
_read: list[Article | None] = []
for _path, _answer in render_site().items():
    _page = Page(f"{_home}{_path}", _answer.body, _answer.content_type, "2024-11-02T01:00:00Z")
    with suppress(Refused):
        read_list(_page, demo_site(_home))
    with suppress(Refused):
        _read.append(read_on(ArticleParts(_path, ()), _page, demo_site(_home)).article)
with TemporaryDirectory() as _folder:  # the forms of characters, the objects of the schema
    _file = Path(_folder) / "any.db"
    with Archive.open(_file) as _archive:
        _crawl = begin_crawl(_archive, demo_site(_home).name, software="", options={})
        for _article in filter(None, _read):
            save_article(_archive, _article, _crawl)
        _archive.commit()
    check(_file, Scope(datetime.now(UTC)))
gc.collect()
gc.freeze()  # a collection in a forked command would write to every page of memory that it looks at, and copy it
