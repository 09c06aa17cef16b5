"""The spiders Scrapy can find."""
