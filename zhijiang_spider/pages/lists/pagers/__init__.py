"""Pagers: what of a list page leads to its other pages, one module an idea."""
