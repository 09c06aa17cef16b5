"""Forms of an article that several exports and the reading room share."""
