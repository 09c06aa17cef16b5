"""Short texts: ``dates``, ``list_dates``, ``names``, ``characters``.  Knows words, and nothing of pages."""
