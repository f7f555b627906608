-- Registries of images that ask who one is.
CREATE TABLE registries (
  id TEXT PRIMARY KEY,
  -- As references name it: "ghcr.io", "127.0.0.1:5000"; Docker Hub is "docker.io".
  host TEXT NOT NULL COLLATE NOCASE UNIQUE,
  user TEXT NOT NULL,
  -- Password or token, sealed for this row.
  password TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  -- When the registry last said yes to them.
  checked_at INTEGER
) STRICT;
