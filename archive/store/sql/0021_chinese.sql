-- Step 21: what people read in the views is in Chinese, and its times are those of a clock in China (UTC+8), said in the
-- column's name.  The tables keep UTC and what the program wrote.
--
-- A reason has numbers and addresses in it, so SQLite alone cannot translate it: _reason holds the Chinese of each one that
-- a view shows.  Triggers note what is new, the program puts it into Chinese before it commits; what no program has seen
-- yet, or knows, is shown as it was written, behind 原文.  It is told by failure and absence: in no export, under no seal.

CREATE TABLE _reason (
  -- 原因: why something failed or is missing, as stored, and in Chinese.
  said           TEXT PRIMARY KEY,
  chinese        TEXT                       -- NULL: not put into Chinese yet
) WITHOUT ROWID;
CREATE INDEX _ix_reason_waiting ON _reason(said) WHERE chinese IS NULL;

INSERT INTO _reason(said) SELECT reason FROM failure UNION SELECT reason FROM absence;

CREATE TABLE _reason_words (
  -- 词表: which words of the program the Chinese is of; another version puts all of it into Chinese again.
  one            INTEGER PRIMARY KEY CHECK (one = 1),
  digest         TEXT NOT NULL
);

CREATE TRIGGER _reason_failure_insert AFTER INSERT ON failure BEGIN
  INSERT INTO _reason(said) VALUES (new.reason) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER _reason_failure_update AFTER UPDATE OF reason ON failure WHEN new.reason IS NOT old.reason BEGIN
  INSERT INTO _reason(said) VALUES (new.reason) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER _reason_absence_insert AFTER INSERT ON absence BEGIN
  INSERT INTO _reason(said) VALUES (new.reason) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER _reason_absence_update AFTER UPDATE OF reason ON absence WHEN new.reason IS NOT old.reason BEGIN
  INSERT INTO _reason(said) VALUES (new.reason) ON CONFLICT DO NOTHING;
END;

DROP VIEW 变更;
CREATE VIEW 变更 AS
  -- 文章改过的每一次: 前后两个版本
  SELECT n.article_id AS 编号, n.title AS 题名, o.number AS 原版本, n.number AS 新版本,
    coalesce(datetime(n.seen_at, '+8 hours'), n.seen_at) AS 发现时间（北京时间）,
    CASE n.minor WHEN 1 THEN '细微' ELSE '实质' END AS 类别, -- 细微: 只有空白、标点、全半角不同
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(trim(n.changed, '[]'), ', ', '、'),
      '"title"', '题名'), '"kicker"', '引题'), '"subtitle"', '副题'), '"section"', '栏目'), '"published_raw"', '日期'),
      '"source"', '来源'), '"body"', '正文'), '"credit_line"', '署名'), '"images"', '图片') AS 改动字段,
    n.added AS 增字, n.removed AS 删字,
    o.title AS 原题名, o.credit_line AS 原署名, n.credit_line AS 新署名, o.body AS 原正文, n.body AS 新正文
  FROM article_version n JOIN article_version o ON o.article_id = n.article_id AND o.number = n.number - 1
  WHERE n.number > 1; -- says no more than the join does: lets the index of changes be used

DROP VIEW 已消失;
CREATE VIEW 已消失 AS
  -- 网站上现在找不到、档案里仍保存的文章; 失联: 刚发现, 还在复查; 已消失: 多次复查都没有
  SELECT a.article_id AS 编号, a.title AS 题名, a.published_on AS 发布日期, a.status AS 状态,
    coalesce(datetime(b.since, '+8 hours'), b.since) AS 首次未见（北京时间）, b.looks AS 复查次数,
    coalesce((SELECT w.chinese FROM _reason w WHERE w.said = b.reason), '原文：“' || b.reason || '”') AS 原因,
    coalesce(datetime(b.gone_at, '+8 hours'), b.gone_at) AS 消失时间（北京时间）,
    coalesce(datetime(a.last_seen_at, '+8 hours'), a.last_seen_at) AS 末次见到（北京时间）, a.url AS 网址
  FROM article a JOIN absence b ON b.article_id = a.article_id AND b.returned_at IS NULL;

DROP VIEW 消失记录;
CREATE VIEW 消失记录 AS
  -- 每一次找不到, 包括后来又恢复的
  SELECT b.article_id AS 编号, a.title AS 题名, coalesce(datetime(b.since, '+8 hours'), b.since) AS 首次未见（北京时间）, b.looks AS 复查次数,
    coalesce((SELECT w.chinese FROM _reason w WHERE w.said = b.reason), '原文：“' || b.reason || '”') AS 原因,
    coalesce(datetime(b.gone_at, '+8 hours'), b.gone_at) AS 消失时间（北京时间）,
    coalesce(datetime(b.returned_at, '+8 hours'), b.returned_at) AS 恢复时间（北京时间）
  FROM absence b JOIN article a ON a.article_id = b.article_id;

DROP VIEW 证据;
CREATE VIEW 证据 AS
  -- 每个版本读自哪一次采集: WARC 文件、位置、摘要; WARC 文件里的时间是 UTC
  SELECT v.article_id AS 编号, v.number AS 版本, coalesce(datetime(c.captured_at, '+8 hours'), c.captured_at) AS 采集时间（北京时间）, c.captured_at AS 采集时间（UTC）,
    c.url AS 网址, c.status AS 应答, w.name AS 文件, c.warc_offset AS 起点, c.warc_length AS 长度,
    c.payload_sha256 AS 原始字节SHA256, c.revisit_of AS 同前次采集
  FROM article_version v JOIN capture c ON c.capture_id = v.capture_id LEFT JOIN warc_file w ON w.warc_id = c.warc_id;

DROP VIEW 栏目;
CREATE VIEW 栏目 AS
  -- 每个栏目列出多少、存下多少
  SELECT s.name AS 栏目, s.slug AS 代码, s.url AS 网址,
    count(l.listing_id) AS 列出, count(a.article_id) AS 已存, count(l.listing_id) - count(a.article_id) AS 未存,
    min(coalesce(a.published_on, l.date_on)) AS 最早, max(coalesce(a.published_on, l.date_on)) AS 最晚, s.last_new_page AS 末次新页,
    CASE s.stop WHEN 'end' THEN '到底' WHEN 'known' THEN '都已存' WHEN 'repeated' THEN '重复' WHEN 'since' THEN '到了指定日期'
      WHEN 'cap' THEN '到了上限' WHEN 'unread' THEN '没有读懂' WHEN 'error' THEN '出错' ELSE s.stop END AS 停止原因,
    s.backlog_url AS 未走完,
    s.reader AS 列表读法, s.pager AS 翻页方式, s.pages AS 页数, s.said_pages AS 自称页数, s.said_entries AS 自称条数,
    coalesce(datetime(s.swept_at, '+8 hours'), s.swept_at) AS 末次到底（北京时间）
  FROM section s LEFT JOIN listing l ON l.section_id = s.section_id LEFT JOIN article a ON a.site = s.site AND a.key = l.key
  WHERE s.kind = 'section' GROUP BY s.section_id;

DROP VIEW 未存;
CREATE VIEW 未存 AS
  -- 列表上有、档案里没有的文章, 以及没有存下的原因
  SELECT l.title AS 题名, l.date_raw AS 列表日期, s.name AS 栏目, l.url AS 网址,
    coalesce((SELECT w.chinese FROM _reason w WHERE w.said = f.reason), '原文：“' || f.reason || '”') AS 原因, f.attempts AS 失败次数,
    coalesce(datetime(l.first_seen_at, '+8 hours'), l.first_seen_at) AS 首见（北京时间）
  FROM _listed m CROSS JOIN listing l ON l.listing_id = m.listing_id CROSS JOIN section s ON s.section_id = l.section_id
  LEFT JOIN failure f ON f.site = s.site AND f.kind = 'article' AND f.key = l.key
  WHERE m.archived = 0 GROUP BY s.site, l.key;

DROP VIEW 事件;
CREATE VIEW 事件 AS
  -- 对档案做过的事: 导出、检查、复制、重新解析、导入、时间戳
  SELECT event_id AS 序号,
    CASE type WHEN 'export' THEN '导出' WHEN 'validation' THEN '检查' WHEN 'replication' THEN '复制' WHEN 'ingestion' THEN '导入'
      WHEN 'metadata modification' THEN '鉴定或重新解析' WHEN 'time-stamp' THEN '时间戳' ELSE type END AS 类型,
    coalesce(datetime(at, '+8 hours'), at) AS 时间（北京时间）, agent AS 程序, CASE outcome WHEN 'success' THEN '成功' ELSE '失败' END AS 结果, detail AS 详情 FROM event;

DROP VIEW 暂缓;
CREATE VIEW 暂缓 AS
  -- 读到而没有收入的网页: 网站自相矛盾, 或与旧文同文; 已存文章不变, 网页留在证据文件里
  SELECT h.held_id AS 序号, a.article_id AS 编号, h.title AS 题名, h.url AS 网址, coalesce(datetime(h.seen_at, '+8 hours'), h.seen_at) AS 采集时间（北京时间）,
    CASE h.state WHEN 'same' THEN '一页多址' WHEN 'renumbered' THEN '标识更换' WHEN 'waiting' THEN '待判' ELSE '已有后来的采集' END AS 原因,
    h.twin AS 同文标识, h.crawl_id AS 采集批次, h.capture_id AS 采集记录
  FROM held h LEFT JOIN article a ON a.site = h.site AND a.key = h.key;

DROP VIEW 封签;
CREATE VIEW 封签 AS
  -- 每次写入一个封签; 封签值抄录在档案之外, 以后可用 zhijiang check --against 核对
  SELECT s.number AS 序号, coalesce(datetime(s.sealed_at, '+8 hours'), s.sealed_at) AS 时间（北京时间）,
    CASE WHEN s.what GLOB 'crawl * (killed)' THEN '第 ' || substr(s.what, 7, length(s.what) - 15) || ' 次采集（中途被杀）'
      WHEN s.what GLOB 'crawl *' THEN '第 ' || substr(s.what, 7) || ' 次采集'
      WHEN s.what GLOB 'event *' THEN '事件 ' || CAST(substr(s.what, 7) AS INTEGER)
      ELSE CASE s.what WHEN 'reparse' THEN '重新解析' WHEN 'texts that were held back' THEN '收入暂缓的网页'
        WHEN 'evidence of a killed crawl' THEN '中断的采集留下的证据' WHEN 'appraise import' THEN '鉴定' WHEN 'appraise number' THEN '编档号'
        WHEN 'rows of no writer' THEN '不是本程序写入的行' WHEN 'earlier rows' THEN '有封签以前的各行' ELSE s.what END
    END AS 何事,
    s.leaves AS 项数, s.versions AS 累计版本数, s.head AS 封签值
  FROM seal s;

DROP VIEW 检索旧版;
CREATE VIEW 检索旧版 AS
  -- 旧版本里有、现在的文本里没有的:  SELECT 编号, 版本, 题名, 被替换时间（北京时间）, 摘录 FROM 检索旧版 WHERE 词 = json_quote('4100万元');
  -- 几个词时, 至少一个在被替换掉的文字里, 其余的按原样在那一版里找 (不计空格、换行和字母大小写).
  SELECT q.typed AS 词, v.article_id AS 编号, v.number AS 版本, v.title AS 题名, coalesce(datetime(n.seen_at, '+8 hours'), n.seen_at) AS 被替换时间（北京时间）,
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
