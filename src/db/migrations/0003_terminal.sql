-- No reference to users: who opened a terminal is part of its history.
CREATE TABLE terminals (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  opened_by TEXT NOT NULL,
  -- What it runs: an account of this machine, a Windows shell, or a saved host.
  kind TEXT NOT NULL CHECK (kind IN ('shell', 'ssh')),
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
