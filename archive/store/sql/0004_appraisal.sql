-- Step 4: the human layer.  What archivists decide; no crawl and no reparse ever writes here.

CREATE TABLE appraisal (
  -- 鉴定: one row an article about which something was decided.
  article_id     INTEGER PRIMARY KEY REFERENCES article(article_id),
  archival_code  TEXT UNIQUE,               -- 档号, DA/T 13-2022: 全宗号-WY·栏目·年度·保管期限-件号; never used again
  retention      TEXT CHECK (retention IN ('Y', 'D30', 'D10')),  -- 保管期限: 永久, 30 年, 10 年
  open_flag      TEXT NOT NULL DEFAULT '未审核' CHECK (open_flag IN ('开放', '控制', '延期开放', '未审核')),  -- 开放标识
  security       TEXT,                      -- 密级
  keywords       TEXT,                      -- 主题词
  abstract       TEXT,                      -- 提要
  note           TEXT,                      -- 附注
  decided_by     TEXT,                      -- 鉴定人
  decided_on     TEXT CHECK (decided_on IS NULL OR decided_on LIKE '____-__-__')  -- 鉴定日期
);

CREATE VIEW 鉴定 AS
  -- 每篇一行; 没有鉴定的各项为空, 开放标识为未审核
  SELECT a.article_id AS 编号, p.archival_code AS 档号, a.title AS 题名, a.published_on AS 发布日期, a.section AS 栏目,
    p.retention AS 保管期限, coalesce(p.open_flag, '未审核') AS 开放标识, p.security AS 密级, p.keywords AS 主题词, p.abstract AS 提要,
    p.note AS 附注, p.decided_by AS 鉴定人, p.decided_on AS 鉴定日期
  FROM article a LEFT JOIN appraisal p ON p.article_id = a.article_id;
