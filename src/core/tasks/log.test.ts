import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTaskLog, readTaskLog } from './log.ts';

const folder = mkdtempSync(join(tmpdir(), 'mantou-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TEXT = 'aé中🍞z 馒头\n';
const path = join(folder, 'text.log');

describe('reading', () => {
  test.each([4, 5, 6, 7, 8, 100])('pieces of %p bytes put together are the text, character for character', async (piece) => {
    await Bun.write(path, TEXT.repeat(20));
    let text = '';
    let at = 0;
    for (let rounds = 0; rounds < 1000; rounds++) {
      const got = await readTaskLog(path, at, piece);
      expect(got.text).not.toContain('\ufffd');
      text += got.text;
      if (got.next === at) break;
      at = got.next;
    }
    expect(text).toBe(TEXT.repeat(20));
  });

  test('from any byte on, whole characters only', async () => {
    await Bun.write(path, TEXT);
    for (let offset = 0; offset <= Buffer.byteLength(TEXT) + 2; offset++) {
      const got = await readTaskLog(path, offset);
      expect(TEXT.endsWith(got.text)).toBe(true);
      expect(got.text).not.toContain('\ufffd');
      expect(got.next).toBe(Buffer.byteLength(TEXT));
    }
  });

  test('a character that is half written is left for the next time', async () => {
    await Bun.write(path, new Uint8Array([0x61, 0xe4, 0xb8]));
    expect(await readTaskLog(path, 0)).toEqual({ text: 'a', next: 1, size: 3 });
    expect(await readTaskLog(path, 1)).toEqual({ text: '', next: 1, size: 3 });
    await Bun.write(path, 'a中');
    expect(await readTaskLog(path, 1)).toEqual({ text: '中', next: 4, size: 4 });
  });

  test('bytes that are no UTF-8 do not stop the reader', async () => {
    await Bun.write(path, new Uint8Array(50).fill(0x80));
    let at = 0;
    for (let rounds = 0; rounds < 60 && at < 50; rounds++) at = (await readTaskLog(path, at, 8)).next;
    expect(at).toBeGreaterThan(46);
  });

  test('a log that is not there is empty', async () => {
    expect(await readTaskLog(join(folder, 'none.log'), 5)).toEqual({ text: '', next: 0, size: 0 });
  });
});

describe('writing', () => {
  test('ends at the cap, at a whole character, and says so once', async () => {
    const file = join(folder, 'cap.log');
    const log = openTaskLog(file, () => {}, 10);
    log.append('12345678');
    log.append('中中中');
    log.append('more');
    expect(await Bun.file(file).text()).toBe('12345678\n[log ends here: 10 bytes]\n');
  });

  test('S22 a disk that cannot be written costs the log, not the run', () => {
    const failures: string[] = [];
    const log = openTaskLog(join(folder, 'no', 'such', 'folder.log'), (error) => failures.push(error.message));
    expect(log.append('a')).toBe(0);
    expect(log.append('b')).toBe(0);
    expect(failures).toHaveLength(1);
  });
});
