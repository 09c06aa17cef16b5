"""The evidence: bytes as a server sent them, written to and read from WARC files.

``warc_writer.WarcWriter`` writes an ``Exchange``, ``warc_reader.read_record`` gives a ``Record`` back;
``charset`` tells which encoding a page is in and makes text of its bytes, ``encodings`` how browsers read each encoding,
``media`` tells what a file is.
"""
