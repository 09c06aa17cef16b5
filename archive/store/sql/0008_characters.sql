-- 字数: how long the text of an article is.
-- characters_of() is the program's own, there only while this step runs: SQLite has no function that knows every
-- kind of white space, and length() ends at a zero byte.  It is given the bytes, which need not be UTF-8.
ALTER TABLE article ADD COLUMN characters INTEGER NOT NULL DEFAULT 0 /* 字数 of the body, white space not counted */;
UPDATE article SET characters = characters_of(CAST(body AS BLOB));

-- The view 审稿 reads from this one and takes none of its columns that changed.
DROP VIEW 文章;
CREATE VIEW 文章 AS
  -- 每篇一行, 现行文本
  SELECT a.article_id AS 编号,
    a.title AS 题名,
    a.published_on AS 发布日期,
    (SELECT group_concat(name, '、') FROM (
       SELECT name, min(place) FROM (
         SELECT a.section AS name, 0 AS place WHERE a.section <> ''
         UNION ALL
         SELECT s.name, s.section_id FROM listing l CROSS JOIN section s ON s.section_id = l.section_id
          WHERE l.key = a.key AND s.site = a.site AND s.kind = 'section' AND s.name <> '')
       GROUP BY name ORDER BY 2)) AS 栏目,
    a.source AS 来源,
    (SELECT group_concat(name, '、') FROM (SELECT name FROM credit c WHERE c.article_id = a.article_id
       AND c.role IN ('记者', '见习记者', '特约记者') GROUP BY name ORDER BY min(seq))) AS 记者,
    (SELECT group_concat(name, '、') FROM (SELECT name FROM credit c WHERE c.article_id = a.article_id
       AND c.role IN ('编辑', '责任编辑', '执行编辑', '值班编委') GROUP BY name ORDER BY min(seq))) AS 编辑,
    (SELECT group_concat(name, '、') FROM (SELECT name FROM credit c WHERE c.article_id = a.article_id
       AND c.role = '一审' ORDER BY seq)) AS 一审,
    (SELECT group_concat(name, '、') FROM (SELECT name FROM credit c WHERE c.article_id = a.article_id
       AND c.role = '二审' ORDER BY seq)) AS 二审,
    -- 初审、复审、终审 的第三级: 没有三审时取终审 (+role: SQLite looks among this article's credits, not among all 三审)
    (SELECT group_concat(name, '、') FROM (SELECT name FROM credit c WHERE c.article_id = a.article_id
       AND c.role = CASE WHEN EXISTS (SELECT 1 FROM credit d WHERE d.article_id = a.article_id AND +d.role = '三审')
                    THEN '三审' ELSE '终审' END ORDER BY seq)) AS 三审,
    a.credit_line AS 署名原文,
    a.status AS 状态,
    a.version AS 版本数,
    a.characters AS 字数,
    a.url AS 网址,
    a.body AS 正文
  FROM article a;
