"""Reading article pages."""
