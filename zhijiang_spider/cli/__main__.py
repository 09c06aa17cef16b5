"""``python -m zhijiang_spider.cli``."""

from zhijiang_spider.cli import main

main()
