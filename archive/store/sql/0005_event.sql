-- Step 5: what was done with the archive besides crawling.

CREATE TABLE event (
  -- 事件: exports, checks, copies, reparses, imports: one row each, never changed.  Types are those of PREMIS.
  event_id       INTEGER PRIMARY KEY,
  type           TEXT NOT NULL,             -- export, validation, replication, metadata modification, ingestion
  at             TEXT NOT NULL CHECK (at LIKE '____-__-__T__:__:__Z'),  -- UTC
  agent          TEXT NOT NULL,             -- the program and its version
  outcome        TEXT NOT NULL CHECK (outcome IN ('success', 'failure')),
  detail         TEXT NOT NULL DEFAULT '{}' -- JSON: what, how many, SHA-256 of what was written
);
CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;

CREATE VIEW 事件 AS
  -- 对档案做过的事: 导出、检查、复制、重新解析、导入
  SELECT event_id AS 序号, type AS 类型, at AS 时间, agent AS 程序, CASE outcome WHEN 'success' THEN '成功' ELSE '失败' END AS 结果, detail AS 详情 FROM event;
