-- Tokens of time-stamp authorities (RFC 3161) over the heads of seals.
CREATE TABLE seal_token (
  -- 时间戳: what an authority outside answered about the head of a seal; kept as it came, never changed.
  token_id       INTEGER PRIMARY KEY,
  seal_number    INTEGER NOT NULL REFERENCES seal(number),
  hash           TEXT NOT NULL,             -- sha256, sm3: of the 64 characters of the head
  stamped_at     TEXT NOT NULL CHECK (stamped_at LIKE '____-__-__T__:__:__Z'),  -- UTC, what the token says
  token          TEXT NOT NULL,             -- base64 of the bytes of the answer
  attached_at    TEXT NOT NULL CHECK (attached_at LIKE '____-__-__T__:__:__Z'), -- UTC
  UNIQUE (seal_number, token)
);
CREATE TRIGGER seal_token_no_update BEFORE UPDATE ON seal_token BEGIN SELECT RAISE(ABORT, 'a token is never changed'); END;
CREATE TRIGGER seal_token_no_delete BEFORE DELETE ON seal_token BEGIN SELECT RAISE(ABORT, 'a token is never deleted'); END;
