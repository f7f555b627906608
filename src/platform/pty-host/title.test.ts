import { expect, test } from 'bun:test';
import { cpuMs } from '../../../test/support/cpu.ts';
import { cleanTitle, TitleReader } from './title.ts';

function titles(...pieces: string[]): string[] {
  const found: string[] = [];
  const reader = new TitleReader((title) => found.push(title));
  for (const piece of pieces) reader.scan(Buffer.from(piece));
  return found;
}

test('S15 hostile titles become a plain line', () => {
  expect(cleanTitle('a\u202egnp.exe\u2066\x00\x1b\x9b31m\nb')).toBe('agnp.exe31mb');
  expect(titles(`\x1b]0;${'x'.repeat(300)}\x07`)[0]).toHaveLength(200);
  expect(titles('\x1b]0;<script>alert(1)</script>\x07')).toEqual(['<script>alert(1)</script>']);
  expect(titles(`\x1b]0;${'\u0301'.repeat(500)}\x07`).join('').length).toBeLessThanOrEqual(200);
});

test('S22 one that never ends is given up, and the next is seen', () => {
  expect(titles(`\x1b]0;${'x'.repeat(5000)}`, 'y', '\x1b]0;next\x07')).toEqual(['next']);
  expect(titles(`\x1b]0;${'x'.repeat(5000)}\x1b]2;in the same piece\x07`)).toEqual(['in the same piece']);
  const reader = new TitleReader(() => {});
  const begun = cpuMs();
  reader.scan(Buffer.from('\x1b]0;'));
  for (let i = 0; i < 100_000; i++) reader.scan(Buffer.from('x'));
  expect(cpuMs() - begun).toBeLessThan(2000);
});

test('ended by BEL or by ST, of the window and the icon; the icon alone and colours are none', () => {
  expect(titles('\x1b]0;a\x07\x1b]2;b\x1b\\\x1b]1;icon\x07\x1b]10;?\x07\x1b]8;;http://x\x07')).toEqual(['a', 'b']);
});

test('cut at every byte, the same title', () => {
  const bytes = Buffer.from('$ \x1b]0;vim 馒头.md\x1b\\ok');
  for (let at = 0; at <= bytes.length; at++) {
    const found: string[] = [];
    const reader = new TitleReader((title) => found.push(title));
    reader.scan(bytes.subarray(0, at));
    reader.scan(bytes.subarray(at));
    expect([at, found]).toEqual([at, ['vim 馒头.md']]);
  }
});
