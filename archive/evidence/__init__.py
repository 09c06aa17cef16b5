"""The evidence: bytes as a server sent them, written to and read from WARC files.

``warc_writer.WarcWriter`` writes an ``Exchange``, ``warc_reader.read_record`` gives a ``Record`` back;
``charset`` makes text of its bytes, ``media`` tells what a file is.
"""
