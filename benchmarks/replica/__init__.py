"""A county news site of invented pages on loopback, and what others crawl it with."""
