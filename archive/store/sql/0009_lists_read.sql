-- How each list was read, how long the site says that it is, and how far it was looked through for late entries.
ALTER TABLE section ADD COLUMN reader TEXT NOT NULL DEFAULT '' /* the list reader that knew its first page */;
ALTER TABLE section ADD COLUMN pager TEXT NOT NULL DEFAULT '' /* the kind of pager that led from its first page */;
ALTER TABLE section ADD COLUMN pages INTEGER /* its last page when the end was last reached, from 1 */;
ALTER TABLE section ADD COLUMN said_pages INTEGER /* how many pages the site said then */;
ALTER TABLE section ADD COLUMN said_entries INTEGER /* how many entries its first page says */;
ALTER TABLE section ADD COLUMN elsewhere INTEGER NOT NULL DEFAULT 0 /* rows that lead to no article of the site, estimated from the pages of the last walk to the end */;
ALTER TABLE section ADD COLUMN backlog_page INTEGER /* which page backlog_url is, from 1 */;
ALTER TABLE section ADD COLUMN backlog_counted INTEGER NOT NULL DEFAULT 0 CHECK (backlog_counted IN (0, 1)) /* 1: no page links it, there may be none */;
ALTER TABLE section ADD COLUMN sweep_url TEXT /* the list page at which the look for late entries goes on; NULL: behind the first */;
ALTER TABLE section ADD COLUMN sweep_page INTEGER /* which page that is, from 1 */;
ALTER TABLE section ADD COLUMN swept_crawl INTEGER REFERENCES crawl(crawl_id) /* the crawl that read its last page last */;
ALTER TABLE section ADD COLUMN swept_at TEXT /* UTC, when its last page was last read */;
ALTER TABLE failure ADD COLUMN capture_id INTEGER REFERENCES capture(capture_id) /* the page that was not understood; NULL: none came */;
ALTER TABLE capture ADD COLUMN method TEXT NOT NULL DEFAULT 'GET' /* of the request */;

DROP VIEW 栏目;
CREATE VIEW 栏目 AS
  -- 每个栏目列出多少、存下多少
  SELECT s.name AS 栏目, s.slug AS 代码, s.url AS 网址,
    count(l.listing_id) AS 列出, count(a.article_id) AS 已存, count(l.listing_id) - count(a.article_id) AS 未存,
    min(coalesce(a.published_on, l.date_on)) AS 最早, max(coalesce(a.published_on, l.date_on)) AS 最晚, s.last_new_page AS 末次新页,
    s.stop AS 停止原因, s.backlog_url AS 未走完,
    s.reader AS 列表读法, s.pager AS 翻页方式, s.pages AS 页数, s.said_pages AS 自称页数, s.said_entries AS 自称条数, s.swept_at AS 末次到底
  FROM section s LEFT JOIN listing l ON l.section_id = s.section_id LEFT JOIN article a ON a.site = s.site AND a.key = l.key
  WHERE s.kind = 'section' GROUP BY s.section_id;
