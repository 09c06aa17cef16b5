"""The archive's domain model; imports nothing of ours.

``article``: what is kept; ``crawl``: what a crawl reports; ``plan``: what it is asked to do.
"""
