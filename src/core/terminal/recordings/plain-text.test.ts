import { expect, test } from 'bun:test';
import { PlainText, secondsAt, type PlainLine } from './plain-text.ts';

function linesOf(...pieces: string[]): PlainLine[] {
  const lines: PlainLine[] = [];
  const plain = new PlainText((line) => lines.push(line));
  pieces.forEach((piece, n) => plain.push(piece, n));
  plain.end();
  return lines;
}
const textOf = (...pieces: string[]) => linesOf(...pieces).map(({ text }) => text);

test('colours, titles and other sequences are left out', () => {
  expect(textOf('\x1b[01;34mbin\x1b[0m  \x1b]0;root@vm\x07etc\r\n')).toEqual(['bin  etc']);
  expect(textOf('\x1b]8;;https://example.test\x1b\\link\x1b]8;;\x1b\\ text')).toEqual(['link text']);
  expect(textOf('\x1b(B\x1b)0\x1b=plain\x1b>\x1bPq#0;2;0;0;0\x1b\\ after')).toEqual(['plain after']);
  expect(textOf('\x9b31mred\x9d0;title\x9c end')).toEqual(['red end']);
});

test('what was taken back is taken back', () => {
  expect(textOf('sl\b\x1b[K\b\x1b[Kls\r\n')).toEqual(['ls']);
  expect(textOf('git stauts', '\b \b'.repeat(3), 'tus')).toEqual(['git status']);
});

test('a cursor that goes elsewhere begins another line, further right a word', () => {
  expect(textOf('\x1b[1;1Hfirst\x1b[2;1Hsecond\x1b[10Gthird')).toEqual(['first', 'second third']);
  expect(textOf('10%\r20%\r\n')).toEqual(['10%', '20%']);
});

test('sequences that are cut anywhere are the same', () => {
  const text = 'a\x1b[1;31mb\x1b]0;t\x07c\x1b[2;2Hd\x1bP1$r\x1b\\e\x1b(Bf\n';
  const whole = textOf(text);
  for (let cut = 1; cut < text.length; cut++) expect(textOf(text.slice(0, cut), text.slice(cut)), String(cut)).toEqual(whole);
  expect(textOf(...text)).toEqual(whole);
});

test('S22 what never ends is bounded', () => {
  expect(linesOf('x'.repeat(3000), 'x'.repeat(3000), 'y').length).toBe(2);
  expect(textOf(`\x1b]0;${'x'.repeat(1_000_000)}`, 'never', '\x07shown')).toEqual(['shown']);
  expect(textOf('\x1b[\x01oops')).toEqual(['oops']);
  // A progress that turns on the spot.
  const turning = linesOf(...Array.from({ length: 10_000 }, () => '|\b'), 'x\n');
  expect(turning.map(({ text, parts }) => [text, parts.length])).toEqual([['x', 1]]);
});

test('each part of a line knows when it was written', () => {
  const [line] = linesOf('ec', 'ho', ' hi\n');
  expect(line!.text).toBe('echo hi');
  expect([1, 2, 3, 4, 5, 7].map((column) => secondsAt(line!, column))).toEqual([0, 0, 1, 1, 2, 2]);
});
