"""From what a page says to what the archive keeps."""
