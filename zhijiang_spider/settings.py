"""Scrapy settings of a polite, safe crawl, and our own settings.

A site profile sets the delay and the contact; `zhijiang crawl` sets the rest from its options.
Scrapy's own defaults are meant for other work: no robots.txt, eight requests at a time, 1 GiB a page,
and a local port that executes code.
"""

from importlib.metadata import version

from scrapy.settings import default_settings

from archive.evidence.packed import MAX_CONTENT

BOT_NAME = "zhijiang"
SPIDER_MODULES = ["zhijiang_spider.spiders"]

# --- ours ---------------------------------------------------------------------------------------------
ZHIJIANG_ARCHIVE = "zhijiang.db"
"""The archive file the pipeline writes."""
ZHIJIANG_BATCH_SECONDS = 1.0
"""How long a saved page may wait for its commit; the next pages share that commit."""

ZHIJIANG_WARC = True
"""Keep every answer, byte for byte, in WARC files beside the archive."""
ZHIJIANG_LOCKED = False
"""Whoever started the crawl holds the locks of archive and hosts, as `zhijiang crawl` does; else the crawl takes them."""

ZHIJIANG_WORKERS = None
"""Processes that read articles beside the crawl; 0: the crawl reads them itself, None: the cores of the machine less one, on two cores 2."""
ZHIJIANG_PAGE_SECONDS = None
"""How long a worker process may read one page, None: two minutes; then it is ended, and the page is a failure."""

# --- honest -------------------------------------------------------------------------------------------
USER_AGENT = f"zhijiang/{version('zhijiang')} (news archive of a public site)"
"""With a contact in the site profile, that is sent too."""
ROBOTSTXT_OBEY = True
COOKIES_ENABLED = False  # Scrapy's jar; ours is crawl/cookies.py

# --- polite: one request at a time and host, seconds apart, slower when the server is slow --------------
CONCURRENT_REQUESTS = 4
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0  # the delay a profile promises is the least there is; AutoThrottle adds to it
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
RETRY_TIMES = 2

# --- cheap ----------------------------------------------------------------------------------------------
# so many tasks start for every page; twice as many of its links are taken up in order before any is asked for
CONCURRENT_ITEMS = 16

# --- safe ---------------------------------------------------------------------------------------------
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # Scrapy 2.19 opens a local port that executes code unless told not to
DOWNLOAD_MAXSIZE = MAX_CONTENT
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True  # a profile can accept a bad one: verify_certificates = false
DOWNLOAD_TIMEOUT = 60
DNSCACHE_ENABLED = True  # PublicAddresses looks at the very answer that is connected to
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False  # a page is read first: it may say that there is none; see pages/jump.py
DOWNLOADER_MIDDLEWARES = {
    # Scrapy's own check lets subdomains and dont_filter requests pass; ours is the profile's list, no more.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "zhijiang_spider.crawl.middlewares.HostAllowList": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "zhijiang_spider.crawl.robots.Robots": 100,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "zhijiang_spider.crawl.redirects.Redirects": 600,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # no profile has a password
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,  # the session counts
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "zhijiang_spider.crawl.cookies.SiteCookies": 700,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "zhijiang_spider.crawl.whole.WholeAnswers": 870,
    "zhijiang_spider.crawl.middlewares.CaptureEverything": 880,
    "zhijiang_spider.crawl.middlewares.PublicAddresses": 890,
    "zhijiang_spider.crawl.stopping.NothingAfterStop": 895,
}
SPIDER_MIDDLEWARES = {
    # What they note nobody asks for, and a page takes 0.1 ms through each.
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # jumps go on as redirects do
}
DOWNLOAD_HANDLERS = {"data": None, "file": None, "s3": None, "ftp": None}  # a site is read by HTTP only
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip, deflate",  # what every reader of the WARC files can decompress
}

_NOT_OURS = ("telnet.TelnetConsole", "remote_control.RemoteControl", "throttle.AutoThrottle")
"""Two open a port, and ours is an AutoThrottle itself.  Switched off in EXTENSIONS they would be imported all the same."""
EXTENSIONS_BASE = {
    path: order for path, order in default_settings.EXTENSIONS_BASE.items() if not path.endswith(_NOT_OURS)
}
EXTENSIONS = {
    # AutoThrottle itself, and minds robots.txt
    "zhijiang_spider.crawl.extensions.PoliteThrottle": 0,
}

# --- the way of an item: into the archive -----------------------------------------------------------------
ITEM_PIPELINES = {
    "zhijiang_spider.crawl.pipelines.StorePipeline": 200,
}

# --- quiet: cron mails whatever is printed ----------------------------------------------------------------
LOG_LEVEL = "WARNING"
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LOGSTATS_INTERVAL = 0
# mypy tells; Scrapy would parse a callback's source at every answer, 3 ms
WARN_ON_GENERATOR_RETURN_VALUE = False
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # a failed page is kept, counted and reported by us
