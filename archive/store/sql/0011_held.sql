-- The site against itself: what tells the same title and text under two identities, and what is not taken while the
-- site contradicts itself.  text_sha256_of() is the program's own, there only while this step runs.
ALTER TABLE article_version ADD COLUMN text_sha256 TEXT NOT NULL DEFAULT '' /* of title and body as a reader sees them: the same under two identities is one text */;
UPDATE article_version SET text_sha256 = text_sha256_of(CAST(title AS BLOB), CAST(body AS BLOB));
CREATE INDEX ix_article_version_text ON article_version(text_sha256);
CREATE INDEX ix_article_version_crawl ON article_version(crawl_id);
CREATE INDEX ix_listing_crawl ON listing(last_crawl, section_id); -- what one crawl's lists showed
CREATE INDEX ix_failure_key ON failure(site, kind, key);

CREATE TABLE held (
  -- 暂缓: a page that was read and not taken because the site may contradict itself; the article stays as it was.
  held_id        INTEGER PRIMARY KEY,
  crawl_id       INTEGER NOT NULL REFERENCES crawl(crawl_id),
  capture_id     INTEGER REFERENCES capture(capture_id),  -- NULL: none was kept
  site           TEXT NOT NULL,
  key            TEXT NOT NULL,             -- the article's identity on the site
  url            TEXT NOT NULL,
  seen_at        TEXT NOT NULL,             -- UTC
  title          TEXT NOT NULL,             -- as the page has it
  text_sha256    TEXT NOT NULL,             -- of title and body, as in article_version
  body_sha256    TEXT NOT NULL,             -- of the body alone
  otherwise      INTEGER NOT NULL CHECK (otherwise IN (0, 1)),  -- 1: the lists call the article something else
  untitled       INTEGER NOT NULL CHECK (untitled IN (0, 1)),   -- 1: the page shows no title, a list's was taken
  replaces       INTEGER NOT NULL CHECK (replaces IN (0, 1)),   -- 1: next to nothing of the archived text is in it
  revises        INTEGER NOT NULL CHECK (revises IN (0, 1)),    -- 1: the article was archived already
  twin           TEXT,                      -- identity of an article that had this title and text before; NULL: none
  state          TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'same', 'renumbered', 'over')),
                                            -- waiting: the crawl's end decides; over: a later look took its place
  article        TEXT NOT NULL              -- JSON: what was read of the page; '' when it is over
);
CREATE INDEX ix_held_key ON held(site, key);
CREATE INDEX ix_held_capture ON held(capture_id);
CREATE INDEX ix_held_state ON held(site, state, text_sha256);

CREATE TABLE same_text (
  -- 同文: the title and text of an archived article came again under another identity.
  site           TEXT NOT NULL,
  old_key        TEXT NOT NULL,             -- the identity under which the archive knew them
  new_key        TEXT NOT NULL,             -- the identity under which they came again
  url            TEXT NOT NULL,             -- the address of the new identity
  crawl_id       INTEGER NOT NULL REFERENCES crawl(crawl_id),
  PRIMARY KEY (site, new_key)
);
CREATE INDEX ix_same_text_old ON same_text(site, old_key);

CREATE VIEW 暂缓 AS
  -- 读到而没有收入的网页: 网站自相矛盾, 或与旧文同文; 已存文章不变, 网页留在证据文件里
  SELECT h.held_id AS 序号, a.article_id AS 编号, h.title AS 题名, h.url AS 网址, h.seen_at AS 采集时间,
    CASE h.state WHEN 'same' THEN '一页多址' WHEN 'renumbered' THEN '标识更换' WHEN 'waiting' THEN '待判' ELSE '已有后来的采集' END AS 原因,
    h.twin AS 同文标识, h.crawl_id AS 采集批次, h.capture_id AS 采集记录
  FROM held h LEFT JOIN article a ON a.site = h.site AND a.key = h.key;

CREATE VIEW 同文 AS
  -- 一篇文章的题名和正文又以另一标识出现: 旧标识、新标识
  SELECT o.article_id AS 编号, o.title AS 题名, s.old_key AS 旧标识, o.url AS 旧网址, s.new_key AS 新标识, s.url AS 新网址,
    n.article_id AS 新编号, s.crawl_id AS 采集批次
  FROM same_text s LEFT JOIN article o ON o.site = s.site AND o.key = s.old_key
  LEFT JOIN article n ON n.site = s.site AND n.key = s.new_key;
