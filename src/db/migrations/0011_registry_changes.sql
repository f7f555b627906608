-- What was changed in the registry of Windows, and how it was before.
CREATE TABLE registry_changes (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  -- The key, or the one that all of it lies in.
  path TEXT NOT NULL,
  view INTEGER NOT NULL,
  -- How many keys and values were made different.
  changes INTEGER NOT NULL,
  -- What puts it back, as a .reg file in base64, sealed for this row: values may be secrets.
  undo TEXT NOT NULL,
  -- The change that put it back.
  undone_by TEXT
) STRICT;
CREATE INDEX registry_changes_at ON registry_changes (at);
