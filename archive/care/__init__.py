"""Care of an archive: is it as it was written, is the last crawl well, a copy to hand over."""
