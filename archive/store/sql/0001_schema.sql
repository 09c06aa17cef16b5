-- Step 1: the tables.  No STRICT tables (one makes the file unreadable before SQLite 3.37); CHECKs instead.
-- Comments stand inside the statements, so that .schema documents the file.

CREATE TABLE crawl (
  -- 采集批次: one run of the crawler.
  crawl_id       INTEGER PRIMARY KEY,
  site           TEXT NOT NULL,             -- name of the site profile
  started_at     TEXT NOT NULL CHECK (started_at LIKE '____-__-__T__:__:__Z'),   -- UTC
  finished_at    TEXT CHECK (finished_at IS NULL OR finished_at LIKE '____-__-__T__:__:__Z'),  -- NULL: running or killed
  outcome        TEXT NOT NULL DEFAULT 'running' CHECK (outcome IN ('running', 'complete', 'incomplete')),
  reason         TEXT NOT NULL DEFAULT '',  -- what was wrong, a sentence a line; '' when all went well
  software       TEXT NOT NULL,             -- zhijiang 0.1.0, Scrapy 2.19.0
  options        TEXT NOT NULL DEFAULT '{}',-- JSON: what the operator asked for
  pages          INTEGER NOT NULL DEFAULT 0,-- responses read
  listed         INTEGER NOT NULL DEFAULT 0,-- entries seen on list pages
  new            INTEGER NOT NULL DEFAULT 0,
  revised        INTEGER NOT NULL DEFAULT 0,
  unchanged      INTEGER NOT NULL DEFAULT 0,
  failed         INTEGER NOT NULL DEFAULT 0,
  fields         TEXT NOT NULL DEFAULT '{}',-- JSON: field → articles of this crawl that had it
  delay          REAL,                      -- seconds between two requests to the site, robots.txt heeded
  unknown_labels TEXT NOT NULL DEFAULT '{}' -- JSON: credit label that the role table does not know → times, in this crawl
);

CREATE TABLE section (
  -- 栏目: a list of the site, and how far it has been walked.
  section_id     INTEGER PRIMARY KEY,
  site           TEXT NOT NULL,
  slug           TEXT NOT NULL,             -- its identity on the site (catid)
  kind           TEXT NOT NULL CHECK (kind IN ('section', 'start')),  -- start: a home page, no 栏目
  name           TEXT NOT NULL DEFAULT '',  -- as the site prints it, '' while nothing told it
  url            TEXT NOT NULL,             -- its first page
  backlog_url    TEXT,                      -- the list page at which the walk has to go on; NULL: nothing left
  backlog_crawl  INTEGER REFERENCES crawl(crawl_id), -- entries first seen since that crawl belong to an unfinished walk
  stop           TEXT NOT NULL DEFAULT '',  -- why the last walk ended: end, known, repeated, since, cap, error
  last_new_page  INTEGER,                   -- the list page that gave something new last, from 1
  last_crawl     INTEGER REFERENCES crawl(crawl_id),
  UNIQUE (site, slug)
);

CREATE TABLE crawl_section (
  -- 每次采集每栏目: what a crawl found in each section that it read.
  crawl_id       INTEGER NOT NULL REFERENCES crawl(crawl_id),
  section_id     INTEGER NOT NULL REFERENCES section(section_id),
  listed         INTEGER NOT NULL,          -- entries on the list pages read
  first_listed   INTEGER NOT NULL,          -- those never seen before
  new            INTEGER NOT NULL,
  revised        INTEGER NOT NULL,
  failed         INTEGER NOT NULL,
  skipped        INTEGER NOT NULL,          -- listed, not archived and not asked for: too old, or given up
  PRIMARY KEY (crawl_id, section_id)
);

CREATE TABLE crawl_field (
  -- 每次采集每字段: in how many of the articles read a field was found; what drift is judged by.
  crawl_id       INTEGER NOT NULL REFERENCES crawl(crawl_id),
  section_id     INTEGER REFERENCES section(section_id),  -- NULL: all sections together
  field          TEXT NOT NULL,
  articles       INTEGER NOT NULL,
  filled         INTEGER NOT NULL,
  UNIQUE (crawl_id, section_id, field)
);

CREATE TABLE listing (
  -- 列表: every entry ever seen on a list page.  What is listed and not in article is still to be fetched.
  listing_id     INTEGER PRIMARY KEY,
  section_id     INTEGER NOT NULL REFERENCES section(section_id),
  key            TEXT NOT NULL,             -- the article's identity on the site
  url            TEXT NOT NULL,
  title          TEXT NOT NULL,             -- as printed in the list
  date_raw       TEXT NOT NULL DEFAULT '',  -- as printed in the list
  date_on        TEXT CHECK (date_on IS NULL OR date_on LIKE '____-__-__'),
  page           INTEGER NOT NULL,          -- list page of the walk that saw it last, from 1
  position       INTEGER NOT NULL,          -- on that page, from 1
  first_crawl    INTEGER NOT NULL REFERENCES crawl(crawl_id),
  last_crawl     INTEGER NOT NULL REFERENCES crawl(crawl_id),
  first_seen_at  TEXT NOT NULL,             -- UTC
  last_seen_at   TEXT NOT NULL,             -- UTC
  UNIQUE (section_id, key)
);
CREATE INDEX ix_listing_key ON listing(key);

CREATE TABLE warc_file (
  -- 证据文件: WARC files in the folder <archive>.warc beside this file.  While one is being written its name ends in .open.
  warc_id        INTEGER PRIMARY KEY,
  name           TEXT NOT NULL UNIQUE,      -- site-YYYYMMDDhhmmss-00001.warc.gz
  crawl_id       INTEGER NOT NULL REFERENCES crawl(crawl_id),
  bytes          INTEGER,                   -- of the closed file; NULL while it is open, or was never closed
  sha256         TEXT CHECK (sha256 IS NULL OR length(sha256) = 64)  -- of the closed file
);

CREATE TABLE capture (
  -- 采集记录: one request and what came of it.  A row refers only to bytes that are on disk.
  capture_id     INTEGER PRIMARY KEY,
  crawl_id       INTEGER NOT NULL REFERENCES crawl(crawl_id),
  kind           TEXT NOT NULL CHECK (kind IN ('article', 'part', 'section', 'media', 'robots', 'other')),
  site           TEXT NOT NULL,
  key            TEXT,                      -- the article's identity, NULL where it is none; part: a further page of one
  url            TEXT NOT NULL,
  captured_at    TEXT NOT NULL CHECK (captured_at LIKE '____-__-__T__:__:__Z'),  -- UTC, the record's WARC-Date
  status         INTEGER,                   -- HTTP status; NULL: no answer, see error
  mime           TEXT NOT NULL DEFAULT '',  -- as the server says
  charset        TEXT NOT NULL DEFAULT '',  -- as the server says
  redirect_to    TEXT NOT NULL DEFAULT '',  -- Location
  etag           TEXT NOT NULL DEFAULT '',
  last_modified  TEXT NOT NULL DEFAULT '',
  payload_bytes  INTEGER,                   -- of the body as sent, before any decompression
  payload_sha256 TEXT CHECK (payload_sha256 IS NULL OR length(payload_sha256) = 64),
  revisit_of     INTEGER REFERENCES capture(capture_id),  -- the capture that holds the same bytes
  warc_id        INTEGER REFERENCES warc_file(warc_id),   -- NULL: nothing came, or WARC was switched off
  warc_offset    INTEGER,
  warc_length    INTEGER,                   -- bytes of the record in the file
  record_id      TEXT NOT NULL DEFAULT '',  -- WARC-Record-ID
  error          TEXT NOT NULL DEFAULT ''
);
CREATE INDEX ix_capture_key ON capture(site, key, capture_id) WHERE key IS NOT NULL;
CREATE INDEX ix_capture_payload ON capture(payload_sha256) WHERE revisit_of IS NULL AND warc_id IS NOT NULL;
CREATE INDEX ix_capture_url ON capture(url);
CREATE INDEX ix_capture_warc ON capture(warc_id, warc_offset);

CREATE TABLE failure (
  -- 失败: pages that could not be fetched or read.  A row goes away when the page succeeds.
  failure_id     INTEGER PRIMARY KEY,
  site           TEXT NOT NULL,
  kind           TEXT NOT NULL CHECK (kind IN ('article', 'section', 'media')),
  key            TEXT,                      -- the article's identity, NULL for a section page
  url            TEXT NOT NULL,
  reason         TEXT NOT NULL,
  attempts       INTEGER NOT NULL DEFAULT 1,-- crawls in which it failed
  first_crawl    INTEGER NOT NULL REFERENCES crawl(crawl_id),
  last_crawl     INTEGER NOT NULL REFERENCES crawl(crawl_id),
  failed_at      TEXT NOT NULL,             -- UTC, the last time
  UNIQUE (site, kind, url)
);

CREATE TABLE article (
  -- 文章: one row an article, holding its current text.
  article_id     INTEGER PRIMARY KEY,       -- 编号, never used again
  site           TEXT NOT NULL,
  key            TEXT NOT NULL,             -- identity on the site (newsid)
  url            TEXT NOT NULL,             -- 网址
  kind           TEXT NOT NULL DEFAULT '文字' CHECK (kind IN ('文字', '图集', '视频', '音频', '文件', '报纸')),  -- 类型: what it mainly is
  title          TEXT NOT NULL,             -- 题名
  kicker         TEXT NOT NULL DEFAULT '',  -- 引题
  subtitle       TEXT NOT NULL DEFAULT '',  -- 副题
  section        TEXT NOT NULL DEFAULT '',  -- 栏目 as the page prints it
  breadcrumb     TEXT NOT NULL DEFAULT '[]',-- JSON array
  published_on   TEXT CHECK (published_on IS NULL OR published_on LIKE '____-__-__'),  -- local date; never derive it with date()
  published_at   TEXT CHECK (published_at IS NULL OR published_at LIKE '____-__-__T__:__:__%'), -- local time with offset; NULL: the page prints a date only
  published_raw  TEXT NOT NULL DEFAULT '',  -- as printed
  source         TEXT NOT NULL DEFAULT '',  -- 来源
  source_raw     TEXT NOT NULL DEFAULT '',  -- as printed
  body           TEXT NOT NULL,             -- 正文, a paragraph a line, without the credit lines
  credit_line    TEXT NOT NULL DEFAULT '',  -- 署名原文, verbatim, one printed line a line
  status         TEXT NOT NULL DEFAULT '在线' CHECK (status IN ('在线', '失联', '已消失')),  -- 失联: not found lately; see absence
  version        INTEGER NOT NULL DEFAULT 1,-- number of the current version
  content_sha256 TEXT NOT NULL CHECK (length(content_sha256) = 64),  -- of the normalised fields, see archive/store.py
  first_seen_at  TEXT NOT NULL,             -- UTC
  last_seen_at   TEXT NOT NULL,             -- UTC, the last time the site showed it
  last_look_at   TEXT NOT NULL,             -- UTC, the last time we asked for it
  UNIQUE (site, key)
);
CREATE INDEX ix_article_published ON article(published_on);
CREATE INDEX ix_article_section ON article(section, published_on);
CREATE INDEX ix_article_source ON article(source);
CREATE INDEX ix_article_status ON article(status);

CREATE TABLE article_version (
  -- 版本: every distinct text an article has had.
  version_id     INTEGER PRIMARY KEY,
  article_id     INTEGER NOT NULL REFERENCES article(article_id),
  number         INTEGER NOT NULL,          -- from 1
  crawl_id       INTEGER NOT NULL REFERENCES crawl(crawl_id),
  capture_id     INTEGER REFERENCES capture(capture_id),  -- the page this text was read from
  seen_at        TEXT NOT NULL,             -- UTC, when this text was first seen
  title          TEXT NOT NULL,
  kicker         TEXT NOT NULL,
  subtitle       TEXT NOT NULL,
  section        TEXT NOT NULL,
  published_raw  TEXT NOT NULL,
  source         TEXT NOT NULL,
  body           TEXT NOT NULL,
  credit_line    TEXT NOT NULL,
  credits        TEXT NOT NULL,             -- JSON array of [label, role, name, org]
  images         TEXT NOT NULL,             -- JSON array of [address, caption]
  changed        TEXT NOT NULL DEFAULT '[]',-- JSON array: fields that differ from the version before
  added          INTEGER NOT NULL DEFAULT 0,-- characters added to title, text and credit line
  removed        INTEGER NOT NULL DEFAULT 0,
  minor          INTEGER NOT NULL DEFAULT 0 CHECK (minor IN (0, 1)),  -- 1: only blanks, punctuation or width differ
  content_sha256 TEXT NOT NULL CHECK (length(content_sha256) = 64),
  UNIQUE (article_id, number)
);

CREATE TABLE absence (
  -- 失联: a time in which the site did not show an article it had shown before.
  absence_id     INTEGER PRIMARY KEY,
  article_id     INTEGER NOT NULL REFERENCES article(article_id),
  since          TEXT NOT NULL,             -- UTC, the first look that did not find it
  reason         TEXT NOT NULL,             -- what the last look met: HTTP 404 …
  looks          INTEGER NOT NULL DEFAULT 1,-- crawls that did not find it
  last_look_at   TEXT NOT NULL,             -- UTC
  last_crawl     INTEGER NOT NULL REFERENCES crawl(crawl_id),
  gone_at        TEXT,                      -- UTC, when it was judged 已消失; NULL: still missing
  returned_at    TEXT                       -- UTC, when it was there again; NULL: still away
);
CREATE UNIQUE INDEX ix_absence_open ON absence(article_id) WHERE returned_at IS NULL;

CREATE TABLE role (
  -- 职责: what a credit can mean.
  role           TEXT PRIMARY KEY,          -- 记者, 责任编辑, 一审 …
  grp            TEXT NOT NULL CHECK (grp IN ('采写', '编辑', '审核', '其他')),
  english        TEXT NOT NULL,
  sort           INTEGER NOT NULL
);

CREATE TABLE credit (
  -- 署名: one name of the credit lines of an article's current text.  A name is a string, not a person.
  credit_id      INTEGER PRIMARY KEY,
  article_id     INTEGER NOT NULL REFERENCES article(article_id),
  seq            INTEGER NOT NULL,          -- printed order, from 1
  label          TEXT,                      -- as printed; NULL for a bare name
  role           TEXT NOT NULL REFERENCES role(role),
  name           TEXT NOT NULL,
  org            TEXT,                      -- outlet or unit printed with it
  position       TEXT NOT NULL,             -- where it stood: 页眉, 电头, 文末, 图说
  rule           TEXT NOT NULL DEFAULT '',  -- the reading rule that found it
  UNIQUE (article_id, seq)
);
CREATE INDEX ix_credit_name ON credit(name, role);
CREATE INDEX ix_credit_role ON credit(role);

CREATE TABLE image (
  -- 图片
  article_id     INTEGER NOT NULL REFERENCES article(article_id),
  seq            INTEGER NOT NULL,          -- reading order, from 1
  url            TEXT NOT NULL,
  caption        TEXT NOT NULL DEFAULT '',  -- 图说
  paragraph      INTEGER NOT NULL,          -- paragraphs of the body that stand before it
  PRIMARY KEY (article_id, seq)
);
CREATE INDEX ix_image_url ON image(url);

CREATE TABLE media (
  -- 媒体文件: a picture or file as bytes, once however often it is used.
  media_id       INTEGER PRIMARY KEY,
  sha256         TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),  -- of the file
  mime           TEXT NOT NULL,             -- told from the bytes, not from the server
  bytes          INTEGER NOT NULL,
  width          INTEGER,                   -- pixels, of pictures
  height         INTEGER,
  capture_id     INTEGER NOT NULL REFERENCES capture(capture_id)  -- the first capture of these bytes
);

CREATE TABLE media_address (
  -- 媒体网址: what an address held when it was fetched.
  url            TEXT PRIMARY KEY,
  media_id       INTEGER NOT NULL REFERENCES media(media_id),
  capture_id     INTEGER NOT NULL REFERENCES capture(capture_id)
);
CREATE INDEX ix_media_address_media ON media_address(media_id);

CREATE TABLE attachment (
  -- 附件: videos, sounds and files
  article_id     INTEGER NOT NULL REFERENCES article(article_id),
  seq            INTEGER NOT NULL,
  kind           TEXT NOT NULL CHECK (kind IN ('video', 'audio', 'file')),
  url            TEXT NOT NULL,
  text           TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (article_id, seq)
);

CREATE TABLE data_dictionary (
  -- 数据字典: what every table, view and column means.
  table_name     TEXT NOT NULL,
  column_name    TEXT NOT NULL,             -- '' for the table itself
  name           TEXT NOT NULL,             -- 中文名
  note           TEXT NOT NULL,             -- 说明
  dat18          TEXT NOT NULL,             -- DA/T 18-2022 著录项目, '' for none
  dc             TEXT NOT NULL,             -- Dublin Core, '' for none
  schema_org     TEXT NOT NULL,             -- schema.org, '' for none
  PRIMARY KEY (table_name, column_name)
);

CREATE VIEW article_section AS
  -- which articles stand in which sections: an article may be listed in several
  SELECT DISTINCT a.article_id, s.section_id
  FROM listing l
  JOIN section s ON s.section_id = l.section_id AND s.kind = 'section'
  JOIN article a ON a.site = s.site AND a.key = l.key;
