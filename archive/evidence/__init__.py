"""The evidence: bytes as a server sent them, written to and read from WARC files."""
