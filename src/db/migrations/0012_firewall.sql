-- What the panel has added to the machine's firewall: to tell its rules from those of others, and to see when one is gone.
CREATE TABLE firewall_rules (
  id TEXT PRIMARY KEY,
  -- 'rule', 'forward', or 'published': of published ports of containers.
  kind TEXT NOT NULL CHECK (kind IN ('rule', 'forward', 'published')),
  -- What makes it that rule: two with one key do the same.
  key TEXT NOT NULL,
  spec TEXT NOT NULL,
  comment TEXT NOT NULL DEFAULT '',
  position INTEGER NOT NULL DEFAULT 0,
  -- An armed change that brought it, or takes it away: until that is over nobody knows whether it stays.
  armed_id TEXT,
  leaving INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  UNIQUE (kind, key)
) STRICT;
