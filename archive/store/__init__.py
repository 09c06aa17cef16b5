"""The archive file: its schema, its transactions, and the functions that save to it and read from it."""
