"""The archive file: its schema, its transactions, and the functions that save to it and read from it.

``archive.Archive`` is the open file, ``errors.ArchiveError`` what it raises, ``lock.writer_lock`` keeps writers apart,
``read`` has what readers are shown, ``events`` notes what was done with it.
"""
