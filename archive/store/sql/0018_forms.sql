-- Step 18: one form of every character, by Unicode's own data, and words to a plain shell that cannot cost minutes.
--
-- Besides what step 12 has: half-width katakana, ￥ and its like, small and upright marks; every code point that Unicode
-- calls default-ignorable; capital letters that the tokenizer does not know.  The forms themselves are data of the
-- program, archive/search/fold.py: index_forms() is there only while this step runs, as read_again() and to_read_again()
-- are, which tell how far it is.

-- The index itself knows which texts hold a character that will be read otherwise.  It forgets them as it read them: table
-- and view still are the old ones.  By triggers, for only of one number the view reads no other text.
CREATE TABLE printed_otherwise AS
  SELECT rowid AS article_id FROM article_fts WHERE article_fts MATCH (
    SELECT group_concat('"' || key || '"', ' OR ') FROM json_each(index_forms()) WHERE key NOT IN (SELECT printed FROM article_fts_form));
CREATE TABLE of_these (article_id INTEGER PRIMARY KEY);
CREATE TRIGGER forget AFTER INSERT ON of_these BEGIN
  INSERT INTO article_fts(article_fts, rowid, body, title, kicker, subtitle, credit_line)
    SELECT 'delete', article_id, body, title, kicker, subtitle, credit_line FROM article_fts_text WHERE article_id = new.article_id;
END;
INSERT INTO of_these SELECT article_id FROM printed_otherwise;
DROP TABLE of_these;

DELETE FROM article_fts_form;
INSERT INTO article_fts_form SELECT key, value FROM json_each(index_forms());
DROP VIEW article_fts_text;
CREATE VIEW article_fts_text AS
  -- what the index reads: the texts of an article in the index's form, a blank after each character: ⽂化５Ｇ → 文 化 5 G
  -- All texts are split in one go and cut apart again: each character has become two.
  -- substr() counts from the front each time.  So a text of more than 4,096 characters is cut into sixteen parts, these
  -- again while they are longer, and what is left into blocks of 256 and of 16: n log n, a long text as a short one.
  -- Only a block that holds more than the usual signs is looked up character by character.
  -- LIMIT -1: SQLite drops the ORDER BY of what is joined, and works out again what it merges into the query around.
  -- GROUP BY: it would split once for every column.
  SELECT article_id,
    substr(spaced, 1, 2 * b) AS body,
    substr(spaced, 1 + 2 * b, 2 * t) AS title,
    substr(spaced, 1 + 2 * (b + t), 2 * k) AS kicker,
    substr(spaced, 1 + 2 * (b + t + k), 2 * s) AS subtitle,
    substr(spaced, 1 + 2 * (b + t + k + s)) AS credit_line
  FROM (
    SELECT article_id, length(body) AS b, length(title) AS t, length(kicker) AS k, length(subtitle) AS s, (
      WITH RECURSIVE
        sixteen(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM sixteen WHERE i < 15),
        part(start, n, p) AS (
          SELECT 1, length(body || title || kicker || subtitle || credit_line), body || title || kicker || subtitle || credit_line
          UNION ALL
          SELECT start + i * ((n / 4096 + 1) * 256), min((n / 4096 + 1) * 256, n - i * ((n / 4096 + 1) * 256)), substr(p, i * ((n / 4096 + 1) * 256) + 1, (n / 4096 + 1) * 256)
          FROM part CROSS JOIN sixteen WHERE n > 4096 AND i * ((n / 4096 + 1) * 256) < n ORDER BY 1 LIMIT -1),
        large(b) AS (
          SELECT replace(replace(replace(replace(replace(replace(replace(replace(substr(p, 256 * i + 1, 256), '，', ','), '：', ':'), '；', ';'), '！', '!'), '？', '?'), '（', '('), '）', ')'), '％', '%') FROM part CROSS JOIN sixteen WHERE n <= 4096 AND 256 * i < n LIMIT -1),
        formed(b, n) AS (
          SELECT CASE WHEN b GLOB '*[' || char(847, 45, 8191, 8288, 45, 8303, 11311, 11904, 45, 12245, 12644, 42648, 45, 43967, 63744, 45, 1114111) || ']*' THEN (
              SELECT group_concat(coalesce((SELECT indexed FROM article_fts_form WHERE printed = c), c), '')
              FROM (SELECT substr(b, 16 * x.i + y.i + 1, 1) AS c FROM sixteen AS x CROSS JOIN sixteen AS y
                WHERE 16 * x.i + y.i < length(b) LIMIT -1))
            ELSE b END, length(b) FROM large LIMIT -1),
        small(s) AS (SELECT substr(b, 16 * i + 1, 16) FROM formed CROSS JOIN sixteen WHERE 16 * i < n LIMIT -1)
      SELECT group_concat(printf('%s %s %s %s %s %s %s %s %s %s %s %s %s %s %s %s',
            substr(s, 1, 1), substr(s, 2, 1), substr(s, 3, 1), substr(s, 4, 1), substr(s, 5, 1), substr(s, 6, 1), substr(s, 7, 1), substr(s, 8, 1),
            substr(s, 9, 1), substr(s, 10, 1), substr(s, 11, 1), substr(s, 12, 1), substr(s, 13, 1), substr(s, 14, 1), substr(s, 15, 1), substr(s, 16, 1)
          ), ' ') FROM small) AS spaced
    FROM article GROUP BY article_id);

CREATE TABLE of_these (article_id INTEGER PRIMARY KEY);
CREATE TRIGGER learn AFTER INSERT ON of_these BEGIN
  INSERT INTO article_fts(rowid, body, title, kicker, subtitle, credit_line)
    SELECT article_id, body, title, kicker, subtitle, credit_line FROM article_fts_text WHERE article_id = new.article_id;
END;
SELECT to_read_again(count(*)) FROM printed_otherwise;
INSERT INTO of_these SELECT read_again(article_id) FROM printed_otherwise;
DROP TABLE of_these;
DROP TABLE printed_otherwise;

DROP VIEW article_fts_query;
CREATE VIEW article_fts_query AS
  -- A function written as a view: words as typed → what FTS5 is asked, and the words one by one.
  --   SELECT phrases, words FROM article_fts_query WHERE typed = json_quote('余峰 工会')  →  "余 峰 " "工 会 "   ["余峰","工会"]
  -- Whatever FTS5 takes for an operator stands inside quotes.  A word counts once.  More than 20 words or 1,000 characters
  -- are an error with these words in it (a path that JSON does not know): a plain shell has nothing that ends a query.
  SELECT typed, words,
    coalesce((
      SELECT group_concat(phrase, ' ')
        || coalesce(json_extract('{}', CASE WHEN count(*) > 20 THEN '词太多：最多 20 个，相同的只算一次' END), '')
      FROM (
        SELECT DISTINCT (
          WITH RECURSIVE letter(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM letter WHERE i < length(w.value))
          SELECT '"' || group_concat(CASE
              WHEN c IN ('"', '＂') THEN '"" '
              ELSE coalesce((SELECT indexed FROM article_fts_form WHERE printed = c), c) || ' ' END, '') || '"'
          FROM (SELECT substr(w.value, i, 1) AS c FROM letter)) AS phrase
        FROM json_each(words) AS w WHERE w.value <> '')), '""')
      || coalesce(json_extract('{}', CASE WHEN length(said) > 1000 THEN '查询太长：最多 1000 个字符' END), '') AS phrases
  FROM (
    SELECT j.json AS typed, j.value AS said,
      (WITH RECURSIVE letter(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM letter WHERE i < min(length(j.value), 1000))
       SELECT '["' || group_concat(CASE
           WHEN unicode(c) BETWEEN 9 AND 13 OR unicode(c) BETWEEN 28 AND 32 OR unicode(c) BETWEEN 8192 AND 8202
             OR unicode(c) IN (133, 160, 5760, 8232, 8233, 8239, 8287, 12288) THEN '","'
           ELSE substr(json_quote(c), 2, length(json_quote(c)) - 2) END, '') || '"]'
       FROM (SELECT substr(j.value, i, 1) AS c FROM letter)) AS words
    FROM json_each AS j
    WHERE j.key IS NULL);
