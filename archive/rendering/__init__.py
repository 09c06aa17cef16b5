"""Forms of an article that several exports and the reading room share.

``citation.Citation``, ``cells`` of a spreadsheet, and ``remarks`` on what a form could not hold.
"""
