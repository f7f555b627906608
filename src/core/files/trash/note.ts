import { systemName, nameOf } from '../../../lib/file-name.ts';

/** Ending of the file in `info` that belongs to an entry in `files`. */
export const NOTE = '.trashinfo';

/** What a `.trashinfo` file says (freedesktop.org Trash specification 1.0). */
export interface TrashNote {
  /** Where it was, relative to the top of its file system. */
  path: string;
  /** When, in ms since 1970; null when the file does not say. */
  at: number | null;
  /** Who, when this panel did it; null: another program. */
  by: string | null;
}

/**
 *     [Trash Info]
 *     Path=srv/www/caf%C3%A9.txt
 *     DeletionDate=2026-11-23T23:50:07
 *     X-Mantou-By=lin
 *
 * Path is bytes with everything but unreserved characters and "/" as %XX (RFC 2396, 2), DeletionDate the local time. The last
 * line is ours; the specification lets programs ignore what they do not know. It tells who, and that this panel may let it expire.
 */
export function writeNote(note: { path: string; at: number; by: string }): string {
  return `[Trash Info]\nPath=${escapePath(note.path)}\nDeletionDate=${localTime(note.at)}\nX-Mantou-By=${escapePath(note.by)}\n`;
}

/** @returns null for what is no such file, or names nothing below its file system */
export function readNote(text: string): TrashNote | null {
  const lines = text.split(/\r?\n/);
  if (lines[0]?.trim() !== '[Trash Info]') return null;
  // Of several lines with one key the first counts, says the specification.
  const value = (key: string) => lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);
  const path = unescapePath(value('Path') ?? '')?.replace(/\/+$/, '');
  if (!path || path.startsWith('/') || path.includes('\0') || path.split('/').some((part) => part === '..' || part === '.' || part === '')) return null;
  const at = Date.parse(value('DeletionDate') ?? '');
  return { path, at: Number.isNaN(at) ? null : at, by: value('X-Mantou-By') ? unescapePath(value('X-Mantou-By')!) : null };
}

const escapePath = (text: string) =>
  [...Buffer.from(systemName(text) as string)].map((byte) => (/[A-Za-z0-9\-_.!~*'()/]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)).join('');

function unescapePath(text: string): string | null {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return null;
  // Some programs leave other characters as they are: those are UTF-8.
  const bytes = Buffer.from(text.replace(/%([0-9A-Fa-f]{2})|[^\x00-\x7f]+/g, (all, hex: string | undefined) => (hex ? String.fromCharCode(Number.parseInt(hex, 16)) : Buffer.from(all).toString('latin1'))), 'latin1');
  return nameOf(bytes);
}

const two = (n: number) => String(n).padStart(2, '0');

function localTime(at: number): string {
  const d = new Date(at);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}
