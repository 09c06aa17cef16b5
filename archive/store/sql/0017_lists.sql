-- Step 17: what the lists of the reading room ask of the whole archive, kept as rows come and go like the counts of step 16.

CREATE TABLE _in_section (
  -- 栏目文章: the sections of each article, by what its page prints and what the names of the lists are that show it.
  article_id     INTEGER NOT NULL,
  name           TEXT NOT NULL,             -- '': it has none
  day            TEXT,                      -- of publication
  counted        INTEGER NOT NULL CHECK (counted IN (0, 1)),  -- 1: the one it is counted in where each article counts once
  bare           INTEGER NOT NULL CHECK (bare IN (0, 1)),     -- 1: no credit line
  PRIMARY KEY (article_id, name)
) WITHOUT ROWID;

CREATE VIEW _counted_section AS
  -- the section that the page prints, else that of the first list
  SELECT article_id, site, key, published_on AS day, credit_line = '' AS bare,
    coalesce(nullif(section, ''), (
      SELECT s.name FROM listing l CROSS JOIN section s ON s.section_id = l.section_id
      WHERE l.key = article.key AND s.site = article.site AND s.kind = 'section' AND s.name <> '' ORDER BY s.section_id LIMIT 1), '') AS name
  FROM article;
CREATE VIEW _listed_section AS
  -- the others: a section as often as lists of its name show the article
  SELECT a.article_id, s.name, a.day, a.bare FROM _counted_section a CROSS JOIN listing l ON l.key = a.key
  CROSS JOIN section s ON s.section_id = l.section_id AND s.site = a.site AND s.kind = 'section' AND s.name NOT IN ('', a.name);
CREATE VIEW _in_section_now AS
  SELECT article_id, name, day, 1 AS counted, bare FROM _counted_section
  UNION ALL
  SELECT article_id, name, day, 0, bare FROM _listed_section;

INSERT INTO _in_section SELECT DISTINCT article_id, name, day, counted, bare FROM _in_section_now;
CREATE INDEX _ix_in_section_name ON _in_section(name, day, article_id);
CREATE INDEX _ix_in_section_month ON _in_section(substr(day, 1, 7), name, bare) WHERE counted = 1;

-- SQLite looks up the articles that it asks a view for where the view is no UNION; of one it reads all: so two statements.
CREATE TRIGGER _in_section_article_insert AFTER INSERT ON article BEGIN
  DELETE FROM _in_section WHERE article_id = new.article_id;
  INSERT INTO _in_section SELECT article_id, name, day, 1, bare FROM _counted_section
    WHERE article_id = new.article_id ON CONFLICT DO NOTHING;
  INSERT INTO _in_section SELECT article_id, name, day, 0, bare FROM _listed_section
    WHERE article_id = new.article_id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER _in_section_article_delete AFTER DELETE ON article BEGIN
  DELETE FROM _in_section WHERE article_id = old.article_id;
END;
CREATE TRIGGER _in_section_article_update AFTER UPDATE OF article_id, site, key, section, published_on, credit_line ON article
WHEN new.article_id <> old.article_id OR new.site <> old.site OR new.key <> old.key OR new.section <> old.section
  OR new.published_on IS NOT old.published_on OR (new.credit_line = '') <> (old.credit_line = '') BEGIN
  DELETE FROM _in_section WHERE article_id IN (old.article_id, new.article_id);
  INSERT INTO _in_section SELECT article_id, name, day, 1, bare FROM _counted_section
    WHERE article_id = new.article_id ON CONFLICT DO NOTHING;
  INSERT INTO _in_section SELECT article_id, name, day, 0, bare FROM _listed_section
    WHERE article_id = new.article_id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER _in_section_listing_insert AFTER INSERT ON listing BEGIN
  DELETE FROM _in_section WHERE article_id IN (
    SELECT a.article_id FROM section s CROSS JOIN article a ON a.site = s.site AND a.key = new.key WHERE s.section_id = new.section_id);
  INSERT INTO _in_section SELECT article_id, name, day, 1, bare FROM _counted_section WHERE article_id IN (
    SELECT a.article_id FROM section s CROSS JOIN article a ON a.site = s.site AND a.key = new.key WHERE s.section_id = new.section_id)
    ON CONFLICT DO NOTHING;
  INSERT INTO _in_section SELECT article_id, name, day, 0, bare FROM _listed_section WHERE article_id IN (
    SELECT a.article_id FROM section s CROSS JOIN article a ON a.site = s.site AND a.key = new.key WHERE s.section_id = new.section_id)
    ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER _in_section_listing_delete AFTER DELETE ON listing BEGIN
  DELETE FROM _in_section WHERE article_id IN (
    SELECT a.article_id FROM section s CROSS JOIN article a ON a.site = s.site AND a.key = old.key WHERE s.section_id = old.section_id);
  INSERT INTO _in_section SELECT article_id, name, day, 1, bare FROM _counted_section WHERE article_id IN (
    SELECT a.article_id FROM section s CROSS JOIN article a ON a.site = s.site AND a.key = old.key WHERE s.section_id = old.section_id)
    ON CONFLICT DO NOTHING;
  INSERT INTO _in_section SELECT article_id, name, day, 0, bare FROM _listed_section WHERE article_id IN (
    SELECT a.article_id FROM section s CROSS JOIN article a ON a.site = s.site AND a.key = old.key WHERE s.section_id = old.section_id)
    ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER _in_section_listing_update AFTER UPDATE OF section_id, key ON listing
WHEN new.section_id <> old.section_id OR new.key <> old.key BEGIN
  DELETE FROM _in_section WHERE article_id IN (
    SELECT a.article_id FROM section s CROSS JOIN article a ON a.site = s.site AND a.key IN (old.key, new.key)
    WHERE s.section_id IN (old.section_id, new.section_id));
  INSERT INTO _in_section SELECT article_id, name, day, 1, bare FROM _counted_section WHERE article_id IN (
    SELECT a.article_id FROM section s CROSS JOIN article a ON a.site = s.site AND a.key IN (old.key, new.key)
    WHERE s.section_id IN (old.section_id, new.section_id))
    ON CONFLICT DO NOTHING;
  INSERT INTO _in_section SELECT article_id, name, day, 0, bare FROM _listed_section WHERE article_id IN (
    SELECT a.article_id FROM section s CROSS JOIN article a ON a.site = s.site AND a.key IN (old.key, new.key)
    WHERE s.section_id IN (old.section_id, new.section_id))
    ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER _in_section_named AFTER UPDATE OF site, kind, name ON section
WHEN new.site <> old.site OR new.kind <> old.kind OR new.name <> old.name BEGIN
  DELETE FROM _in_section WHERE article_id IN (
    SELECT a.article_id FROM listing l CROSS JOIN article a ON a.site IN (old.site, new.site) AND a.key = l.key
    WHERE l.section_id = new.section_id);
  INSERT INTO _in_section SELECT article_id, name, day, 1, bare FROM _counted_section WHERE article_id IN (
    SELECT a.article_id FROM listing l CROSS JOIN article a ON a.site IN (old.site, new.site) AND a.key = l.key
    WHERE l.section_id = new.section_id)
    ON CONFLICT DO NOTHING;
  INSERT INTO _in_section SELECT article_id, name, day, 0, bare FROM _listed_section WHERE article_id IN (
    SELECT a.article_id FROM listing l CROSS JOIN article a ON a.site IN (old.site, new.site) AND a.key = l.key
    WHERE l.section_id = new.section_id)
    ON CONFLICT DO NOTHING;
END;

DROP INDEX ix_credit_name;
CREATE INDEX ix_credit_name ON credit(name, article_id, role); -- in how many articles a name stands, whatever its roles
DROP INDEX ix_image_url;
CREATE INDEX ix_image_url ON image(url, article_id); -- in how many articles an address stands
