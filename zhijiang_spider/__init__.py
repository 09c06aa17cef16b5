"""The crawler: from the web to an Article."""
