-- What is wrong now, each thing since when: a mail tells what is new, and what lasts once a week.
CREATE TABLE trouble (
  trouble_id INTEGER PRIMARY KEY,
  site TEXT NOT NULL,
  kind TEXT NOT NULL /* archive/model/trouble.py */,
  about TEXT NOT NULL DEFAULT '' /* an address, key or slug; '': the whole site */,
  said TEXT NOT NULL /* the sentence of last_crawl */,
  first_crawl INTEGER NOT NULL REFERENCES crawl(crawl_id) /* since when it lasts */,
  last_crawl INTEGER NOT NULL REFERENCES crawl(crawl_id) /* the last crawl that found it */,
  told_at TEXT NOT NULL /* UTC, when it was last told */,
  UNIQUE (site, kind, about)
);
