import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needs } from '../../../test/support/needs.ts';
import { until } from '../../../test/support/until.ts';
import { Recorder } from './recorder.ts';

const folder = mkdtempSync(join(tmpdir(), 'mantou-recorder-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function record(path = join(folder, `${files++}.cast`)) {
  let passed = 5000;
  const states: string[] = [];
  const around = { now: () => 1_790_000_000_000, passed: () => passed };
  const recorder: Recorder = new Recorder(path, { cols: 80, rows: 24, title: 'lin@steamer' }, around, { change: () => states.push(recorder.state), written: () => {}, closed: () => {} });
  return { recorder, path, states, wait: (ms: number) => void (passed += ms), lines: () => readFileSync(path, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line)) };
}

test('a file that is there already is not written over', () => {
  const path = join(folder, 'there.cast');
  writeFileSync(path, 'theirs');
  expect(() => record(path)).toThrow('EEXIST');
  expect(readFileSync(path, 'utf8')).toBe('theirs');
});

test('asciicast v2: a head, and events with the seconds since the beginning; only its owner may read it', () => {
  const { recorder, path, wait, lines } = record();
  recorder.output(Buffer.from('hi\r\n'));
  wait(1500);
  recorder.size({ cols: 120, rows: 40 });
  wait(0.25);
  recorder.output(Buffer.from('\x1b[31m"\\'));
  recorder.stop();
  expect(lines()).toEqual([
    { version: 2, width: 80, height: 24, timestamp: 1_790_000_000, title: 'lin@steamer', env: { TERM: 'xterm-256color' } },
    [0, 'o', 'hi\r\n'], [1.5, 'r', '120x40'], [1.50025, 'o', '\x1b[31m"\\'],
  ]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(recorder.state).toBe('off');
});

test('a character that comes in two pieces is one; 8-bit junk becomes U+FFFD, and the file stays JSON', () => {
  const { recorder, lines } = record();
  const bun = Buffer.from('馒');
  recorder.output(bun.subarray(0, 1));
  recorder.output(bun.subarray(1));
  recorder.output(Buffer.from(Array.from({ length: 256 }, (_, i) => i)));
  recorder.output(bun.subarray(0, 2));
  recorder.stop();
  const text = lines().slice(1).map((event) => event[2]).join('');
  expect(text.startsWith('馒\x00\x01')).toBe(true);
  expect(text.endsWith('\ufffd')).toBe(true);
});

test('much of it is written while it goes on, whole and in order, also what comes when it is ended in the middle of a write', async () => {
  const { recorder, lines } = record();
  for (let i = 0; i < 400; i++) {
    recorder.output(Buffer.from(`${i};${'x'.repeat(5000)}`));
    if (i % 50 === 0) await Bun.sleep(1);
  }
  recorder.stop();
  await until(() => lines().length === 401);
  expect(lines().slice(1).map((event) => Number(event[2].split(';')[0]))).toEqual(Array.from({ length: 400 }, (_, i) => i));
  expect(recorder.state).toBe('off');
});

const mounted = needs('linux', 'root', 'mounts');
mounted('a disk that fills up while it records', async () => {
  const disk = mkdtempSync(join(tmpdir(), 'mantou-full-'));
  Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', 'size=512k', 'none', disk]);
  try {
    const { recorder, states } = record(join(disk, 'a.cast'));
    for (let i = 0; i < 200 && recorder.state === 'on'; i++) {
      recorder.output(Buffer.alloc(20_000, 'x'));
      await Bun.sleep(5);
    }
    await until(() => states.length > 0);
    expect([recorder.state, states]).toEqual(['failed', ['failed']]);
    expect(recorder.behind).toBe(false);
    recorder.output(Buffer.from('later'));
    recorder.stop();
    expect(readFileSync(join(disk, 'a.cast'), 'utf8').split('\n')[0]).toContain('"version":2');
  } finally {
    Bun.spawnSync(['umount', '-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  }
});
