-- Step 19: hits in the order that people want, without FTS5's bm25, which reads every hit.
--
-- An index of the titles alone finds at once what a common word is the subject of.  It only helps to put hits in order:
-- what is found is what article_fts finds.

CREATE VIEW article_fts_title_text AS
  -- what the index of titles reads: the first 200 characters of a title in the index's form, a blank after each
  SELECT article_id, (
    WITH RECURSIVE letter(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM letter WHERE i < min(length(title), 200))
    SELECT group_concat(coalesce((SELECT indexed FROM article_fts_form WHERE printed = c), c), ' ')
    FROM (SELECT substr(title, i, 1) AS c FROM letter)) AS title
  FROM article;

CREATE VIRTUAL TABLE article_fts_title USING fts5(
  title, content = 'article_fts_title_text', content_rowid = 'article_id', columnsize = 0,
  tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn'"
);
INSERT INTO article_fts_title(article_fts_title) VALUES ('rebuild');

CREATE TRIGGER article_fts_title_insert AFTER INSERT ON article WHEN NOT EXISTS (SELECT 1 FROM article_fts_writer) BEGIN
  INSERT INTO article_fts_title(rowid, title) SELECT article_id, title FROM article_fts_title_text WHERE article_id = new.article_id;
END;
CREATE TRIGGER article_fts_title_delete BEFORE DELETE ON article WHEN NOT EXISTS (SELECT 1 FROM article_fts_writer) BEGIN
  INSERT INTO article_fts_title(article_fts_title, rowid, title)
    SELECT 'delete', article_id, title FROM article_fts_title_text WHERE article_id = old.article_id;
END;
CREATE TRIGGER article_fts_title_old BEFORE UPDATE OF article_id, title ON article
WHEN NOT EXISTS (SELECT 1 FROM article_fts_writer) AND (new.article_id IS NOT old.article_id OR new.title IS NOT old.title) BEGIN
  INSERT INTO article_fts_title(article_fts_title, rowid, title)
    SELECT 'delete', article_id, title FROM article_fts_title_text WHERE article_id = old.article_id;
END;
CREATE TRIGGER article_fts_title_new AFTER UPDATE OF article_id, title ON article
WHEN NOT EXISTS (SELECT 1 FROM article_fts_writer) AND (new.article_id IS NOT old.article_id OR new.title IS NOT old.title) BEGIN
  INSERT INTO article_fts_title(rowid, title) SELECT article_id, title FROM article_fts_title_text WHERE article_id = new.article_id;
END;

DROP VIEW 检索;
CREATE VIEW 检索 AS
  -- 最相关的一千篇:  SELECT 题名, 发布日期, 摘录 FROM 检索 WHERE 词 = json_quote('余峰 工会') LIMIT 20;
  -- The order of archive/search/ranking.py as far as plain SQL goes: every word in the title comes first, then how often
  -- the words stand in a text of its length and whether they stand at its beginning; newer ones a little, round-ups less.
  -- Not how close the words are, nor other printed forms of a character.
  -- Of more than 400 hits are weighed: the 200 last stored with the words in the title, and the 200 last stored; the rest of
  -- the thousand are the last stored, by day.
  SELECT q.typed AS 词, hit.key + 1 AS 次序, a.article_id AS 编号, a.published_on AS 发布日期, a.section AS 栏目, a.title AS 题名,
    coalesce((
      SELECT replace(group_concat('…' || substr(c, max(1, k - 18), min(18, k - 1)) || '【' || substr(c, k, length(w)) || '】'
               || substr(c, k + length(w), 24) || '…', ' '), char(10), ' ')
      FROM (SELECT w, c, instr(lower(c), lower(w)) AS k FROM (
        SELECT w.value AS w, a.body || char(10) || a.credit_line AS c
        FROM json_each(once.value) AS w WHERE w.value <> ''))
      WHERE k > 0), substr(a.body, 1, 60)) AS 摘录,
    a.url AS 网址
  FROM article_fts_query AS q
  CROSS JOIN json_each(json_array(q.words)) AS once -- or they would be worked out again for every article
  CROSS JOIN json_each((
    SELECT json_group_array(article_id) FROM (
      SELECT id AS article_id, day, newest, CASE WHEN is_weighed THEN (
          SELECT 2.0 * min(t) + avg((n + 4.0 * t) / (n + 4.0 * t + 0.9 + 2.1 * size / 700) + 0.1 * (k > 0)) * CASE
            WHEN min(t) = 0 AND (a.title GLOB '*快讯' OR a.title GLOB '*简讯' OR a.title GLOB '*要闻' OR a.title GLOB '*速览' OR a.title GLOB '*集锦')
            THEN 0.4 ELSE 1.0 END
          FROM ( -- LIMIT -1: SQLite would work out again what it merges into the query around
            SELECT instr(lower(a.title), lower(w.value)) > 0 AS t, instr(substr(body, 1, 60), w.value) AS k, size,
              (size - length(replace(body, w.value, ''))) / length(w.value) AS n
            FROM (SELECT a.body AS body, length(a.body) AS size LIMIT -1) CROSS JOIN json_each(once.value) AS w WHERE w.value <> '' LIMIT -1)
        )
        ELSE 0.0 END AS weight
      FROM (
        SELECT id, is_weighed, d.published_on AS day, max(d.published_on) OVER () AS newest FROM (
          SELECT id, max(is_weighed) AS is_weighed FROM (
            SELECT id, row_number() OVER () <= CASE WHEN count(*) OVER () > 400 THEN 200 ELSE 400 END AS is_weighed FROM (
              SELECT rowid AS id FROM article_fts WHERE article_fts = q.phrases ORDER BY rowid DESC LIMIT 1000)
            UNION ALL
            SELECT rowid, 1 FROM article_fts WHERE article_fts = q.phrases AND rowid IN (
              SELECT rowid FROM (SELECT rowid FROM article_fts_title WHERE article_fts_title = q.phrases ORDER BY rowid DESC LIMIT 200)))
          GROUP BY id) CROSS JOIN article AS d ON d.article_id = id)
      CROSS JOIN article AS a ON a.article_id = id
      ORDER BY weight * (1 + 0.1 / (1 + coalesce(julianday(newest) - julianday(day), 36500) / 730)) DESC, day DESC, id DESC
      LIMIT 1000))) AS hit
  CROSS JOIN article AS a ON a.article_id = hit.value;
