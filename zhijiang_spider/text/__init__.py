"""Short texts: dates, names, characters."""
