-- Step 2: full-text search that finds Chinese words of any length in stock SQLite.
--
-- Every character is a token of its own, so a word is a phrase of characters: 枝江 is found as "枝 江".
-- The index reads a view that spaces the text out; spaced text is never stored.  Triggers keep the index
-- right whatever program writes.  No extension and no custom tokenizer: any SQLite with FTS5 and JSON will do.
--
-- A word matches where its characters stand next to each other, ignoring blanks, line breaks, zero-width
-- characters, the case of Latin letters, and whether a sign is printed full or half width (５Ｇ = 5G, ，= ,).

CREATE VIEW article_text AS
  SELECT article_id, 'body' AS field, body AS text FROM article
  UNION ALL SELECT article_id, 'title', title FROM article
  UNION ALL SELECT article_id, 'credit_line', credit_line FROM article;

CREATE VIEW article_text_spaced AS
  -- each text with a blank between all characters, full-width signs made half-width: ５Ｇ基站 → 5 G 基 站.
  -- Blocks keep this linear: substr() of a long text counts its characters from the start every time.
  -- No table-valued function: the index may not use one while it reads its own content.
  SELECT article_id, field,
    (WITH RECURSIVE
      block(i) AS (SELECT 1 UNION ALL SELECT i + 256 FROM block WHERE i + 256 <= length(text)),
      big(b)   AS MATERIALIZED (SELECT substr(text, i, 256) FROM block),
      off(j)   AS (SELECT 1 UNION ALL SELECT j + 16 FROM off WHERE j + 16 <= 256),
      small(s) AS MATERIALIZED (SELECT substr(b, j, 16) FROM big CROSS JOIN off WHERE j <= length(b))
     SELECT group_concat(printf('%s %s %s %s %s %s %s %s %s %s %s %s %s %s %s %s',
        CASE WHEN unicode(substr(s, 1, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(s, 1, 1)) - 65248) ELSE substr(s, 1, 1) END,
        CASE WHEN unicode(substr(s, 2, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(s, 2, 1)) - 65248) ELSE substr(s, 2, 1) END,
        CASE WHEN unicode(substr(s, 3, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(s, 3, 1)) - 65248) ELSE substr(s, 3, 1) END,
        CASE WHEN unicode(substr(s, 4, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(s, 4, 1)) - 65248) ELSE substr(s, 4, 1) END,
        CASE WHEN unicode(substr(s, 5, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(s, 5, 1)) - 65248) ELSE substr(s, 5, 1) END,
        CASE WHEN unicode(substr(s, 6, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(s, 6, 1)) - 65248) ELSE substr(s, 6, 1) END,
        CASE WHEN unicode(substr(s, 7, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(s, 7, 1)) - 65248) ELSE substr(s, 7, 1) END,
        CASE WHEN unicode(substr(s, 8, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(s, 8, 1)) - 65248) ELSE substr(s, 8, 1) END,
        CASE WHEN unicode(substr(s, 9, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(s, 9, 1)) - 65248) ELSE substr(s, 9, 1) END,
        CASE WHEN unicode(substr(s, 10, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(s, 10, 1)) - 65248) ELSE substr(s, 10, 1) END,
        CASE WHEN unicode(substr(s, 11, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(s, 11, 1)) - 65248) ELSE substr(s, 11, 1) END,
        CASE WHEN unicode(substr(s, 12, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(s, 12, 1)) - 65248) ELSE substr(s, 12, 1) END,
        CASE WHEN unicode(substr(s, 13, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(s, 13, 1)) - 65248) ELSE substr(s, 13, 1) END,
        CASE WHEN unicode(substr(s, 14, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(s, 14, 1)) - 65248) ELSE substr(s, 14, 1) END,
        CASE WHEN unicode(substr(s, 15, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(s, 15, 1)) - 65248) ELSE substr(s, 15, 1) END,
        CASE WHEN unicode(substr(s, 16, 1)) BETWEEN 65281 AND 65374 THEN char(unicode(substr(s, 16, 1)) - 65248) ELSE substr(s, 16, 1) END), ' ')
     FROM small) AS spaced
  FROM article_text;

CREATE VIEW article_fts_text AS
  SELECT a.article_id,
    (SELECT spaced FROM article_text_spaced t WHERE t.article_id = a.article_id AND t.field = 'body') AS body,
    (SELECT spaced FROM article_text_spaced t WHERE t.article_id = a.article_id AND t.field = 'title') AS title,
    (SELECT spaced FROM article_text_spaced t WHERE t.article_id = a.article_id AND t.field = 'credit_line') AS credit_line
  FROM article a;

-- The long column stands first: column 0 costs no column mark in the index, a quarter of its size.
CREATE VIRTUAL TABLE article_fts USING fts5(
  body, title, credit_line,
  content="article_fts_text", content_rowid="article_id",
  tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn'"
);
INSERT INTO article_fts (article_fts, rank) VALUES ('rank', 'bm25(1.0, 10.0, 4.0)');

CREATE TRIGGER article_fts_ai AFTER INSERT ON article BEGIN
  -- INSERT OR REPLACE skips the delete trigger and would break the index; refused with a word on what to do
  SELECT RAISE(ABORT, 'INSERT OR REPLACE needs PRAGMA recursive_triggers=ON; use INSERT ... ON CONFLICT DO UPDATE')
    FROM article_fts_docsize WHERE id = new.article_id;
  INSERT INTO article_fts (rowid, body, title, credit_line)
    SELECT article_id, body, title, credit_line FROM article_fts_text WHERE article_id = new.article_id;
END;
CREATE TRIGGER article_fts_bd BEFORE DELETE ON article BEGIN
  INSERT INTO article_fts (article_fts, rowid, body, title, credit_line)
    SELECT 'delete', article_id, body, title, credit_line FROM article_fts_text WHERE article_id = old.article_id;
END;
CREATE TRIGGER article_fts_bu BEFORE UPDATE OF article_id, body, title, credit_line ON article BEGIN
  INSERT INTO article_fts (article_fts, rowid, body, title, credit_line)
    SELECT 'delete', article_id, body, title, credit_line FROM article_fts_text WHERE article_id = old.article_id;
END;
CREATE TRIGGER article_fts_au AFTER UPDATE OF article_id, body, title, credit_line ON article BEGIN
  INSERT INTO article_fts (rowid, body, title, credit_line)
    SELECT article_id, body, title, credit_line FROM article_fts_text WHERE article_id = new.article_id;
END;

INSERT INTO article_fts (article_fts) VALUES ('rebuild');

CREATE VIEW 检索词 AS
  -- the words of a query, parted by blanks, and each spaced out like the texts:
  --   SELECT 次序, 字词, 字 FROM 检索词 WHERE 词 = json_quote('余峰 工会');
  SELECT p.json AS 词, w.key AS 次序, w.value AS 字词,
    (WITH RECURSIVE at(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM at WHERE i < length(w.value)),
       char_at(c) AS (SELECT substr(w.value, i, 1) FROM at)
     SELECT group_concat(CASE WHEN unicode(c) BETWEEN 65281 AND 65374 THEN char(unicode(c) - 65248) ELSE c END, ' ')
     FROM char_at) AS 字
  FROM json_each AS p
  CROSS JOIN json_each('[' || replace(replace(replace(replace(replace(replace(replace(p.json,
    char(8203), ''), char(65279), ''), char(160), ' '), char(12288), ' '), '\t', ' '), '\n', ' '), ' ', '","') || ']') AS w
  WHERE w.value <> '';

CREATE VIEW 检索式 AS
  -- a query as one FTS5 expression: "余 峰" AND "工 会"
  SELECT p.json AS 词,
    (SELECT coalesce(group_concat('"' || replace(t.字, '"', '""') || '"', ' AND '), '""')
     FROM 检索词 t WHERE t.词 = p.json) AS 式
  FROM json_each AS p;

CREATE VIEW 检索编号 AS
  -- every hit, unranked; counts are exact:
  --   SELECT count(*) FROM 检索编号 WHERE 词 = json_quote('工会');
  SELECT p.json AS 词, f.rowid AS 编号
  FROM json_each AS p
  CROSS JOIN article_fts AS f ON f.article_fts = (SELECT 式 FROM 检索式 q WHERE q.词 = p.json);

CREATE VIEW 检索 AS
  -- the best 1000 hits, best first, with a marked snippet:
  --   SELECT 题名, 发布日期, 摘录 FROM 检索 WHERE 词 = json_quote('余峰 工会') LIMIT 20;
  SELECT p.json AS 词, r.key + 1 AS 次序, a.article_id AS 编号, a.published_on AS 发布日期, a.section AS 栏目, a.title AS 题名,
    coalesce(
      (SELECT replace(group_concat('…' || substr(c, max(1, k - 18), min(18, k - 1)) || '【' || substr(c, k, length(v)) || '】'
                || substr(c, k + length(v), 24) || '…', ' '), char(10), ' ')
       FROM (SELECT v, c, instr(lower(c), lower(v)) AS k
             FROM (SELECT w.字词 AS v,
                     CASE WHEN instr(lower(a.body), lower(w.字词)) THEN a.body
                          WHEN instr(lower(a.credit_line), lower(w.字词)) THEN a.credit_line
                          ELSE replace(replace(replace(replace(replace(a.body || char(10) || a.credit_line,
                            char(12288), ''), char(160), ''), char(8203), ''), char(10), ''), ' ', '') END AS c
                   FROM 检索词 w WHERE w.词 = p.json))
       WHERE k > 0),
      replace(substr(a.body, 1, 60), char(10), ' ')) AS 摘录,
    a.url AS 网址
  FROM json_each AS p
  CROSS JOIN json_each((SELECT json_group_array(rowid) FROM (
    SELECT rowid FROM article_fts WHERE article_fts = (SELECT 式 FROM 检索式 q WHERE q.词 = p.json) ORDER BY rank LIMIT 1000))) AS r
  CROSS JOIN article AS a ON a.article_id = r.value;
