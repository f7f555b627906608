-- Other machines that a terminal may be opened on.
CREATE TABLE ssh_hosts (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE,
  group_name TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL,
  port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
  user TEXT NOT NULL,
  authentication TEXT NOT NULL CHECK (authentication IN ('ask', 'password', 'key', 'file', 'agent')),
  -- Sealed for this row and column; NULL: none is kept.
  password TEXT,
  private_key TEXT,
  passphrase TEXT,
  key_path TEXT NOT NULL DEFAULT '',
  agent_socket TEXT NOT NULL DEFAULT '',
  jump_id TEXT REFERENCES ssh_hosts (id) ON DELETE RESTRICT,
  command TEXT NOT NULL DEFAULT '',
  -- Host keys as in known_hosts(5), "type base64": those that a person has confirmed, and those that the host showed last.
  pinned_keys TEXT NOT NULL DEFAULT '[]',
  pinned_at INTEGER,
  offered_keys TEXT NOT NULL DEFAULT '[]',
  offered_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
