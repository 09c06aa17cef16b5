"""One crawl, from its plan to its verdict: what Scrapy does for us, and what we do beside it."""
