import { expect, test } from 'bun:test';
import { firstCharacter, wholeCharacters } from './utf8.ts';

test('wherever text is cut, its pieces hold whole characters', () => {
  const bytes = Buffer.from('a馒头é🥟b');
  for (let at = 0; at <= bytes.length; at++) {
    const first = wholeCharacters(bytes.subarray(0, at));
    expect(first.toString()).not.toContain('�');
    const rest = bytes.subarray(at);
    expect(rest.subarray(firstCharacter(rest)).toString()).not.toContain('�');
    expect(at - first.length).toBeLessThan(4);
  }
});

test('bytes that are no UTF-8 are given as they are', () => {
  expect(wholeCharacters(Buffer.from([0x61, 0x80, 0x80, 0x80, 0x80]))).toHaveLength(5);
  expect(firstCharacter(Buffer.from([0x80, 0x80, 0x80, 0x80]))).toBe(3);
});
