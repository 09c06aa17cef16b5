-- Seals: every row that a writer left is a leaf under one, and a head that somebody kept outside speaks for all of them.
-- Leaves are not stored: they are made of the rows again.  What stands here names the row that fails.

CREATE TABLE seal (
  -- 封签: what one writer (a crawl, a reparse, an archivist) left, under one digest; never changed.
  number         INTEGER PRIMARY KEY,       -- from 1, without gaps
  sealed_at      TEXT NOT NULL CHECK (sealed_at LIKE '____-__-__T__:__:__Z'),  -- UTC
  what           TEXT NOT NULL,             -- the writer: crawl 12, reparse, event 7: export
  leaves         INTEGER NOT NULL,          -- under this seal
  versions       INTEGER NOT NULL,          -- under this seal and all before it
  root           TEXT NOT NULL CHECK (length(root) = 64),    -- RFC 9162 root over its leaves
  before         TEXT NOT NULL CHECK (length(before) = 64),  -- the head before it; zeros for the first
  head           TEXT NOT NULL CHECK (length(head) = 64)     -- RFC 9162 root over the seals up to it
);
CREATE TRIGGER seal_no_update BEFORE UPDATE ON seal BEGIN SELECT RAISE(ABORT, 'a seal is never changed'); END;
CREATE TRIGGER seal_no_delete BEFORE DELETE ON seal BEGIN SELECT RAISE(ABORT, 'a seal is never deleted'); END;

CREATE TABLE seal_part (
  -- 封签分表: which rows of one table are under a seal, and short digests that name the one that fails.
  seal           INTEGER NOT NULL REFERENCES seal(number),
  kind           TEXT NOT NULL,             -- the table
  first          INTEGER NOT NULL,          -- its new rows have these numbers, first to last
  last           INTEGER NOT NULL,
  leaves         INTEGER NOT NULL,          -- new rows, then rows of older seals that have another state (seal_former)
  locators       TEXT NOT NULL,             -- Base64: the first two bytes of each leaf
  fields         TEXT NOT NULL,             -- Base64: of every 64 leaves two bytes a field, the sum of its CRC-32s
  PRIMARY KEY (seal, kind)
);
CREATE INDEX ix_seal_part_last ON seal_part(kind, last);
CREATE TRIGGER seal_part_no_update BEFORE UPDATE ON seal_part BEGIN SELECT RAISE(ABORT, 'a seal is never changed'); END;
CREATE TRIGGER seal_part_no_delete BEFORE DELETE ON seal_part BEGIN SELECT RAISE(ABORT, 'a seal is never deleted'); END;

CREATE TABLE seal_former (
  -- 封签前态: the leaf that a row had under an older seal before a writer changed it; its new state is under a later one.
  kind           TEXT NOT NULL,             -- the table
  id             INTEGER NOT NULL,          -- the row's number
  seal           INTEGER NOT NULL,          -- the seal that the new state is under; 0: the next one
  leaf           TEXT CHECK (leaf IS NULL OR length(leaf) = 64),  -- NULL: the row was not there before
  fields         TEXT NOT NULL,             -- Base64: two bytes a field, its CRC-32; '' where the row was not there
  PRIMARY KEY (kind, id, seal)
);
CREATE INDEX ix_seal_former_seal ON seal_former(seal, kind);
CREATE TRIGGER seal_former_no_update BEFORE UPDATE ON seal_former
  WHEN OLD.seal <> 0 OR NEW.kind <> OLD.kind OR NEW.id <> OLD.id OR NEW.leaf IS NOT OLD.leaf
  BEGIN SELECT RAISE(ABORT, 'a seal is never changed'); END;
CREATE TRIGGER seal_former_no_delete BEFORE DELETE ON seal_former BEGIN SELECT RAISE(ABORT, 'a seal is never deleted'); END;

CREATE VIEW 封签 AS
  -- 每次写入一个封签; 封签值抄录在档案之外, 以后可用 zhijiang check --against 核对
  SELECT s.number AS 序号, s.sealed_at AS 时间, s.what AS 何事, s.leaves AS 项数, s.versions AS 累计版本数, s.head AS 封签值
  FROM seal s;
