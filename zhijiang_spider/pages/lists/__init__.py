"""Reading list pages: entries, sections, the next page."""
