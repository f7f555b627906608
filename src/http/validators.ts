import type { Stats } from 'node:fs';

/** What tells one state of a file from another (RFC 9110, 8.8). */
export interface Validators {
  etag: string;
  /** HTTP date; null while the file may still change within the second that a date can tell. */
  lastModified: string | null;
  modifiedMs: number;
}

/** A file that was written this recently may be written again without its times telling. */
const SETTLED_MS = 2000;

/**
 * Of a file that is held: inode, size, and both times to the microsecond; the change time is set by the kernel alone, so
 * it also tells of a file that was given its old modification time back. Weak while the file is fresh: pieces
 * of a file that is being written must not be put together.
 */
export function validatorsOf(stats: Stats, now: number): Validators {
  const words = [stats.ino, stats.size, stats.mtimeMs * 1000, stats.ctimeMs * 1000].map((value) => Math.round(value).toString(36));
  const fresh = now - Math.max(stats.mtimeMs, stats.ctimeMs) < SETTLED_MS;
  return {
    etag: `${fresh ? 'W/' : ''}"${words.join('-')}"`,
    lastModified: fresh ? null : new Date(stats.mtimeMs).toUTCString(),
    modifiedMs: Math.floor(stats.mtimeMs / 1000) * 1000,
  };
}

/** What the conditions of a request come to, in the order of RFC 9110, 13.2.2. */
export function weigh(headers: Headers, found: Validators): 'go' | 'unmodified' | 'failed' {
  const match = headers.get('if-match');
  if (match !== null) {
    if (match.trim() !== '*' && (found.etag.startsWith('W/') || !tagsOf(match).includes(found.etag))) return 'failed';
  } else if (isAfter(found, headers.get('if-unmodified-since'))) return 'failed';
  const none = headers.get('if-none-match');
  if (none !== null) return none.trim() === '*' || tagsOf(none).some((tag) => bare(tag) === bare(found.etag)) ? 'unmodified' : 'go';
  const since = headers.get('if-modified-since');
  return found.lastModified && since !== null && isAfter(found, since) === false ? 'unmodified' : 'go';
}

const tagsOf = (list: string): string[] => list.match(/(?:W\/)?"[^"]*"/g) ?? [];
const bare = (tag: string) => tag.replace(/^W\//, '');

/** Was it modified after that date? null: there is no date that can be read. */
function isAfter(found: Validators, date: string | null): boolean | null {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? null : found.modifiedMs > at;
}

/** The first and the last byte of a piece. */
export interface Span {
  first: number;
  last: number;
}

/**
 * Which piece is asked for (RFC 9110, 14). One piece is answered as such; several, or what is no range of bytes, by the
 * whole file, as the RFC allows. A piece of another state of the file is the whole file too (`If-Range`).
 */
export function spanOf(headers: Headers, found: Validators, size: number): Span | 'whole' | 'unsatisfiable' {
  const asked = /^bytes=[ \t]*(\d*)[ \t]*-[ \t]*(\d*)[ \t]*$/i.exec(headers.get('range') ?? '');
  const [, from = '', to = ''] = asked ?? [];
  if (!asked || (from === '' && to === '') || !isStill(headers.get('if-range'), found)) return 'whole';
  if (from === '') {
    const length = Math.min(size, Number(to));
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  if (to !== '' && Number(to) < first) return 'whole';
  return first >= size ? 'unsatisfiable' : { first, last: to === '' ? size - 1 : Math.min(size - 1, Number(to)) };
}

/** `If-Range` takes a strong tag or the exact date. */
function isStill(condition: string | null, found: Validators): boolean {
  if (condition === null) return true;
  const text = condition.trim();
  return text.startsWith('"') ? text === found.etag : text === found.lastModified;
}
