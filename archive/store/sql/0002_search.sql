-- Step 2: Chinese full-text search that any SQLite with FTS5 reads and writes: no extension, no tokenizer of ours.
--
-- Every character is a word of the index: 枝江 is the phrase '枝 江', so a query of any length finds exactly the
-- texts that contain it.  A view splits the text in plain SQL, triggers keep the index right whoever writes, and
-- the index holds no copy of the text.  Alike count, here and in archive/search.py (fold):
--   full and half width (！ to ～ and ! to ~), capital and small letters;
--   blanks, line breaks, zero-width and control characters count as nothing.
-- Comments stand inside the statements where SQLite lets them, so that .schema documents the file.

CREATE VIEW article_fts_text AS
  -- what the index reads: the texts of an article, a blank after each character, full width made half: 枝江５Ｇ → 枝 江 5 G
  -- All texts are split in one go and cut apart again: each character has become two.
  -- Blocks of 256 and of 16 characters keep it linear (one by one, substr() would start from the front each time).
  -- GROUP BY only keeps SQLite from splitting once for every column.
  SELECT article_id,
    substr(spaced, 1, 2 * b) AS body,
    substr(spaced, 1 + 2 * b, 2 * t) AS title,
    substr(spaced, 1 + 2 * (b + t), 2 * k) AS kicker,
    substr(spaced, 1 + 2 * (b + t + k), 2 * s) AS subtitle,
    substr(spaced, 1 + 2 * (b + t + k + s)) AS credit_line
  FROM (
    SELECT article_id, length(body) AS b, length(title) AS t, length(kicker) AS k, length(subtitle) AS s, (
      WITH RECURSIVE
        block(i) AS (SELECT 1 UNION ALL
          SELECT i + 256 FROM block WHERE i + 256 <= length(body || title || kicker || subtitle || credit_line)),
        large(b) AS MATERIALIZED (SELECT substr(body || title || kicker || subtitle || credit_line, i, 256) FROM block),
        step(i)  AS (SELECT 1 UNION ALL SELECT i + 16 FROM step WHERE i + 16 <= 256),
        small(s) AS MATERIALIZED (SELECT substr(b, i, 16) FROM large CROSS JOIN step WHERE i <= length(b))
      SELECT group_concat(printf('%s %s %s %s %s %s %s %s %s %s %s %s %s %s %s %s',
            CASE WHEN substr(s, 1, 1) BETWEEN '！' AND '～' THEN char(unicode(substr(s, 1, 1)) - 65248) ELSE substr(s, 1, 1) END,
            CASE WHEN substr(s, 2, 1) BETWEEN '！' AND '～' THEN char(unicode(substr(s, 2, 1)) - 65248) ELSE substr(s, 2, 1) END,
            CASE WHEN substr(s, 3, 1) BETWEEN '！' AND '～' THEN char(unicode(substr(s, 3, 1)) - 65248) ELSE substr(s, 3, 1) END,
            CASE WHEN substr(s, 4, 1) BETWEEN '！' AND '～' THEN char(unicode(substr(s, 4, 1)) - 65248) ELSE substr(s, 4, 1) END,
            CASE WHEN substr(s, 5, 1) BETWEEN '！' AND '～' THEN char(unicode(substr(s, 5, 1)) - 65248) ELSE substr(s, 5, 1) END,
            CASE WHEN substr(s, 6, 1) BETWEEN '！' AND '～' THEN char(unicode(substr(s, 6, 1)) - 65248) ELSE substr(s, 6, 1) END,
            CASE WHEN substr(s, 7, 1) BETWEEN '！' AND '～' THEN char(unicode(substr(s, 7, 1)) - 65248) ELSE substr(s, 7, 1) END,
            CASE WHEN substr(s, 8, 1) BETWEEN '！' AND '～' THEN char(unicode(substr(s, 8, 1)) - 65248) ELSE substr(s, 8, 1) END,
            CASE WHEN substr(s, 9, 1) BETWEEN '！' AND '～' THEN char(unicode(substr(s, 9, 1)) - 65248) ELSE substr(s, 9, 1) END,
            CASE WHEN substr(s, 10, 1) BETWEEN '！' AND '～' THEN char(unicode(substr(s, 10, 1)) - 65248) ELSE substr(s, 10, 1) END,
            CASE WHEN substr(s, 11, 1) BETWEEN '！' AND '～' THEN char(unicode(substr(s, 11, 1)) - 65248) ELSE substr(s, 11, 1) END,
            CASE WHEN substr(s, 12, 1) BETWEEN '！' AND '～' THEN char(unicode(substr(s, 12, 1)) - 65248) ELSE substr(s, 12, 1) END,
            CASE WHEN substr(s, 13, 1) BETWEEN '！' AND '～' THEN char(unicode(substr(s, 13, 1)) - 65248) ELSE substr(s, 13, 1) END,
            CASE WHEN substr(s, 14, 1) BETWEEN '！' AND '～' THEN char(unicode(substr(s, 14, 1)) - 65248) ELSE substr(s, 14, 1) END,
            CASE WHEN substr(s, 15, 1) BETWEEN '！' AND '～' THEN char(unicode(substr(s, 15, 1)) - 65248) ELSE substr(s, 15, 1) END,
            CASE WHEN substr(s, 16, 1) BETWEEN '！' AND '～' THEN char(unicode(substr(s, 16, 1)) - 65248) ELSE substr(s, 16, 1) END
          ), ' ') FROM small) AS spaced
    FROM article GROUP BY article_id);

-- The index.  The long column first: there a character costs no column mark, a quarter of the size.
CREATE VIRTUAL TABLE article_fts USING fts5(
  body, title, kicker, subtitle, credit_line,
  content = 'article_fts_text', content_rowid = 'article_id',
  tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn'"
);

-- What a match is worth: the title ten times the text.
INSERT INTO article_fts(article_fts, rank) VALUES ('rank', 'bm25(1.0, 10.0, 5.0, 5.0, 1.0)');
INSERT INTO article_fts(article_fts) VALUES ('rebuild');

CREATE TRIGGER article_fts_insert AFTER INSERT ON article BEGIN
  -- INSERT OR REPLACE deletes the old row behind the triggers' back, and the index would keep its words
  SELECT RAISE(ABORT, 'INSERT OR REPLACE needs PRAGMA recursive_triggers = ON, or use INSERT ... ON CONFLICT DO UPDATE')
    FROM article_fts_docsize WHERE id = new.article_id;
  INSERT INTO article_fts(rowid, body, title, kicker, subtitle, credit_line)
    SELECT article_id, body, title, kicker, subtitle, credit_line FROM article_fts_text WHERE article_id = new.article_id;
END;

CREATE TRIGGER article_fts_delete BEFORE DELETE ON article BEGIN
  -- the index forgets a text only when it is shown that text again, so before the row goes
  INSERT INTO article_fts(article_fts, rowid, body, title, kicker, subtitle, credit_line)
    SELECT 'delete', article_id, body, title, kicker, subtitle, credit_line FROM article_fts_text WHERE article_id = old.article_id;
END;

CREATE TRIGGER article_fts_update_old BEFORE UPDATE OF article_id, body, title, kicker, subtitle, credit_line ON article BEGIN
  INSERT INTO article_fts(article_fts, rowid, body, title, kicker, subtitle, credit_line)
    SELECT 'delete', article_id, body, title, kicker, subtitle, credit_line FROM article_fts_text WHERE article_id = old.article_id;
END;

CREATE TRIGGER article_fts_update_new AFTER UPDATE OF article_id, body, title, kicker, subtitle, credit_line ON article BEGIN
  INSERT INTO article_fts(rowid, body, title, kicker, subtitle, credit_line)
    SELECT article_id, body, title, kicker, subtitle, credit_line FROM article_fts_text WHERE article_id = new.article_id;
END;

CREATE VIEW article_fts_query AS
  -- A function written as a view: words as typed → what FTS5 is asked, and the words one by one.
  --   SELECT phrases, words FROM article_fts_query WHERE typed = json_quote('余峰 工会')  →  "余 峰 " "工 会 "   ["余峰","工会"]
  -- Whatever FTS5 takes for an operator stands inside quotes.  Over 10,000 characters: an error, malformed JSON.
  SELECT j.json AS typed,
    (WITH RECURSIVE letter(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM letter WHERE i < length(j.value))
     SELECT '"' || group_concat(CASE
         WHEN unicode(c) BETWEEN 9 AND 13 OR unicode(c) BETWEEN 28 AND 32 OR unicode(c) BETWEEN 8192 AND 8202
           OR unicode(c) IN (133, 160, 5760, 8232, 8233, 8239, 8287, 12288) THEN '" "'
         WHEN c IN ('"', '＂') THEN '"" '
         WHEN c BETWEEN '！' AND '～' THEN char(unicode(c) - 65248) || ' '
         ELSE c || ' ' END, '') || '"'
     FROM (SELECT substr(j.value, i, 1) AS c FROM letter)) AS phrases,
    (WITH RECURSIVE letter(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM letter WHERE i < length(j.value))
     SELECT '["' || group_concat(CASE
         WHEN unicode(c) BETWEEN 9 AND 13 OR unicode(c) BETWEEN 28 AND 32 OR unicode(c) BETWEEN 8192 AND 8202
           OR unicode(c) IN (133, 160, 5760, 8232, 8233, 8239, 8287, 12288) THEN '","'
         ELSE substr(json_quote(c), 2, length(json_quote(c)) - 2) END, '') || '"]'
     FROM (SELECT substr(j.value, i, 1) AS c FROM letter)) AS words
  FROM json_each AS j
  WHERE j.key IS NULL;

CREATE VIEW 检索编号 AS
  -- 全部命中, 不排序:  SELECT count(*) FROM 检索编号 WHERE 词 = json_quote('工会');
  SELECT q.typed AS 词, f.rowid AS 编号
  FROM article_fts_query AS q CROSS JOIN article_fts AS f ON f.article_fts = q.phrases;

CREATE VIEW 检索 AS
  -- (+rank: SQLite keeps the best thousand itself; FTS5 would sort them all)
  -- 最相关的一千篇:  SELECT 题名, 发布日期, 摘录 FROM 检索 WHERE 词 = json_quote('余峰 工会') LIMIT 20;
  SELECT q.typed AS 词, hit.key + 1 AS 次序, a.article_id AS 编号, a.published_on AS 发布日期, a.section AS 栏目, a.title AS 题名,
    coalesce((
      SELECT replace(group_concat('…' || substr(c, max(1, k - 18), min(18, k - 1)) || '【' || substr(c, k, length(w)) || '】'
               || substr(c, k + length(w), 24) || '…', ' '), char(10), ' ')
      FROM (SELECT w, c, instr(lower(c), lower(w)) AS k FROM (
        SELECT w.value AS w, a.body || char(10) || a.credit_line AS c
        FROM json_each(q.words) AS w WHERE w.value <> ''))
      WHERE k > 0), substr(a.body, 1, 60)) AS 摘录,
    a.url AS 网址
  FROM article_fts_query AS q
  CROSS JOIN json_each((SELECT json_group_array(rowid) FROM (
    SELECT rowid FROM article_fts WHERE article_fts = q.phrases ORDER BY +rank LIMIT 1000))) AS hit
  CROSS JOIN article AS a ON a.article_id = hit.value;
