import type { RegistryValue } from '../../platform/registry.ts';
import { REG } from '../../platform/registry.ts';
import { textOf } from './value.ts';
import { pathOf } from './place.ts';

/** A value that is set, or taken away. */
export type ValueChange = RegistryValue | { name: string; remove: true };

/** One key of a .reg file. */
export interface KeyChange {
  path: string;
  /** The whole key goes, before values are set. */
  remove: boolean;
  values: ValueChange[];
}

/** A line that says nothing that can be done. */
export interface RegFault {
  line: number;
  text: string;
}

export interface RegFile {
  keys: KeyChange[];
  faults: RegFault[];
}

const HEADERS = [/^Windows Registry Editor Version 5\.00\s*$/, /^REGEDIT4\s*$/];

/** UTF-16 with its mark as regedit writes it, UTF-8, or the old format in the code page of Windows. */
export function decodeReg(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Where it is no UTF-8, GB18030 reads Chinese ones; those of the west are ASCII but for letters in texts.
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/**
 * `.reg` of version 5.00 and REGEDIT4 ("How to add, modify, or delete registry subkeys and values by using a .reg file"):
 *
 *     Windows Registry Editor Version 5.00
 *
 *     [HKEY_LOCAL_MACHINE\SOFTWARE\Example]
 *     @="default"
 *     "Path"=hex(2):25,00,54,00,\
 *       00,00
 *     "Old"=-
 *
 *     [-HKEY_LOCAL_MACHINE\SOFTWARE\Gone]
 *
 * @returns null when the first line is none of a .reg file
 */
export function parseReg(text: string): RegFile | null {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  const first = lines.findIndex((line) => line.trim() !== '');
  const version = HEADERS.findIndex((header) => header.test(lines[first] ?? ''));
  if (version < 0) return null;
  const keys: KeyChange[] = [];
  const faults: RegFault[] = [];
  let current: KeyChange | null = null;
  for (let at = first + 1; at < lines.length; at++) {
    const begun = at;
    const line = lines[at]!.trim();
    const fault = () => void faults.push({ line: begun + 1, text: lines[begun]!.slice(0, 200) });
    if (line === '' || line.startsWith(';')) continue;
    if (line.startsWith('[')) {
      current = keyLine(line);
      if (current) keys.push(current);
      else fault();
      continue;
    }
    const { text: whole, last } = wholeValue(lines, begun);
    at = last;
    const value = whole !== null && current && !current.remove ? valueLine(whole, version === 1) : null;
    if (value) current!.values.push(value);
    else if (current || !faults.length) fault();
  }
  return { keys, faults };
}

/** Lines that one value may go on over, and characters of all of them. */
const PIECES_MOST = 20_000;
const CHARS_MOST = 2 ** 20;
const HEAD = /^(?:@|"[^"\\]*(?:\\.[^"\\]*)*")\s*=\s*/;
const UNCLOSED = /^[^"\\]*(?:\\.[^"\\]*)*$/;

/**
 * A value with the lines that it goes on over: bytes where a backslash ends the line, a text until its quotation mark.
 * Each line is looked at once, as there may be as many as the file has. @returns no text when it is none or too long; the last line of it
 */
function wholeValue(lines: readonly string[], from: number): { text: string | null; last: number } {
  const first = lines[from]!.trim();
  const head = HEAD.exec(first)?.[0].length;
  if (head === undefined) return { text: null, last: from };
  const isHex = /^hex/i.test(first.slice(head, head + 3));
  const pieces = [first];
  let [last, length] = [from, first.length];
  let goesOn = isHex ? first.endsWith('\\') : first[head] === '"' && UNCLOSED.test(first.slice(head + 1));
  while (goesOn && last + 1 < lines.length) {
    const next = isHex ? lines[++last]!.trim() : lines[++last]!;
    length += next.length;
    if (pieces.length >= PIECES_MOST || length > CHARS_MOST) return { text: null, last };
    pieces.push(next);
    goesOn = isHex ? next.endsWith('\\') : UNCLOSED.test(next);
  }
  return { text: isHex ? pieces.map((piece, i) => (i < pieces.length - 1 ? piece.slice(0, -1) : piece)).join('') : pieces.join('\n'), last };
}

// In what follows no two repetitions may take the same characters, nor a repetition begin anew at each of them.
function keyLine(line: string): KeyChange | null {
  const [, minus, name] = /^\[(-?)(.*)\]\s*(?:;[^\n]*)?$/.exec(line) ?? [];
  const path = name === undefined ? null : pathOf(name);
  return path === null ? null : { path, remove: minus === '-', values: [] };
}

const unescape = (text: string) => text.replace(/\\(["\\])/g, '$1');

function valueLine(line: string, ansi: boolean): ValueChange | null {
  const [, at, quoted, rest = ''] = /^(?:(@)|"([^"\\]*(?:\\.[^"\\]*)*)")\s*=\s*([\s\S]*)$/.exec(line) ?? [];
  if (at === undefined && quoted === undefined) return null;
  const name = at ? '' : unescape(quoted!);
  if (/^-\s*(;.*)?$/.test(rest)) return { name, remove: true };
  const text = /^"([^"\\]*(?:\\.[^"\\]*)*)"\s*(?:;.*)?$/.exec(rest);
  if (text) return { name, type: REG.sz, bytes: wide(`${unescape(text[1]!)}\0`) };
  const dword = /^dword:([\da-f]{1,8})\s*(?:;.*)?$/i.exec(rest);
  if (dword) return { name, type: REG.dword, bytes: Uint8Array.from(Buffer.from(dword[1]!.padStart(8, '0'), 'hex').reverse()) };
  const hex = /^hex(?:\(([\da-f]{1,8})\))?:([\da-f,\s]*)(?:;.*)?$/i.exec(rest);
  if (!hex) return null;
  const parts = hex[2]!.split(',').map((part) => part.trim()).filter(Boolean);
  if (parts.some((part) => !/^[\da-f]{1,2}$/i.test(part))) return null;
  const type = hex[1] === undefined ? REG.binary : parseInt(hex[1], 16);
  const bytes = Uint8Array.from(parts, (part) => parseInt(part, 16));
  const texts: number[] = [REG.sz, REG.expand, REG.multi];
  // The old format has texts in the code page, one byte a letter.
  return { name, type, bytes: ansi && texts.includes(type) ? wide(decodeReg(bytes)) : bytes };
}

const wide = (text: string) => Uint8Array.from(Buffer.from(text, 'utf16le'));

const escape = (text: string) => text.replace(/[\\"]/g, '\\$&');

/** Where a line of bytes is broken, as regedit breaks it. */
const WIDTH = 80;

/** As regedit exports it: UTF-16 with its mark, CR LF. */
export function writeReg(keys: readonly KeyChange[]): Uint8Array {
  const lines = ['Windows Registry Editor Version 5.00', ''];
  for (const { path, remove, values } of keys) {
    lines.push(`[${remove ? '-' : ''}${path}]`, ...(remove ? [] : values.map(writeValue)), '');
  }
  return Uint8Array.from(Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`, 'utf16le'));
}

export function writeValue(value: ValueChange): string {
  const name = value.name === '' ? '@' : `"${escape(value.name)}"`;
  if ('remove' in value) return `${name}=-`;
  const { type, bytes } = value;
  const text = type === REG.sz && bytes.length >= 2 && bytes.at(-1) === 0 && bytes.at(-2) === 0 ? textOf(value) : null;
  if (text !== null && !/[\r\n]/.test(text)) return `${name}="${escape(text)}"`;
  if (type === REG.dword && bytes.length === 4) return `${name}=dword:${Buffer.from(bytes).reverse().toString('hex')}`;
  return wrap(`${name}=hex${type === REG.binary ? '' : `(${type.toString(16)})`}:`, bytes);
}

function wrap(head: string, bytes: Uint8Array): string {
  const rows: string[] = [];
  let row = head;
  bytes.forEach((byte, i) => {
    const piece = `${byte.toString(16).padStart(2, '0')}${i + 1 < bytes.length ? ',' : ''}`;
    if (row.length + piece.length + 1 > WIDTH && row !== head) {
      rows.push(`${row}\\`);
      row = '  ';
    }
    row += piece;
  });
  return [...rows, row].join('\r\n');
}
