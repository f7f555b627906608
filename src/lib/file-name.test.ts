import { describe, expect, test } from 'bun:test';
import { isBroken, nameBytes, nameOf, shownName, systemName } from './file-name.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const back = (name: string) => Buffer.from(systemName(name) as string);

describe('bytes that are no UTF-8', () => {
  test.each([
    ['a lone byte', bytes(0xff)],
    ['a cut character', bytes(0x61, 0xe9, 0xa6)],
    ['a surrogate', bytes(0xed, 0xa0, 0x80)],
    ['an overlong slash', bytes(0xc0, 0xaf)],
    ['past the end of Unicode', bytes(0xf4, 0x90, 0x80, 0x80)],
    ['GBK', bytes(0xd6, 0xd0, 0xce, 0xc4, 0x2e, 0x74, 0x78, 0x74)],
    ['text on both sides', bytes(0xe9, 0xa6, 0x92, 0x80, 0xe5, 0xa4, 0xb4)],
    ['the characters that stand for bytes', Uint8Array.from(Buffer.from('\u{10ff80}\u{10ffff}'))],
  ])('%s: the way back is exact, and the text is well-formed', (_, raw) => {
    const name = nameOf(raw);
    expect(back(name)).toEqual(Buffer.from(raw));
    expect(name.isWellFormed()).toBe(true);
    expect(isBroken(name)).toBe(true);
    expect(nameBytes(name)).toBe(raw.length);
    expect(decodeURIComponent(encodeURIComponent(name))).toBe(name);
    expect(JSON.parse(JSON.stringify(name))).toBe(name);
  });

  test('any bytes at all: no two have one name', () => {
    const seen = new Map<string, string>();
    let state = 1;
    const next = () => (state = (state * 1103515245 + 12345) & 0x7fffffff) >>> 16;
    for (let i = 0; i < 3000; i++) {
      const raw = Uint8Array.from({ length: 1 + (next() % 8) }, () => 1 + (next() % 255));
      const hex = Buffer.from(raw).toString('hex');
      const name = nameOf(raw);
      expect(back(name).toString('hex')).toBe(hex);
      expect(seen.get(name) ?? hex).toBe(hex);
      seen.set(name, hex);
    }
  });

  test('people see which bytes they are', () => {
    expect(shownName(nameOf(bytes(0x63, 0x61, 0x66, 0xe9)))).toBe('caf\\xe9');
  });
});

test.each(['a.txt', '馒头 😀', '\ufffd', '\ufeffbom', 'new\nline', '\u202egpj.exe'])('text stays what it is: %p', (name) => {
  expect(nameOf(Buffer.from(name))).toBe(name);
  expect(systemName(name)).toBe(name);
  expect([isBroken(name), shownName(name)]).toEqual([false, name]);
});
