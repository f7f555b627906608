import { afterAll, beforeAll, expect, test } from 'bun:test';
import { appendFileSync, closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, truncateSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { SYSTEM } from '../../app.ts';
import { ENCODINGS, type TextEncoding } from '../text/encodings.ts';
import { openSource, withSource, type Source } from './source.ts';
import { PART, readWindow, WINDOW, type Line } from './window.ts';

let t: TestApp;
let root = '';
beforeAll(() => {
  t = testApp();
  root = mkdtempSync(join(tmpdir(), 'mantou-window-'));
});
afterAll(async () => {
  await t.close();
  rmSync(root, { recursive: true, force: true });
});

function write(name: string, bytes: string | Uint8Array): string {
  const path = join(root, name);
  writeFileSync(path, bytes);
  return path;
}

const on = <T>(path: string, run: (source: Source) => Promise<T>) => withSource(t.app, SYSTEM, path, run);

/** Every window of a file, one after the other. */
async function all(source: Source, encoding: TextEncoding, toward: 'forward' | 'back'): Promise<Line[]> {
  const found: Line[] = [];
  for (let at = toward === 'forward' ? 0 : source.size; toward === 'forward' ? at < source.size : at > 0; ) {
    const window = await readWindow(source, at, toward, encoding, 4096);
    // Side by side: no byte twice, none left out.
    expect(toward === 'forward' ? window.from : window.to).toBe(at);
    expect(window.to).toBeGreaterThan(window.from);
    if (toward === 'forward') found.push(...window.lines);
    else found.unshift(...window.lines);
    at = toward === 'forward' ? window.to : window.from;
  }
  return found;
}

const joined = (lines: Line[]) => lines.map((line, i) => (line.part || i === 0 ? '' : '\n') + line.text).join('');

test('S22 one line of 100 MB comes in parts, and costs no more than a window', async () => {
  const path = join(root, 'long');
  const fd = openSync(path, 'w');
  ftruncateSync(fd, 100 << 20);
  for (let at = 0; at < 100 << 20; at += 10 << 20) writeSync(fd, 'here', at);
  closeSync(fd);
  await on(path, async (source) => {
    const first = await readWindow(source, 0, 'near', 'utf-8');
    expect(first.lines.every((line) => line.text.length <= PART)).toBe(true);
    expect(first.lines.map((line) => line.part)).toEqual(first.lines.map((_, i) => i > 0));
    expect(first.to).toBeLessThanOrEqual(WINDOW + PART);
    const middle = await readWindow(source, 50 << 20, 'near', 'utf-8');
    expect([middle.from, middle.lines[0]!.part]).toEqual([50 << 20, true]);
    const last = await readWindow(source, 1e15, 'near', 'utf-8');
    expect([last.to, last.size]).toEqual([100 << 20, 100 << 20]);
  });
});

test('a file that shrinks, grows or is deleted while it is looked at gives what is there', async () => {
  const path = write('moving', 'one\ntwo\nthree\n');
  const source = await openSource(t.app, SYSTEM, path);
  try {
    truncateSync(path, 4);
    expect(await readWindow(source, 8, 'forward', 'utf-8')).toEqual({ from: 4, to: 4, size: 4, lines: [] });
    expect((await readWindow(source, 8, 'near', 'utf-8')).lines.map(({ text }) => text)).toEqual(['one']);
    appendFileSync(path, 'next\n');
    expect((await readWindow(source, 4, 'forward', 'utf-8')).lines.map(({ text }) => text)).toEqual(['next']);
    unlinkSync(path);
    expect((await readWindow(source, 0, 'forward', 'utf-8')).lines.map(({ text }) => text)).toEqual(['one', 'next']);
    truncateSync(write('empty', ''), 0);
  } finally {
    await source.close();
  }
  expect(await on(join(root, 'empty'), (empty) => readWindow(empty, 0, 'near', 'utf-8'))).toEqual({ from: 0, to: 0, size: 0, lines: [] });
});

test('bytes that are no UTF-8 are shown as such and move nothing', async () => {
  const path = write('broken', Buffer.concat([Buffer.from('ab\n'), Buffer.of(0xff, 0xfe, 0x0a), Buffer.from('é\r\nz')]));
  const window = await on(path, (source) => readWindow(source, 0, 'forward', 'utf-8'));
  expect(window.lines.map(({ at, text }) => [at, text])).toEqual([[0, 'ab'], [3, '\ufffd\ufffd'], [6, 'é'], [10, 'z']]);
});

test('files of /proc have no size, and are read once and within bounds', async () => {
  await on('/proc/self/status', async (source) => {
    expect([source.virtual, source.size > 100]).toEqual([true, true]);
    expect((await readWindow(source, 0, 'near', 'utf-8')).lines[0]!.text).toStartWith('Name:');
  });
});

test.each(ENCODINGS)('windows of %s lie side by side both ways and lose no character', async (encoding) => {
  const words: Partial<Record<TextEncoding, string>> = {
    big5: '饅頭蒸籠', shift_jis: '饅頭ｶﾀｶﾅ', 'euc-jp': '饅頭蒸す', 'euc-kr': '만두찜', latin1: 'café Öl', 'windows-1252': 'café Öl', 'windows-1251': 'пирожок',
  };
  const word = words[encoding] ?? '馒头蒸笼';
  // Lines of every length, one of them far longer than a part, and one that ends without a line end.
  const text = [...Array.from({ length: 300 }, (_, i) => `${i} ${word.repeat(i % 40)}`), word.repeat(20_000), '', 'end'].join('\n');
  const path = write(`text-${encoding}`, iconv.encode(text, encoding));
  await on(path, async (source) => {
    const forward = await all(source, encoding, 'forward');
    expect(joined(forward) === text).toBe(true);
    const back = await all(source, encoding, 'back');
    // Parts of a long line are cut elsewhere, and there only UTF-8 and UTF-16 tell where a character begins.
    const whole = (lines: Line[]) => joined(lines.filter((line) => line.text.length < 2000 && !line.part));
    expect(whole(back).slice(0, 5000)).toBe(whole(forward).slice(0, 5000));
    if (encoding.startsWith('utf')) expect(joined(back) === text).toBe(true);
  });
});

test('a jump lands at the beginning of the line that is there', async () => {
  const path = write('lines', Array.from({ length: 10_000 }, (_, i) => `line ${i}\n`).join(''));
  await on(path, async (source) => {
    for (const at of [0, 1, 7, 8, 50_000, source.size - 1]) {
      const window = await readWindow(source, at, 'near', 'utf-8');
      expect(window.from).toBeLessThanOrEqual(at);
      expect(window.lines[0]!.text).toMatch(/^line \d+$/);
      expect(window.from + window.lines[0]!.text.length).toBeGreaterThanOrEqual(at);
    }
  });
});
