-- Step 3: the views for people.  Chinese names, one row a thing, texts as printed.

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
    a.url AS 网址,
    a.body AS 正文
  FROM article a;

CREATE VIEW 署名 AS
  -- 每篇每人每职责一行
  SELECT c.article_id AS 编号, a.published_on AS 发布日期, a.title AS 题名,
    c.role AS 职责, r.grp AS 类别, c.name AS 姓名, c.org AS 单位, c.label AS 原文标签, c.position AS 位置, c.rule AS 识别规则, c.seq AS 顺序
  FROM credit c JOIN article a ON a.article_id = c.article_id JOIN role r ON r.role = c.role;

CREATE VIEW 审稿 AS
  -- 每篇的审稿链; 缺 列出没有印出的审级
  SELECT 编号, 发布日期, 题名, 记者, 编辑, 一审, 二审, 三审,
    trim(CASE WHEN 一审 IS NULL THEN '一审 ' ELSE '' END || CASE WHEN 二审 IS NULL THEN '二审 ' ELSE '' END
      || CASE WHEN 三审 IS NULL THEN '三审' ELSE '' END) AS 缺,
    署名原文
  FROM 文章;

CREATE VIEW 变更 AS
  -- 文章改过的每一次: 前后两个版本
  SELECT n.article_id AS 编号, n.title AS 题名, o.number AS 原版本, n.number AS 新版本, n.seen_at AS 发现时间,
    CASE n.minor WHEN 1 THEN '细微' ELSE '实质' END AS 类别, -- 细微: 只有空白、标点、全半角不同
    n.changed AS 改动字段, n.added AS 增字, n.removed AS 删字,
    o.title AS 原题名, o.credit_line AS 原署名, n.credit_line AS 新署名, o.body AS 原正文, n.body AS 新正文
  FROM article_version n JOIN article_version o ON o.article_id = n.article_id AND o.number = n.number - 1;

CREATE VIEW 已消失 AS
  -- 网站上现在找不到、档案里仍保存的文章; 失联: 刚发现, 还在复查; 已消失: 多次复查都没有
  SELECT a.article_id AS 编号, a.title AS 题名, a.published_on AS 发布日期, a.status AS 状态, b.since AS 首次未见, b.looks AS 复查次数,
    b.reason AS 原因, b.gone_at AS 消失时间, a.last_seen_at AS 末次见到, a.url AS 网址
  FROM article a JOIN absence b ON b.article_id = a.article_id AND b.returned_at IS NULL;

CREATE VIEW 消失记录 AS
  -- 每一次找不到, 包括后来又恢复的
  SELECT b.article_id AS 编号, a.title AS 题名, b.since AS 首次未见, b.looks AS 复查次数, b.reason AS 原因, b.gone_at AS 消失时间, b.returned_at AS 恢复时间
  FROM absence b JOIN article a ON a.article_id = b.article_id;

CREATE VIEW 证据 AS
  -- 每个版本读自哪一次采集: WARC 文件、位置、摘要
  SELECT v.article_id AS 编号, v.number AS 版本, c.captured_at AS 采集时间, c.url AS 网址, c.status AS 应答, w.name AS 文件, c.warc_offset AS 起点, c.warc_length AS 长度,
    c.payload_sha256 AS 原始字节SHA256, c.revisit_of AS 同前次采集
  FROM article_version v JOIN capture c ON c.capture_id = v.capture_id LEFT JOIN warc_file w ON w.warc_id = c.warc_id;

CREATE VIEW 图片 AS
  -- 每篇每图一行
  SELECT i.article_id AS 编号, a.title AS 题名, a.published_on AS 发布日期, i.seq AS 顺序, i.caption AS 图说, i.url AS 网址,
    m.mime AS 格式, m.width AS 宽, m.height AS 高, m.bytes AS 字节, m.sha256 AS SHA256
  FROM image i JOIN article a ON a.article_id = i.article_id
  LEFT JOIN media_address u ON u.url = i.url LEFT JOIN media m ON m.media_id = u.media_id;

CREATE VIEW 图片复用 AS
  -- 同一张图片用在几篇文章里
  SELECT SHA256, count(DISTINCT 编号) AS 篇数, count(DISTINCT 图说) AS 图说数, min(发布日期) AS 首次使用, max(发布日期) AS 末次使用,
    group_concat(DISTINCT 编号) AS 编号
  FROM 图片 WHERE SHA256 IS NOT NULL GROUP BY SHA256 HAVING count(DISTINCT 编号) > 1;

CREATE VIEW 覆盖 AS
  -- 每月每栏目有多少篇, 其中多少没有署名
  SELECT substr(published_on, 1, 7) AS 月份, section AS 栏目, count(*) AS 篇数, sum(credit_line = '') AS 无署名
  FROM article GROUP BY 1, 2;

CREATE VIEW 栏目 AS
  -- 每个栏目列出多少、存下多少
  SELECT s.name AS 栏目, s.slug AS 代码, s.url AS 网址,
    count(l.listing_id) AS 列出, count(a.article_id) AS 已存, count(l.listing_id) - count(a.article_id) AS 未存,
    min(coalesce(a.published_on, l.date_on)) AS 最早, max(coalesce(a.published_on, l.date_on)) AS 最晚, s.last_new_page AS 末次新页,
    s.stop AS 停止原因, s.backlog_url AS 未走完
  FROM section s LEFT JOIN listing l ON l.section_id = s.section_id LEFT JOIN article a ON a.site = s.site AND a.key = l.key
  WHERE s.kind = 'section' GROUP BY s.section_id;

CREATE VIEW 未存 AS
  -- 列表上有、档案里没有的文章, 以及没有存下的原因
  SELECT l.title AS 题名, l.date_raw AS 列表日期, s.name AS 栏目, l.url AS 网址, f.reason AS 原因, f.attempts AS 失败次数, l.first_seen_at AS 首见
  FROM listing l JOIN section s ON s.section_id = l.section_id
  LEFT JOIN article a ON a.site = s.site AND a.key = l.key
  LEFT JOIN failure f ON f.site = s.site AND f.kind = 'article' AND f.key = l.key
  WHERE a.article_id IS NULL GROUP BY s.site, l.key;

CREATE VIEW 未识别署名 AS
  -- 署名里印了、职责表里还没有的词
  SELECT label AS 标签, count(*) AS 次数, min(article_id) AS 例见编号
  FROM credit WHERE role = '其他' GROUP BY label;

CREATE VIEW 数据字典 AS
  -- 每个表、视图和它们的列是什么意思; 列为空文本的一行说的是表本身
  SELECT table_name AS 表, column_name AS 列, name AS 中文名, note AS 说明, dat18 AS 著录项目, dc AS 都柏林核心, schema_org AS 结构化数据
  FROM data_dictionary;
