"""One crawl, from its plan to its verdict: what Scrapy does for us, and what we do beside it.

``run`` is the way in (``run.crawl``, ``run.fetch``, ``run.probe``); Scrapy finds the pipelines, middlewares and
extensions by the names in ``zhijiang_spider.settings``.
"""
