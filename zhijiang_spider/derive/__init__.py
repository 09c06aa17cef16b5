"""From what a page says to what the archive keeps.

``normalise`` makes an article of what was read, ``article`` does so from a capture; ``reparse`` and ``explain`` read
captures again.
"""
