import { MESSAGE_MOST, type Boot, type LogEntry } from '../../logs.ts';
import type { CutLine } from './lines.ts';

/** Of which `journalctl -o json` is asked; cursor and times come with every entry. */
export const FIELDS = ['MESSAGE', 'PRIORITY', '_SYSTEMD_UNIT', 'UNIT', 'SYSLOG_IDENTIFIER', '_COMM', '_PID', 'SYSLOG_PID'];

/** As systemd.journal-fields(7) has them. */
type Fields = Record<string, unknown>;

/**
 * A line of `journalctl -o json` (systemd: "Journal JSON Format"): text, or bytes where it is no printable UTF-8, or several of
 * these where a field came more than once.
 *
 *     {"__REALTIME_TIMESTAMP":"1795929861915237","PRIORITY":"6","_PID":"1","MESSAGE":"Reloading.","__CURSOR":"s=d2de…;i=4d;…"}
 *     {"MESSAGE":[99,97,102,233,32,108,97,116,105,110],"__CURSOR":"s=d2de…;i=52;…","__REALTIME_TIMESTAMP":"1795929875429750"}
 *
 * @returns null for what is no entry
 */
export function parseEntry(line: CutLine): LogEntry | null {
  const fields = line.tail ? parseCut(line.head, line.tail) : parseWhole(line.head);
  const cursor = textOf(fields?.__CURSOR);
  if (!fields || !cursor) return null;
  const at = Number(textOf(fields.__REALTIME_TIMESTAMP));
  const priority = Number.parseInt(textOf(fields.PRIORITY), 10);
  const pid = Number.parseInt(textOf(fields._PID) || textOf(fields.SYSLOG_PID), 10);
  const message = textOf(fields.MESSAGE);
  return {
    at: Number.isFinite(at) && at > 0 ? Math.floor(at / 1000) : null,
    priority: priority >= 0 && priority <= 7 ? priority : null,
    // What systemd says about a service, it says as itself.
    unit: name(fields.UNIT) ?? name(fields._SYSTEMD_UNIT),
    identifier: name(fields.SYSLOG_IDENTIFIER) ?? name(fields._COMM),
    pid: Number.isFinite(pid) ? pid : null,
    message: message.slice(0, MESSAGE_MOST).toWellFormed(), cut: line.tail !== null || message.length > MESSAGE_MOST,
    cursor,
  };
}

const NAME_MOST = 200;
const name = (value: unknown): string | null => textOf(value).slice(0, NAME_MOST) || null;

/** Of a field that came more than once the first. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  return typeof value[0] === 'number' ? Buffer.from(value as number[]).toString('utf8') : textOf(value[0]);
}

function parseWhole(bytes: Buffer): Fields | null {
  try {
    const found: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof found === 'object' && found !== null ? (found as Fields) : null;
  } catch {
    return null;
  }
}

/**
 * Of a line with its middle left out: the fields that are whole in either end, and the beginning of the message. Within a message
 * all quotes are escaped, so what looks like a field there has a backslash where a field has none.
 */
function parseCut(head: Buffer, tail: Buffer): Fields {
  const [first, last] = [head.toString('utf8'), tail.toString('utf8')];
  const fields: Fields = {};
  for (const key of ['__CURSOR', '__REALTIME_TIMESTAMP', ...FIELDS]) {
    const whole = new RegExp(`[{,]"${key}":("(?:[^"\\\\]|\\\\.){0,4000}"|\\[[\\d,]{0,4000}\\])`);
    const found = whole.exec(first) ?? whole.exec(last);
    if (found) fields[key] = JSON.parse(found[1]!);
  }
  fields.MESSAGE ??= beginning(first);
  return fields;
}

function beginning(text: string): unknown {
  const found = /[{,]"MESSAGE":(["[])/.exec(text);
  if (!found) return '';
  const rest = text.slice(found.index + found[0].length);
  if (found[1] === '[') return rest.slice(0, rest.lastIndexOf(',')).split(',').map(Number);
  // Without an escape that was cut in two.
  const whole = rest.replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, (cut, at: number) => (/\\*$/.exec(rest.slice(0, at))![0].length % 2 ? cut : ''));
  try {
    return JSON.parse(`"${whole}"`);
  } catch {
    return whole;
  }
}

/**
 * `journalctl --list-boots -o json`, since systemd 252; the last is the one that runs.
 *
 *     [{"index":0,"boot_id":"d442c52c8ab04727b72e63d39bd54a0e","first_entry":1795929860485018,"last_entry":1795929862079528}]
 */
export function parseBoots(text: string): Boot[] | null {
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(rows)) return null;
  return (rows as Fields[]).flatMap(({ boot_id: id, first_entry: from, last_entry: to }) =>
    typeof id === 'string' && /^[0-9a-f]{32}$/.test(id) ? [{ id, from: Math.floor(Number(from) / 1000), to: Math.floor(Number(to) / 1000) }] : []).toReversed();
}

/**
 * The same as a table, of earlier ones: time zones are written out, and `LC_ALL=C` and `--utc` make them readable.
 *
 *       0 d442c52c8ab04727b72e63d39bd54a0e Sun 2026-11-29 05:24:20 UTC—Sun 2026-11-29 05:24:22 UTC
 */
export function parseBootTable(text: string): Boot[] {
  const time = '\\w{3} (\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d) UTC';
  const row = new RegExp(`^\\s*-?\\d+ ([0-9a-f]{32}) ${time}\\W+?${time}`, 'gm');
  return [...text.matchAll(row)].map(([, id, day, clock, lastDay, lastClock]) => ({ id: id!, from: Date.parse(`${day}T${clock}Z`), to: Date.parse(`${lastDay}T${lastClock}Z`) })).toReversed();
}
