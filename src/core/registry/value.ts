import { REG, type RegistryValue } from '../../platform/registry.ts';

/** Types that can be written, in the order of the form. */
export const VALUE_TYPES = ['REG_SZ', 'REG_EXPAND_SZ', 'REG_MULTI_SZ', 'REG_DWORD', 'REG_QWORD', 'REG_BINARY', 'REG_NONE'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

const NUMBERS: Record<ValueType, number> = { REG_SZ: REG.sz, REG_EXPAND_SZ: REG.expand, REG_MULTI_SZ: REG.multi, REG_DWORD: REG.dword, REG_QWORD: REG.qword, REG_BINARY: REG.binary, REG_NONE: REG.none };

/** winnt.h */
const NAMES: Record<number, string> = {
  0: 'REG_NONE', 1: 'REG_SZ', 2: 'REG_EXPAND_SZ', 3: 'REG_BINARY', 4: 'REG_DWORD', 5: 'REG_DWORD_BIG_ENDIAN', 6: 'REG_LINK', 7: 'REG_MULTI_SZ', 8: 'REG_RESOURCE_LIST',
  9: 'REG_FULL_RESOURCE_DESCRIPTOR', 10: 'REG_RESOURCE_REQUIREMENTS_LIST', 11: 'REG_QWORD',
};

export const typeName = (type: number) => NAMES[type] ?? `0x${type.toString(16)}`;
export const typeNumber = (type: ValueType) => NUMBERS[type];
export const isWritableType = (name: string): name is ValueType => (VALUE_TYPES as readonly string[]).includes(name);

/** Bytes of one value at most: what is larger belongs into a file ("Registry element size limits"). */
export const VALUE_MOST = 2 ** 20;

const utf16 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf16le');

/** Text as it was meant, or null when the bytes do not hold one: an odd number of them, something behind its end. */
export function textOf({ bytes }: RegistryValue): string | null {
  if (bytes.length % 2 || bytes.length === 0) return bytes.length ? null : '';
  const text = utf16(bytes).replace(/\0$/, '');
  return text.includes('\0') ? null : text;
}

/** `a\0b\0\0` → [a, b]; null when something comes after the end. */
export function listOf({ bytes }: RegistryValue): string[] | null {
  if (bytes.length % 2) return null;
  const parts = utf16(bytes).replace(/\0?\0$/, '').split('\0');
  if (parts.length === 1 && parts[0] === '') return [];
  return parts.includes('') ? null : parts;
}

export function numberOf({ type, bytes }: RegistryValue): bigint | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (type === REG.dword && bytes.length === 4) return BigInt(view.readUInt32LE());
  if (type === REG.dwordBig && bytes.length === 4) return BigInt(view.readUInt32BE());
  return type === REG.qword && bytes.length === 8 ? view.readBigUInt64LE() : null;
}

/** `00 1f a0`, sixteen in a row. */
export const hexOf = (bytes: Uint8Array) => (Buffer.from(bytes).toString('hex').match(/.{1,32}/g) ?? []).map((row) => row.match(/../g)!.join(' ')).join('\n');

/** What a form shows to be changed, and `encode` takes back. */
export function shownOf(value: RegistryValue): string {
  if (value.type === REG.sz || value.type === REG.expand) return textOf(value) ?? hexOf(value.bytes);
  if (value.type === REG.multi) return listOf(value)?.join('\n') ?? hexOf(value.bytes);
  const number = numberOf(value);
  return number === null ? hexOf(value.bytes) : String(number);
}

/** In one line, for lists and commands. */
export function lineOf(value: RegistryValue, most = 200): string {
  const number = numberOf(value);
  if (number !== null) return `0x${number.toString(16).padStart(value.type === REG.qword ? 16 : 8, '0')} (${number})`;
  const text = value.type === REG.multi ? (listOf(value)?.join(' · ') ?? null) : value.type === REG.sz || value.type === REG.expand ? textOf(value) : null;
  const line = text === null ? Buffer.from(value.bytes.subarray(0, most)).toString('hex').replace(/..(?=.)/g, '$& ') : text.replace(/\r?\n/g, '↵');
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

/** From what was typed. null: it is none of this type. */
export function encode(type: ValueType, text: string): Uint8Array | null {
  if (type === 'REG_DWORD' || type === 'REG_QWORD') return encodeNumber(text.trim(), type === 'REG_DWORD' ? 4 : 8);
  if (type === 'REG_BINARY' || type === 'REG_NONE') return encodeHex(text);
  if (text.includes('\0') || !text.isWellFormed()) return null;
  // A browser sends CR LF for each end of a line; values that people make hold what they typed.
  if (type !== 'REG_MULTI_SZ') return encodeText(`${text.replace(/\r\n/g, '\n')}\0`);
  const lines = text.split(/\r?\n/);
  while (lines.at(-1) === '') lines.pop();
  // An empty text would end the list.
  return lines.includes('') ? null : encodeText(`${lines.map((line) => `${line}\0`).join('')}\0`);
}

const encodeText = (text: string) => Uint8Array.from(Buffer.from(text, 'utf16le'));

function encodeNumber(text: string, size: 4 | 8): Uint8Array | null {
  if (!/^(0x[\da-f]{1,16}|\d{1,20})$/i.test(text)) return null;
  const number = BigInt(text);
  if (number >= 1n << BigInt(size * 8)) return null;
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(number);
  return Uint8Array.from(bytes.subarray(0, size));
}

function encodeHex(text: string): Uint8Array | null {
  const digits = text.replace(/[\s,]+/g, '');
  return /^([\da-f]{2})*$/i.test(digits) ? Uint8Array.from(Buffer.from(digits, 'hex')) : null;
}
