-- No reference to terminals or users: a recording outlives both, and who made it is part of its history.
CREATE TABLE recordings (
  id TEXT PRIMARY KEY,
  terminal_id TEXT NOT NULL,
  title TEXT NOT NULL,
  target TEXT NOT NULL,
  opened_by TEXT NOT NULL,
  -- Who began it; the panel itself, where a setting says that everything is recorded.
  started_by TEXT NOT NULL,
  policy INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('on', 'done', 'full', 'failed', 'lost')),
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  -- Of the file, and of what is in it in milliseconds, once it is over.
  bytes INTEGER NOT NULL DEFAULT 0,
  length_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX recordings_started ON recordings (started_at);
-- A terminal is recorded once at a time.
CREATE UNIQUE INDEX recordings_on ON recordings (terminal_id) WHERE state = 'on';
