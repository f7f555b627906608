import { expect, test } from 'bun:test';
import { cpuMs } from '../../../test/support/cpu.ts';
import { hasManyLines, LINES_MOST, parseList, TEXT_MOST } from './parse-list.ts';

test('addresses, networks and ranges with comments, in the forms that lists are published in', () => {
  const text = '\uFEFF# a list\r\n198.18.0.1\r198.18.1.0/24 ; SBL1 # more\n\n198.18.2.1 - 198.18.2.9 ## two\n198.18.2.1-198.18.2.9\n198.18.3.1,2026-11-29\n198.18.4.1\t-\tx\n;only\n2001:db8::/32;';
  const { entries, repeated, refused } = parseList(text, []);
  expect(entries.map(({ address, comment }) => [address, comment])).toEqual([
    ['198.18.0.1', ''], ['198.18.1.0/24', 'SBL1 # more'], ['198.18.2.1-198.18.2.9', 'two'], ['198.18.3.1', ''], ['198.18.4.1', ''], ['2001:db8::/32', ''],
  ]);
  expect([repeated, refused]).toEqual([1, []]);
});

test('S22 the longest text there may be, all of it one line, is refused at once', () => {
  const parts = [' ', '#', '-', ' -', '1', '\u2003', '198.18.0.1 ', '198.18.0.1-'];
  for (const part of parts) {
    for (const end of ['', 'x', '- -', '\u2028']) {
      const line = `1${part.repeat(TEXT_MOST / part.length - 8)}${end}`;
      const began = cpuMs();
      const { entries, refused } = parseList(line, []);
      expect([part, cpuMs() - began < 2000]).toEqual([part, true]);
      expect([entries.length, refused.length, refused[0]?.why, (refused[0]?.text.length ?? 0) <= 60]).toEqual([0, 1, 'notAddress', true]);
    }
  }
  for (const line of [`198.18.0.1 ${'y'.repeat(980)}`, `198.18.0.1 # ${'y'.repeat(980)}`]) expect([parseList(line, []).entries.length, parseList(`${line}${'y'.repeat(20)}`, []).refused.length]).toEqual([1, 1]);
});

test('S22 lines are counted as they are split, whatever ends them', () => {
  for (const end of ['\n', '\r', '\r\n']) expect([LINES_MOST - 1, LINES_MOST].map((n) => hasManyLines(end.repeat(n))), JSON.stringify(end)).toEqual([false, true]);
});
