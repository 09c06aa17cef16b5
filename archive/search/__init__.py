"""How Chinese is searched in stock SQLite."""
