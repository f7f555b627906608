-- What registries have under the names of images that containers are made of, as they last said it.
CREATE TABLE image_checks (
  -- `redis:7`, as short as Docker shows it, always with its tag.
  reference TEXT PRIMARY KEY,
  -- The last that was said; NULL: it never was.
  digest TEXT,
  checked_at INTEGER NOT NULL,
  -- Why nothing was said the last time; NULL: it was.
  fault TEXT CHECK (fault IN ('limited', 'denied', 'missing', 'away', 'stopped')),
  said TEXT NOT NULL DEFAULT '',
  -- A version that nobody wants to hear of. The next one is told again.
  skipped TEXT
) STRICT;

-- What is kept of a container beside the engine: by name, as an update gives it another id.
CREATE TABLE container_updates (
  name TEXT PRIMARY KEY,
  -- After a scheduled check it is updated without anybody asking.
  automatic INTEGER NOT NULL DEFAULT 0,
  -- The last update, and to what.
  task_id TEXT,
  digest TEXT
) STRICT;
