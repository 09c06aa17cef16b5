"""What a forked command finds imported: the whole program, and what its libraries import only at work.

A module that is missing here is read again by every command that needs it, and the tests run a thousand of them.
"""

import gc
from importlib import import_module
from pkgutil import walk_packages

from PIL import Image
from scrapy.settings import default_settings

import archive
import tests.command_line  # noqa: F401  # what is forked is a function of it
import zhijiang_spider
from zhijiang_spider import settings
from zhijiang_spider.crawl.session import software
from zhijiang_spider.derive.reading import reading

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
gc.collect()
gc.freeze()  # a collection in a forked command would write to every page of memory that it looks at, and copy it
