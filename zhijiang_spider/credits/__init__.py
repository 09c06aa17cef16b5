"""Credit lines: who wrote, photographed, edited and reviewed."""

from zhijiang_spider.credits.find import CreditBlock, extract_credits

__all__ = ["CreditBlock", "extract_credits"]
