-- Container engines beside the one of this machine, which needs no row.
CREATE TABLE docker_endpoints (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('unix', 'tls', 'tcp', 'ssh')),
  -- Of unix: the path of its socket.
  socket TEXT NOT NULL DEFAULT '',
  -- Of tls and tcp.
  address TEXT NOT NULL DEFAULT '',
  port INTEGER NOT NULL DEFAULT 0 CHECK (port BETWEEN 0 AND 65535),
  -- Of tls, PEM, sealed for this row and column; NULL: none is kept.
  ca TEXT,
  certificate TEXT,
  private_key TEXT,
  -- Of ssh: the saved host, which is signed in to as its terminals are.
  ssh_host_id TEXT REFERENCES ssh_hosts (id) ON DELETE RESTRICT,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

-- Which engine a shell in a container belongs to; NULL: that of this machine.
ALTER TABLE terminals ADD COLUMN endpoint_id TEXT;
