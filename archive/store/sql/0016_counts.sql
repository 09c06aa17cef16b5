-- Step 16: what a night and status ask of the whole archive, kept as rows come and go, so that a night with nothing new
-- costs the same at a million articles as at ten thousand.
--
-- All of it is told by other tables and kept by triggers, whoever writes.  It is in no export, and under no seal.

CREATE TABLE _listed (
  -- 列表条目: of each entry whether its article is archived, and the day that the view 栏目 gives it.
  listing_id     INTEGER PRIMARY KEY,
  section_id     INTEGER NOT NULL,
  archived       INTEGER NOT NULL CHECK (archived IN (0, 1)),
  day            TEXT                       -- of the article, else as the list prints it; NULL: neither is known
);
CREATE INDEX _ix_listed_missing ON _listed(archived, section_id) WHERE archived = 0;
CREATE INDEX _ix_listed_day ON _listed(section_id, day);

CREATE TABLE _section_size (
  -- 栏目: how many entries each list has shown, and how many of them are archived.
  section_id     INTEGER PRIMARY KEY,
  listed         INTEGER NOT NULL,
  archived       INTEGER NOT NULL
);

CREATE TABLE _archive_size (
  -- 篇数: how many articles there are.
  one            INTEGER PRIMARY KEY CHECK (one = 1),
  articles       INTEGER NOT NULL
);

CREATE TABLE _unfetched (
  -- 未取: addresses of pictures and files of which no bytes are kept; some may be used by no article any more.
  url            TEXT PRIMARY KEY
) WITHOUT ROWID;

CREATE TABLE _recheck_day (
  -- 复查: how many days after its publication an article of a site is looked at again, as the last crawl was told.
  site           TEXT NOT NULL,
  day            INTEGER NOT NULL,
  PRIMARY KEY (site, day)
) WITHOUT ROWID;

CREATE TABLE _due (
  -- 到期: when an article is to be looked at again, or earlier; no row: never.
  article_id     INTEGER PRIMARY KEY,
  site           TEXT NOT NULL,
  due            REAL NOT NULL              -- Julian day, UTC
);
CREATE INDEX _ix_due ON _due(site, due);

CREATE VIEW _listed_now AS
  SELECT l.listing_id, l.section_id, a.article_id IS NOT NULL AS archived, coalesce(a.published_on, l.date_on) AS day
  FROM listing l JOIN section s ON s.section_id = l.section_id LEFT JOIN article a ON a.site = s.site AND a.key = l.key;

CREATE VIEW _due_now AS
  -- The first time of the site's days that lies behind the last look.  They count from the publication, of an article
  -- that is gone from that day.  What is dated later than the look, by a page or by a wrong clock, is always looked into.
  SELECT article_id, site, due FROM (
    SELECT article_id, site, CASE WHEN base > look THEN julianday(look) ELSE (
        SELECT min(julianday(base) + d.day) FROM _recheck_day d
        WHERE d.site = x.site AND julianday(base) + d.day > julianday(look)) END AS due
    FROM (
      SELECT a.article_id, a.site, a.last_look_at AS look, coalesce(b.gone_at, a.published_on, a.first_seen_at) AS base
      FROM article a LEFT JOIN absence b ON b.article_id = a.article_id AND b.returned_at IS NULL) x)
  WHERE due IS NOT NULL;

INSERT INTO _listed SELECT listing_id, section_id, archived, day FROM _listed_now;
INSERT INTO _section_size SELECT section_id, count(*), sum(archived) FROM _listed GROUP BY section_id;
INSERT INTO _archive_size SELECT 1, count(*) FROM article;
INSERT INTO _unfetched SELECT url FROM image UNION SELECT url FROM attachment EXCEPT SELECT url FROM media_address;

CREATE TRIGGER _listed_insert AFTER INSERT ON _listed BEGIN
  INSERT INTO _section_size VALUES (new.section_id, 1, new.archived)
    ON CONFLICT (section_id) DO UPDATE SET listed = listed + 1, archived = archived + excluded.archived;
END;
CREATE TRIGGER _listed_delete AFTER DELETE ON _listed BEGIN
  UPDATE _section_size SET listed = listed - 1, archived = archived - old.archived WHERE section_id = old.section_id;
END;
CREATE TRIGGER _listed_update AFTER UPDATE OF archived ON _listed WHEN new.archived <> old.archived BEGIN
  UPDATE _section_size SET archived = archived + new.archived - old.archived WHERE section_id = new.section_id;
END;

CREATE TRIGGER _listing_insert AFTER INSERT ON listing BEGIN
  DELETE FROM _listed WHERE listing_id = new.listing_id;
  INSERT INTO _listed SELECT listing_id, section_id, archived, day FROM _listed_now WHERE listing_id = new.listing_id;
END;
CREATE TRIGGER _listing_delete AFTER DELETE ON listing BEGIN
  DELETE FROM _listed WHERE listing_id = old.listing_id;
END;
CREATE TRIGGER _listing_update AFTER UPDATE OF listing_id, section_id, key, date_on ON listing
WHEN new.listing_id <> old.listing_id OR new.section_id <> old.section_id OR new.key <> old.key OR new.date_on IS NOT old.date_on BEGIN
  DELETE FROM _listed WHERE listing_id IN (old.listing_id, new.listing_id);
  INSERT INTO _listed SELECT listing_id, section_id, archived, day FROM _listed_now WHERE listing_id = new.listing_id;
END;

CREATE TRIGGER _article_insert AFTER INSERT ON article BEGIN
  UPDATE _archive_size SET articles = articles + 1;
  UPDATE _listed SET archived = 1, day = coalesce(new.published_on, day) WHERE listing_id IN (
    SELECT l.listing_id FROM listing l CROSS JOIN section s ON s.section_id = l.section_id WHERE l.key = new.key AND s.site = new.site);
  DELETE FROM _due WHERE article_id = new.article_id;
  INSERT INTO _due SELECT article_id, site, due FROM _due_now WHERE article_id = new.article_id;
END;
CREATE TRIGGER _article_delete AFTER DELETE ON article BEGIN
  UPDATE _archive_size SET articles = articles - 1;
  UPDATE _listed SET archived = 0, day = (SELECT date_on FROM listing l WHERE l.listing_id = _listed.listing_id)
    WHERE listing_id IN (
      SELECT l.listing_id FROM listing l CROSS JOIN section s ON s.section_id = l.section_id WHERE l.key = old.key AND s.site = old.site);
  DELETE FROM _due WHERE article_id = old.article_id;
END;
CREATE TRIGGER _article_update AFTER UPDATE OF site, key, published_on ON article
WHEN new.site <> old.site OR new.key <> old.key OR new.published_on IS NOT old.published_on BEGIN
  UPDATE _listed SET (archived, day) = (SELECT n.archived, n.day FROM _listed_now n WHERE n.listing_id = _listed.listing_id)
    WHERE listing_id IN (
      SELECT l.listing_id FROM listing l CROSS JOIN section s ON s.section_id = l.section_id
      WHERE l.key = old.key AND s.site = old.site OR l.key = new.key AND s.site = new.site);
END;
CREATE TRIGGER _article_looked AFTER UPDATE OF article_id, site, published_on, first_seen_at, last_look_at ON article BEGIN
  DELETE FROM _due WHERE article_id IN (old.article_id, new.article_id);
  INSERT INTO _due SELECT article_id, site, due FROM _due_now WHERE article_id = new.article_id;
END;

CREATE TRIGGER _absence_insert AFTER INSERT ON absence BEGIN
  DELETE FROM _due WHERE article_id = new.article_id;
  INSERT INTO _due SELECT article_id, site, due FROM _due_now WHERE article_id = new.article_id;
END;
CREATE TRIGGER _absence_update AFTER UPDATE OF article_id, gone_at, returned_at ON absence BEGIN
  DELETE FROM _due WHERE article_id IN (old.article_id, new.article_id);
  INSERT INTO _due SELECT article_id, site, due FROM _due_now WHERE article_id IN (old.article_id, new.article_id);
END;
CREATE TRIGGER _absence_delete AFTER DELETE ON absence BEGIN
  DELETE FROM _due WHERE article_id = old.article_id;
  INSERT INTO _due SELECT article_id, site, due FROM _due_now WHERE article_id = old.article_id;
END;

CREATE TRIGGER _image_insert AFTER INSERT ON image WHEN NOT EXISTS (SELECT 1 FROM media_address m WHERE m.url = new.url) BEGIN
  INSERT INTO _unfetched VALUES (new.url) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER _image_update AFTER UPDATE OF url ON image WHEN NOT EXISTS (SELECT 1 FROM media_address m WHERE m.url = new.url) BEGIN
  INSERT INTO _unfetched VALUES (new.url) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER _attachment_insert AFTER INSERT ON attachment WHEN NOT EXISTS (SELECT 1 FROM media_address m WHERE m.url = new.url) BEGIN
  INSERT INTO _unfetched VALUES (new.url) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER _attachment_update AFTER UPDATE OF url ON attachment WHEN NOT EXISTS (SELECT 1 FROM media_address m WHERE m.url = new.url) BEGIN
  INSERT INTO _unfetched VALUES (new.url) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER _media_address_insert AFTER INSERT ON media_address BEGIN
  DELETE FROM _unfetched WHERE url = new.url;
END;
CREATE TRIGGER _media_address_delete AFTER DELETE ON media_address BEGIN
  INSERT INTO _unfetched VALUES (old.url) ON CONFLICT DO NOTHING;
END;

-- What else a night or a command looks for.
DROP INDEX ix_article_version_crawl;
CREATE INDEX ix_article_version_crawl ON article_version(crawl_id, number, seen_at); -- what a crawl found new or changed, and when
CREATE INDEX ix_capture_crawl ON capture(crawl_id) WHERE kind = 'article'; -- the pages that a crawl read
CREATE INDEX ix_absence_crawl ON absence(last_crawl);
CREATE INDEX ix_absence_missing ON absence(article_id) WHERE returned_at IS NULL AND gone_at IS NULL;
CREATE INDEX ix_failure_crawl ON failure(last_crawl);
CREATE INDEX ix_failure_reason ON failure(site, reason);
CREATE INDEX ix_listing_page ON listing(section_id, page); -- how long a list is
CREATE INDEX ix_listing_url ON listing(url);
CREATE INDEX ix_article_url ON article(url);
CREATE INDEX ix_attachment_url ON attachment(url);
CREATE INDEX ix_appraisal_flag ON appraisal(open_flag);
CREATE INDEX ix_credit_unknown ON credit(label, article_id) WHERE role = '其他';

DROP VIEW 未存;
CREATE VIEW 未存 AS
  -- 列表上有、档案里没有的文章, 以及没有存下的原因
  SELECT l.title AS 题名, l.date_raw AS 列表日期, s.name AS 栏目, l.url AS 网址, f.reason AS 原因, f.attempts AS 失败次数, l.first_seen_at AS 首见
  FROM _listed m CROSS JOIN listing l ON l.listing_id = m.listing_id CROSS JOIN section s ON s.section_id = l.section_id
  LEFT JOIN failure f ON f.site = s.site AND f.kind = 'article' AND f.key = l.key
  WHERE m.archived = 0 GROUP BY s.site, l.key;
