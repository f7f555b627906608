/** Columns of the list, in order. `hidden`: until somebody chooses it. The name is always there. */
export const COLUMNS = [
  { column: 'name', sort: 'name', first: 'ascending', class: undefined, hidden: false },
  { column: 'pid', sort: 'pid', first: 'ascending', class: 'num hi', hidden: false },
  { column: 'user', sort: 'user', first: 'ascending', class: 'mid', hidden: false },
  { column: 'cpu', sort: 'cpu', first: 'descending', class: 'fit', hidden: false },
  { column: 'memory', sort: 'memory', first: 'descending', class: 'fit', hidden: false },
  { column: 'read', sort: 'read', first: 'descending', class: 'num lo', hidden: true },
  { column: 'written', sort: 'written', first: 'descending', class: 'num lo', hidden: true },
  { column: 'received', sort: 'received', first: 'descending', class: 'num lo', hidden: true },
  { column: 'sent', sort: 'sent', first: 'descending', class: 'num lo', hidden: true },
  { column: 'state', sort: 'state', first: 'ascending', class: 'lo', hidden: true },
  { column: 'threads', sort: 'threads', first: 'descending', class: 'num lo', hidden: true },
  { column: 'nice', sort: 'nice', first: 'ascending', class: 'num lo', hidden: true },
  { column: 'belongs', sort: 'service', first: 'ascending', class: 'lo', hidden: false },
  { column: 'ports', sort: null, first: 'ascending', class: 'lo', hidden: false },
  { column: 'started', sort: 'startedAt', first: 'descending', class: 'lo', hidden: false },
] as const;

export type ProcessColumn = (typeof COLUMNS)[number]['column'];
