import type { AuditRow } from './list.ts';

export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const COLUMNS = ['id', 'at', 'actor', 'userId', 'ip', 'action', 'target', 'result', 'params', 'commands'] as const;

/**
 * One field of CSV (RFC 4180, 2). A text that a spreadsheet would take for a formula gets an apostrophe before it
 * (OWASP, "CSV Injection"): names in the log are whatever somebody once typed.
 */
export function csvField(value: unknown): string {
  const text = value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  const safe = /^[\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const csvLine = (row: AuditRow) =>
  COLUMNS.map((column) => csvField(column === 'at' ? new Date(row.at).toISOString() : column === 'commands' ? row.commands.join('\n') : row[column])).join(',');

const jsonLine = (row: AuditRow) => JSON.stringify({ ...row, at: new Date(row.at).toISOString() });

/** The first piece (a byte order mark for spreadsheets that guess at encodings, and the head), then one per step of rows. */
export function* exportText(format: ExportFormat, steps: Iterable<readonly AuditRow[]>): Generator<string> {
  if (format === 'csv') yield `\ufeff${COLUMNS.join(',')}\r\n`;
  for (const rows of steps) {
    if (rows.length) yield rows.map((row) => (format === 'csv' ? `${csvLine(row)}\r\n` : `${jsonLine(row)}\n`)).join('');
  }
}
