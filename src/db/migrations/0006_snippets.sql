-- Saved commands. Without a user they are everybody's who may open terminals.
CREATE TABLE snippets (
  id TEXT PRIMARY KEY,
  user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  -- Name of who saved it last.
  saved_by TEXT NOT NULL,
  saved_at INTEGER NOT NULL
) STRICT;
CREATE INDEX snippets_user ON snippets (user_id, name);
