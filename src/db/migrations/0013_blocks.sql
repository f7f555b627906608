-- Lists of addresses that were brought in together, and go together.
CREATE TABLE block_lists (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  -- ms since 1970; NULL: until it is taken away.
  until INTEGER,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

-- What is not let in. The machine drops what these come to together: core/blocks/segments.ts.
CREATE TABLE blocks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- "203.0.113.7", "198.51.100.0/24", "192.0.2.7-192.0.2.9", in one spelling.
  address TEXT NOT NULL,
  -- Family and address in hexadecimal, so that text sorts and compares as addresses do.
  first TEXT NOT NULL,
  last TEXT NOT NULL,
  -- ms since 1970; 8640000000000000, the last moment there is: until it is lifted.
  until INTEGER NOT NULL,
  comment TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL CHECK (source IN ('person', 'list', 'guard')),
  list_id TEXT NOT NULL DEFAULT '',
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX blocks_once ON blocks (address, source, list_id);
CREATE INDEX blocks_by_first ON blocks (first, id);
CREATE INDEX blocks_by_until ON blocks (until, id);
CREATE INDEX blocks_by_created ON blocks (created_at, id);
CREATE INDEX blocks_by_list ON blocks (list_id, id);

-- Whom the guard has banned, and why: a row is kept when the ban is over.
CREATE TABLE guard_bans (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- What is counted together: an IPv4 address, or the 64 bits that one customer has of IPv6.
  address TEXT NOT NULL,
  source TEXT NOT NULL,
  at INTEGER NOT NULL,
  until INTEGER NOT NULL,
  -- Which time it is for this address.
  times INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  -- What was seen, as JSON: [{"at": …, "text": "Failed password for root from …"}]
  seen TEXT NOT NULL,
  lifted_at INTEGER,
  lifted_by TEXT
) STRICT;
CREATE INDEX guard_bans_by_at ON guard_bans (at, id);
CREATE INDEX guard_bans_by_address ON guard_bans (address, at);
