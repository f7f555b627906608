import { describe, expect, test } from 'bun:test';
import type { LogFrame } from './log-frames.ts';
import { createLineReader, type LogLine } from './log-lines.ts';
import { newestOf } from './logs.ts';

const T1 = '2026-11-28T20:15:00.123456789Z';
const T2 = '2026-11-28T20:15:01.000000001Z';

function read(tty: boolean, frames: (string | Buffer | LogFrame)[]) {
  const reader = createLineReader(tty);
  const lines = frames.flatMap((each) => reader.push(typeof each === 'object' && 'stream' in each ? each : { stream: 'stdout', bytes: Buffer.from(each) }));
  return [...lines, ...reader.end()];
}

const out = (text: string | Buffer): LogFrame => ({ stream: 'stdout', bytes: Buffer.from(text) });
const err = (text: string): LogFrame => ({ stream: 'stderr', bytes: Buffer.from(text) });

describe('without a terminal', () => {
  test('each line has its time and its stream, also where they come in between each other', () => {
    const long = 'x'.repeat(16384);
    expect(read(false, [out(`${T1} ${long}`), err(`${T2} no\n`), out(`${T2} end\n`), out(`${T2} \n`)])).toEqual([
      { time: T2, stream: 'stderr', text: 'no', cut: false },
      { time: T1, stream: 'stdout', text: `${long}end`, cut: false },
      { time: T2, stream: 'stdout', text: '', cut: false },
    ]);
  });

  test('a character that two frames have a part of is whole', () => {
    const bytes = Buffer.from('馒头');
    expect(read(false, [Buffer.concat([Buffer.from(`${T1} `), bytes.subarray(0, 2)]), Buffer.concat([Buffer.from(`${T1} `), bytes.subarray(2), Buffer.from('\n')])])[0]!.text).toBe('馒头');
  });

  test('bytes that are no UTF-8 are told as such, and harm no other line', () => {
    expect(read(false, [Buffer.concat([Buffer.from(`${T1} a`), Buffer.from([0xff, 0xfe]), Buffer.from('b\n')]), `${T2} ok\n`]).map(({ text }) => text)).toEqual(['a\ufffd\ufffdb', 'ok']);
  });

  test('10,000 characters are one line; more than 64 KiB is cut and said to be', () => {
    expect(read(false, [`${T1} ${'y'.repeat(10_000)}\n`])[0]).toEqual({ time: T1, stream: 'stdout', text: 'y'.repeat(10_000), cut: false });
    const pieces = Array.from({ length: 10 }, () => `${T1} ${'z'.repeat(16384)}`);
    const [line, next] = read(false, [...pieces, `${T1} end\n`, `${T2} next\n`]);
    expect([line!.text.length, line!.cut]).toEqual([65536, true]);
    expect(next).toEqual({ time: T2, stream: 'stdout', text: 'next', cut: false });
  });

  test('what looks like a time in the middle of a line stays', () => {
    expect(read(false, [`${T1} ${T2} said\n`])[0]).toMatchObject({ time: T1, text: `${T2} said` });
  });

  test('a last line without an end is a line', () => {
    expect(read(false, [`${T1} $ `])).toEqual([{ time: T1, stream: 'stdout', text: '$ ', cut: false }]);
  });
});

describe('with a terminal', () => {
  test('lines are the same wherever the bytes were cut', () => {
    const all = Buffer.from(`${T1} 馒头 one\r\n${T2} two\r\n`);
    for (let size = 1; size <= all.length; size++) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < all.length; at += size) pieces.push(all.subarray(at, at + size));
      expect(read(true, pieces)).toEqual([
        { time: T1, stream: 'stdout', text: '馒头 one', cut: false },
        { time: T2, stream: 'stdout', text: 'two', cut: false },
      ]);
    }
  });

  test('the times between the pieces of a long line are taken out', () => {
    const piece = 'x'.repeat(16384);
    expect(read(true, [`${T1} ${piece}${T1} ${piece}${T1} end\r\n`])[0]).toEqual({ time: T1, stream: 'stdout', text: `${piece}${piece}end`, cut: false });
  });
});

test('S22 what many containers say is no longer than what one does', () => {
  const lines = Array.from({ length: 5000 }, (_, i): LogLine => ({ time: String(i), stream: 'stdout', text: 'x'.repeat(60_000), cut: false }));
  const shown = newestOf(lines, 5000);
  expect(shown.length).toBeGreaterThan(10);
  expect(shown.length).toBeLessThan(50);
  expect([shown.at(-1), newestOf(lines, 3).map(({ time }) => time), newestOf([], 3)]).toEqual([lines.at(-1)!, ['4997', '4998', '4999'], []]);
});
