import { expect, test } from 'bun:test';
import { cpuMs } from '../../test/support/cpu.ts';
import { wholeSequences, withoutEscapes } from './escape-sequences.ts';

const SHOWN = [
  ['\x1b[1;31mred\x1b[0m', 'red'],
  ['\x1b]0;root@hk-01: ~\x07$ ls\r\n', '$ ls\n'],
  ['\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\', 'link'],
  ['\x1b(Bplain\x1b=', 'plain'],
  ['\x1bP+q544e\x1b\\after', 'after'],
  ['\x1b[?1049h\x1b[2J\x1b[38;2;1;2;3mtrue\x1b[m', 'true'],
  ['a\x08b\x07c\x00\td', 'abc\td'],
  ['line\r\r\nnext\r\n', 'line\nnext\n'],
  ['馒头🥟', '馒头🥟'],
  ['\x1b', ''],
] as const;

test.each(SHOWN)('%j is shown as %j', (text, shown) => expect(withoutEscapes(text)).toBe(shown));

test('cut at every byte, the pieces say the same', () => {
  for (const [text, shown] of SHOWN.slice(0, -1)) {
    const bytes = Buffer.from(text);
    for (let at = 0; at <= bytes.length; at++) {
      const first = wholeSequences(bytes.subarray(0, at));
      expect([at, withoutEscapes(first.toString('latin1')) + withoutEscapes(bytes.subarray(first.length).toString('latin1'))]).toEqual([at, Buffer.from(shown).toString('latin1')]);
    }
  }
});

test('S22 a megabyte of hostile text takes no time', () => {
  const hostile = ['\x1b'.repeat(1 << 20), '\r'.repeat(1 << 20), '\r\r\n'.repeat(1 << 18), '\x1b['.repeat(1 << 19), '\x1b]0;'.repeat(1 << 18), `\x1b[${'0;'.repeat(1 << 19)}`, `\x1bP${'x'.repeat(1 << 20)}`];
  for (const text of hostile) {
    const begun = cpuMs();
    withoutEscapes(text);
    wholeSequences(Buffer.from(text));
    expect(cpuMs() - begun).toBeLessThan(2000);
  }
});
