-- Terminals in containers: SQLite changes a CHECK only by a new table. Links to terminals refer to the old one, and would
-- go with it.
CREATE TABLE terminal_shares_kept AS SELECT * FROM terminal_shares;
DROP TABLE terminal_shares;

CREATE TABLE terminals_next (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  opened_by TEXT NOT NULL,
  -- What it runs: an account of this machine, a Windows shell, a saved host, or a container.
  kind TEXT NOT NULL CHECK (kind IN ('shell', 'ssh', 'container')),
  target TEXT NOT NULL,
  host_id TEXT,
  folder TEXT NOT NULL,
  -- Given by a person; '' shows the title that the program sets.
  name TEXT NOT NULL DEFAULT '',
  colour TEXT NOT NULL DEFAULT '' CHECK (colour IN ('', 'bamboo', 'celadon', 'clay', 'moss', 'stamp')),
  title TEXT NOT NULL DEFAULT '',
  -- May those who cannot open terminals look at it?
  watchable INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('running', 'ended', 'killed', 'lost')),
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  exit_code INTEGER,
  exit_signal TEXT
) STRICT;
INSERT INTO terminals_next SELECT id, user_id, opened_by, kind, target, host_id, folder, name, colour, title, watchable, state, created_at, ended_at, exit_code, exit_signal FROM terminals;
DROP TABLE terminals;
ALTER TABLE terminals_next RENAME TO terminals;
CREATE INDEX terminals_state ON terminals (state, created_at);

CREATE TABLE terminal_shares (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  terminal_id TEXT NOT NULL REFERENCES terminals ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX terminal_shares_terminal ON terminal_shares (terminal_id);
INSERT INTO terminal_shares SELECT id, token_hash, terminal_id, user_id, created_at, expires_at FROM terminal_shares_kept;
DROP TABLE terminal_shares_kept;
