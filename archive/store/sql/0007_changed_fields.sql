-- The view 变更 names the changed fields as people call them.
-- By replace() and not by json_each(): the view opens in tools whose SQLite has no JSON functions.
DROP VIEW 变更;
CREATE VIEW 变更 AS
  -- 文章改过的每一次: 前后两个版本
  SELECT n.article_id AS 编号, n.title AS 题名, o.number AS 原版本, n.number AS 新版本, n.seen_at AS 发现时间,
    CASE n.minor WHEN 1 THEN '细微' ELSE '实质' END AS 类别, -- 细微: 只有空白、标点、全半角不同
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(trim(n.changed, '[]'), ', ', '、'),
      '"title"', '题名'), '"kicker"', '引题'), '"subtitle"', '副题'), '"section"', '栏目'), '"published_raw"', '日期'),
      '"source"', '来源'), '"body"', '正文'), '"credit_line"', '署名'), '"images"', '图片') AS 改动字段,
    n.added AS 增字, n.removed AS 删字,
    o.title AS 原题名, o.credit_line AS 原署名, n.credit_line AS 新署名, o.body AS 原正文, n.body AS 新正文
  FROM article_version n JOIN article_version o ON o.article_id = n.article_id AND o.number = n.number - 1
  WHERE n.number > 1; -- says no more than the join does: lets the index of changes be used
