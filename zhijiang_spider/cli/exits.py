"""Exit statuses: what a command's answer was, for cron and for scripts."""

EXIT_NO = 1
"""The answer is no: a check failed, a crawl was incomplete."""
EXIT_USAGE = 2
"""Wrong usage, or a bad site profile."""
EXIT_LATER = 75
"""Try again later: another crawl is at work on the archive or the site, or another program holds the archive."""
