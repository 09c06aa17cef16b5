-- Where the WARC files lie, which a file's name alone does not tell: archives are renamed and copied, and two names
-- can share a stem.  Of the place, not of the archive's content: it is in no export.
CREATE TABLE _evidence_folder (
  one            INTEGER PRIMARY KEY CHECK (one = 1),
  folder         TEXT NOT NULL,  -- from the folder of this file, or absolute; no row: <archive>.warc beside it
  archive        TEXT NOT NULL   -- the file whose crawls write there, likewise; another one: this is a copy of it
);
