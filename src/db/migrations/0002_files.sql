-- No reference to users: the part of an upload is found and removed by its row, also when its sender is gone.
CREATE TABLE uploads (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  folder TEXT NOT NULL,
  name TEXT NOT NULL,
  part TEXT NOT NULL,
  size INTEGER,
  metadata TEXT NOT NULL,
  conflict TEXT NOT NULL CHECK (conflict IN ('ask', 'replace', 'keep-both', 'skip')),
  unchecked_from INTEGER,
  created_at INTEGER NOT NULL,
  touched_at INTEGER NOT NULL,
  ended_at INTEGER,
  ended_as TEXT
) STRICT;
CREATE INDEX uploads_user ON uploads (user_id, ended_at);

-- No reference to users: what somebody saved over stays when they are gone.
CREATE TABLE file_versions (
  id TEXT PRIMARY KEY,
  path TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  size INTEGER NOT NULL,
  stored INTEGER NOT NULL,
  sha256 TEXT NOT NULL
) STRICT;
CREATE INDEX file_versions_path ON file_versions (path, at);

CREATE TABLE shares (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
  path TEXT NOT NULL,
  password_hash TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  downloads_most INTEGER,
  downloads INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX shares_user ON shares (user_id);

CREATE TABLE favourites (
  user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
  path TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (user_id, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE recents (
  user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
  path TEXT NOT NULL,
  folder INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (user_id, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE file_parts (
  id TEXT PRIMARY KEY,
  folder TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
