"""A small sample news site of an invented county, and a server that shows it on this machine only.

``zhijiang demo`` crawls it; the tests do too.  The articles are data (``articles.toml``); ``site`` turns
them into pages, ``pictures`` into pictures, ``server`` answers requests for them.
"""

from zhijiang_spider.demo.server import demo_site, serve

__all__ = ["demo_site", "serve"]
