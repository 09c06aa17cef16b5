"""The archive's domain model: an article, what a crawl reports, what it is asked to do."""
