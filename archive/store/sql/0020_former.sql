-- Step 20: what a version said and the one after it says no more is found again, as are the names that it had.
--
-- The index holds the passages of replaced versions that were dropped or altered, with eleven characters before and
-- behind each, so that whatever stands in a version and not in the next one is found (archive/search/former_index.py tells
-- why that is all).  Triggers note which versions wait; the program puts them into the index before it commits, for
-- SQLite alone cannot compare two texts.  All of it is told by article_version: it is in no export, and under no seal.

CREATE VIRTUAL TABLE article_fts_former USING fts5(
  body, title, kicker, subtitle, credit_line,
  content = '',
  tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn'"
);

CREATE TABLE article_fts_waiting (
  -- 待编: replaced versions that the index of former texts does not know yet
  version_id     INTEGER PRIMARY KEY
);
CREATE TRIGGER article_fts_former_insert AFTER INSERT ON article_version BEGIN
  INSERT OR IGNORE INTO article_fts_waiting
    SELECT v.version_id FROM article_version v CROSS JOIN article_version n ON n.article_id = v.article_id AND n.number = v.number + 1
    WHERE v.article_id = new.article_id AND v.number IN (new.number - 1, new.number);
END;

-- lost_of() is the program's own, there only while this step runs.
INSERT INTO article_fts_former(rowid, body, title, kicker, subtitle, credit_line)
  WITH lost AS MATERIALIZED (
    SELECT v.version_id, lost_of(CAST(v.body AS BLOB), CAST(n.body AS BLOB)) AS body,
      lost_of(CAST(v.title AS BLOB), CAST(n.title AS BLOB)) AS title,
      lost_of(CAST(v.kicker AS BLOB), CAST(n.kicker AS BLOB)) AS kicker,
      lost_of(CAST(v.subtitle AS BLOB), CAST(n.subtitle AS BLOB)) AS subtitle,
      lost_of(CAST(v.credit_line AS BLOB), CAST(n.credit_line AS BLOB)) AS credit_line
    FROM article_version v JOIN article_version n ON n.article_id = v.article_id AND n.number = v.number + 1)
  SELECT version_id, body, title, kicker, subtitle, credit_line FROM lost
  WHERE body || title || kicker || subtitle || credit_line <> '' ORDER BY version_id;

-- Which articles were changed: a query of former texts asks it often.
CREATE INDEX _ix_article_version_second ON article_version(article_id) WHERE number = 2;

CREATE TABLE _former_credit (
  -- 曾署名: credits of replaced versions that the current one does not have.
  article_id     INTEGER NOT NULL,
  role           TEXT NOT NULL,
  name           TEXT NOT NULL,
  PRIMARY KEY (article_id, role, name)
) WITHOUT ROWID;
CREATE INDEX _ix_former_credit_name ON _former_credit(name, role, article_id);

CREATE VIEW article_fts_former_credit_now AS
  SELECT DISTINCT v.article_id, json_extract(c.value, '$[1]') AS role, json_extract(c.value, '$[2]') AS name
  FROM article_version v
  CROSS JOIN article_version p ON p.article_id = v.article_id
    AND p.number = (SELECT max(m.number) FROM article_version m WHERE m.article_id = v.article_id) AND p.number > v.number
  CROSS JOIN json_each(CASE json_valid(v.credits) WHEN 1 THEN v.credits ELSE '[]' END) c
  WHERE NOT EXISTS (
    SELECT 1 FROM json_each(CASE json_valid(p.credits) WHEN 1 THEN p.credits ELSE '[]' END) d
    WHERE json_extract(d.value, '$[1]') = json_extract(c.value, '$[1]') AND json_extract(d.value, '$[2]') = json_extract(c.value, '$[2]'));

INSERT INTO _former_credit SELECT article_id, role, name FROM article_fts_former_credit_now;

CREATE TRIGGER _former_credit_insert AFTER INSERT ON article_version
WHEN EXISTS (SELECT 1 FROM article_version WHERE article_id = new.article_id AND number <> new.number) BEGIN
  DELETE FROM _former_credit WHERE article_id = new.article_id;
  INSERT INTO _former_credit SELECT article_id, role, name FROM article_fts_former_credit_now WHERE article_id = new.article_id;
END;
CREATE TRIGGER _former_credit_delete AFTER DELETE ON article_version
WHEN EXISTS (SELECT 1 FROM _former_credit WHERE article_id = old.article_id) BEGIN
  DELETE FROM _former_credit WHERE article_id = old.article_id;
  INSERT INTO _former_credit SELECT article_id, role, name FROM article_fts_former_credit_now WHERE article_id = old.article_id;
END;
CREATE TRIGGER _former_credit_update AFTER UPDATE OF article_id, number, credits ON article_version BEGIN
  DELETE FROM _former_credit WHERE article_id IN (old.article_id, new.article_id);
  INSERT INTO _former_credit SELECT article_id, role, name FROM article_fts_former_credit_now WHERE article_id = new.article_id;
  INSERT OR IGNORE INTO _former_credit SELECT article_id, role, name FROM article_fts_former_credit_now WHERE article_id = old.article_id;
END;

CREATE VIEW article_fts_former_query AS
  -- As article_fts_query; lost: what the index of former texts is asked.  Of a word of more than twelve characters it may
  -- have a part only, at least twelve of them, so it is asked for pieces of six.
  SELECT q.typed, q.phrases, q.words,
    coalesce((SELECT group_concat(phrase, ' OR ') FROM (
      SELECT (WITH RECURSIVE letter(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM letter WHERE i < length(w.value))
        SELECT '"' || group_concat(
          CASE WHEN length(w.value) > 12 AND i > 1 AND i % 6 = 1 THEN '" OR "' ELSE '' END
          || CASE WHEN c IN ('"', '＂') THEN '"" ' ELSE coalesce((SELECT indexed FROM article_fts_form WHERE printed = c), c) || ' ' END, '') || '"'
        FROM (SELECT i, substr(w.value, i, 1) AS c FROM letter)) AS phrase
      FROM json_each(q.words) AS w WHERE w.value <> '')), '""') AS lost
  FROM article_fts_query AS q;

CREATE VIEW 检索旧版 AS
  -- 旧版本里有、现在的文本里没有的:  SELECT 编号, 版本, 题名, 被替换时间, 摘录 FROM 检索旧版 WHERE 词 = json_quote('4100万元');
  -- 几个词时, 至少一个在被替换掉的文字里, 其余的按原样在那一版里找 (不计空格、换行和字母大小写).
  SELECT q.typed AS 词, v.article_id AS 编号, v.number AS 版本, v.title AS 题名, n.seen_at AS 被替换时间,
    coalesce((
      SELECT replace(group_concat('…' || substr(c, max(1, k - 18), min(18, k - 1)) || '【' || substr(c, k, length(w)) || '】'
               || substr(c, k + length(w), 24) || '…', ' '), char(10), ' ')
      FROM (SELECT w, c, instr(lower(c), lower(w)) AS k FROM (
        SELECT w.value AS w, v.body || char(10) || v.credit_line AS c
        FROM json_each(q.words) AS w WHERE w.value <> ''))
      WHERE k > 0), substr(v.body, 1, 60)) AS 摘录,
    a.url AS 网址
  FROM article_fts_former_query AS q
  CROSS JOIN article_fts_former AS f ON f.article_fts_former = q.lost
  CROSS JOIN article_version AS v ON v.version_id = f.rowid
  CROSS JOIN article_version AS n ON n.article_id = v.article_id AND n.number = v.number + 1
  CROSS JOIN article AS a ON a.article_id = v.article_id
  WHERE CASE WHEN ((SELECT count(*) = 1 AND max(length(w.value)) <= 12 FROM json_each(q.words) AS w WHERE w.value <> '')
      OR NOT EXISTS (SELECT 1 FROM json_each(q.words) AS w WHERE w.value <> ''
        AND instr(lower(replace(replace(replace(v.body, ' ', ''), '　', ''), char(10), '')), lower(w.value)) = 0
        AND instr(lower(replace(replace(v.title, ' ', ''), '　', '')), lower(w.value)) = 0
        AND instr(lower(replace(replace(v.kicker, ' ', ''), '　', '')), lower(w.value)) = 0
        AND instr(lower(replace(replace(v.subtitle, ' ', ''), '　', '')), lower(w.value)) = 0
        AND instr(lower(replace(replace(replace(v.credit_line, ' ', ''), '　', ''), char(10), '')), lower(w.value)) = 0))
    -- the index last: it takes as long as a search for each
    THEN NOT EXISTS (SELECT 1 FROM article_fts AS p WHERE p.article_fts = q.phrases AND p.rowid = v.article_id) END;
