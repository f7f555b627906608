import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { SYSTEM } from '../../app.ts';
import { withSource } from '../windows/source.ts';
import { HEAD, looksOf } from './kind.ts';
import { lookAt } from './look.ts';
import { readRows } from './rows.ts';
import { chooseShow } from './shows.ts';

let t: TestApp;
let root = '';
beforeAll(() => {
  t = testApp();
  root = mkdtempSync(join(tmpdir(), 'mantou-previews-'));
});
afterAll(async () => {
  await t.close();
  rmSync(root, { recursive: true, force: true });
});

test('S22 what would block or act when it is opened is told, not opened', async () => {
  Bun.spawnSync(['mkfifo', join(root, 'pipe')]);
  expect((await lookAt(t.app, SYSTEM, join(root, 'pipe'))).entry).toBe('fifo');
  expect((await lookAt(t.app, SYSTEM, '/dev/zero')).entry).toBe('char');
  expect((await lookAt(t.app, SYSTEM, '/')).entry).toBe('folder');
  await expect(lookAt(t.app, SYSTEM, join(root, 'none'))).rejects.toThrow('not_found');
});

test('what a file is comes from its bytes; the name only tells one text from another', () => {
  const of = (bytes: string | Uint8Array, name: string) => {
    const { kind, type } = looksOf(Buffer.from(bytes as string), name);
    return [kind, type];
  };
  expect(of('<script>alert(1)</script>', 'x.png')).toEqual(['text', 'text/plain']);
  expect(of('\x89PNG\r\n\x1a\n', 'x.txt')[0]).toBe('text');
  expect(of(Buffer.from('\x89PNG\r\n\x1a\n\0', 'latin1'), 'x.html')).toEqual(['image', 'image/png']);
  expect(of(Buffer.from('RIFF0000WEBPVP8 ', 'latin1'), 'x')).toEqual(['image', 'image/webp']);
  expect(of(Buffer.from('\0\0\0\x20ftypavif\0\0', 'latin1'), 'x.mp4')).toEqual(['image', 'image/avif']);
  expect(of(Buffer.from('\0\0\0\x20ftypisom\0\0', 'latin1'), 'x')).toEqual(['video', 'video/mp4']);
  expect(of('BMW and other words', 'cars.txt')).toEqual(['text', 'text/plain']);
  expect(of('%PDF-1.7', 'x.txt')).toEqual(['pdf', 'application/pdf']);
  expect(of('# x', 'README.MD')[0]).toBe('markdown');
  expect(of('a,b', 'x.csv')[0]).toBe('table');
  expect(of(Buffer.of(0, 1, 2, 3), 'x.txt')).toEqual(['binary', 'application/octet-stream']);
  expect(of('', 'x')[0]).toBe('text');
});

test('a text that is cut in the middle of a character is still a text, in every place of the cut', () => {
  for (let shift = 0; shift < 4; shift++) {
    const head = Buffer.from('x'.repeat(shift) + '馒头'.repeat(3000)).subarray(0, HEAD);
    expect(looksOf(head, 'x.txt').encoding).toBe('utf-8');
  }
  expect(looksOf(iconv.encode('馒头蒸笼里的热气\n'.repeat(900), 'gbk').subarray(0, HEAD), 'x').encoding).toBe('gbk');
});

test('too large for its preview, a file is shown the next best way', () => {
  const look = { kind: 'markdown' as const, size: 3 << 20 };
  expect(chooseShow(look as never, undefined)).toBe('text');
  expect(chooseShow({ ...look, size: 10 } as never, undefined)).toBe('markdown');
  expect(chooseShow({ ...look, size: 10 } as never, 'pdf')).toBe('markdown');
});

test('rows of a table go on where the last page ended: quotes, line ends in cells, broken bytes, a row without end', async () => {
  const rows = Array.from({ length: 500 }, (_, i) => `${i},"馒头 ""${i}""\nin two lines",\u00e9`);
  const path = join(root, 't.csv');
  writeFileSync(path, Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from(`${rows.slice(0, 50).join('\n')}\nbroken,`), Buffer.of(0xff, 0xfe), Buffer.from(`,x\n${rows.slice(50).join('\r\n')}`)]));
  const seen: string[][] = [];
  await withSource(t.app, SYSTEM, path, async (source) => {
    for (let from: number | null = 0; from !== null; ) {
      const page = await readRows(source, from, 'utf-8', 't.csv');
      seen.push(...page.rows);
      from = page.next;
    }
  });
  expect(seen.length).toBe(501);
  expect(seen.filter((row) => row[0] !== 'broken').map((row) => row[0])).toEqual(rows.map((_, i) => String(i)));
  expect(seen[499]![1]).toBe('馒头 "498"\nin two lines');
  writeFileSync(path, `"${'x'.repeat(2 << 20)}`);
  const page = await withSource(t.app, SYSTEM, path, (source) => readRows(source, 0, 'utf-8', 't.csv'));
  expect([page.rows.length, page.rows[0]![0]!.length < 600, page.next! > 0]).toEqual([1, true, true]);
});
