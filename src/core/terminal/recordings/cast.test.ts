import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { castEnd, castHead, readCast } from './cast.ts';
import { indexCast } from './cast-index.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'mantou-cast-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(text: string): string {
  const path = join(folder, `${crypto.randomUUID()}.cast`);
  writeFileSync(path, text);
  return path;
}

const HEAD = '{"version":2,"width":100,"height":30,"timestamp":1,"title":"<b>"}\n';
const line = (...event: unknown[]) => `${JSON.stringify(event)}\n`;

async function eventsOf(path: string, from = 0) {
  const all = [];
  for await (const { events } of readCast(path, from)) all.push(...events);
  return all.map(({ seconds, kind, text }) => [seconds, kind, text]);
}

test('events are read in order, from any line, and a line that was cut off is left out', async () => {
  const first = line(0.5, 'o', '馒头');
  const path = fileOf(`${HEAD}${first}${line(1, 'r', '132x43')}not json\n${line(1, 2, 3)}${line(2, 'o', 'x')}[3,"o","cut`);
  expect(await eventsOf(path)).toEqual([[0.5, 'o', '馒头'], [1, 'r', '132x43'], [2, 'o', 'x']]);
  expect(await eventsOf(path, Buffer.byteLength(HEAD + first))).toEqual([[1, 'r', '132x43'], [2, 'o', 'x']]);
  expect(await castEnd(path)).toMatchObject({ lengthMs: 2000 });
  expect(await castHead(path)).toEqual({ cols: 100, rows: 30 });
});

test('S22 an empty file, a foreign one, and lines longer than any of ours', async () => {
  expect(await eventsOf(fileOf(''))).toEqual([]);
  expect(await castEnd(fileOf(''))).toEqual({ bytes: 0, lengthMs: 0 });
  expect(await castHead(fileOf('{"width":1e9,"height":-3}\n'))).toEqual({ cols: 1000, rows: 24 });
  expect(await castHead(fileOf('nothing'))).toEqual({ cols: 80, rows: 24 });
  expect(await castEnd(join(folder, 'none'))).toBeNull();
  const long = fileOf(`${HEAD}${line(1, 'o', 'a')}${line(2, 'o', 'x'.repeat(9 << 20))}${line(3, 'o', 'b')}`);
  expect(await eventsOf(long)).toEqual([[1, 'o', 'a'], [3, 'o', 'b']]);
});

test('the index has points from which a recording can be drawn, with the size and the modes of there', async () => {
  const piece = line(0, 'o', 'x'.repeat(1000)).length;
  const output = Array.from({ length: 2000 }, (_, n) => line(n / 10, 'o', 'x'.repeat(1000)));
  output.splice(10, 0, line(1, 'o', '\x1b[?104'), line(1, 'o', '9h\x1b[?25l'), line(1, 'r', '120x40'));
  output.splice(1500, 0, line(149, 'o', '\x1b[?1049l'));
  const path = fileOf(HEAD + output.join(''));
  const { bytes, seconds, points } = await indexCast(path);
  expect(bytes).toBe(Bun.file(path).size);
  expect(seconds).toBe(199.9);
  expect(points[0]).toEqual([0, 0, 100, 30, '']);
  expect(points.length).toBeGreaterThan(3);
  expect(points[1]!.slice(2)).toEqual([120, 40, '\x1b[?1049h\x1b[?25l']);
  expect(points.at(-1)!.slice(2)).toEqual([120, 40, '\x1b[?25l']);
  for (let n = 1; n < points.length; n++) expect(points[n]![1] - points[n - 1]![1]).toBeLessThan((512 << 10) + 2 * piece);
  // Each begins a line.
  for (const [at, byte] of points.slice(1)) expect((await eventsOf(path, byte))[0]![0]).toBe(at);
});
