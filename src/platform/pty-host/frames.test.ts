import { describe, expect, test } from 'bun:test';
import { cpuMs } from '../../../test/support/cpu.ts';
import { clampSize, decodeOffset, decodeSize, encodeFrame, encodeOffset, encodeSize, FRAME, FRAME_MOST, FrameReader } from './frames.ts';

const read = (pieces: Buffer[], most?: number) => {
  const found: [number, string][] = [];
  const reader = new FrameReader((type, payload) => found.push([type, payload.toString('latin1')]), most);
  for (const piece of pieces) reader.push(piece);
  return found;
};

describe('refused', () => {
  test('S22 a frame that is too long, as soon as its length is known, and an empty one', () => {
    const long = encodeFrame(FRAME.input, Buffer.alloc(101));
    expect(() => read([long.subarray(0, 4)], 100)).toThrow('a frame of 102 bytes');
    expect(() => read([...long.subarray(0, 4)].map((byte) => Buffer.from([byte])), 100)).toThrow('102');
    expect(() => read([Buffer.from([0xff, 0xff, 0xff, 0xff])])).toThrow('4294967295');
    expect(() => read([Buffer.alloc(4)])).toThrow('a frame of 0 bytes');
    expect(read([encodeFrame(FRAME.input, Buffer.alloc(100))], 100)).toHaveLength(1);
  });

  test('sizes and offsets that are none', () => {
    for (const bytes of ['', 'abc', 'abcde']) expect(decodeSize(Buffer.from(bytes))).toBeNull();
    for (const value of [-1, 0.5, NaN, Infinity, 2 ** 53]) expect(decodeOffset(encodeOffset(value))).toBeNull();
    expect(decodeOffset(Buffer.alloc(7))).toBeNull();
  });
});

test('frames come out whole, wherever what carries them is cut', () => {
  const sent: [number, string][] = [[FRAME.output, 'a'], [FRAME.ping, ''], [FRAME.input, '\xff\x00\xfe'], [FRAME.output, 'x'.repeat(70)], [FRAME.exit, '{}']];
  const stream = Buffer.concat(sent.map(([type, text]) => encodeFrame(type, Buffer.from(text, 'latin1'))));
  for (let at = 0; at <= stream.length; at++) expect(read([stream.subarray(0, at), stream.subarray(at)])).toEqual(sent);
  for (const size of [1, 2, 3, 4, 5, 7, 64]) {
    const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) => stream.subarray(i * size, (i + 1) * size));
    expect(read(pieces)).toEqual(sent);
  }
});

test('bytes that are only lent may be written over afterwards', () => {
  const stream = encodeFrame(FRAME.output, 'hello');
  const lent = Buffer.alloc(3);
  const found: string[] = [];
  const reader = new FrameReader((_type, payload) => found.push(payload.toString()));
  for (let at = 0; at < stream.length; at += 3) {
    const count = stream.copy(lent, 0, at, at + 3);
    reader.push(lent.subarray(0, count));
    lent.fill(0);
  }
  expect(found).toEqual(['hello']);
});

test('S22 the longest frame in the smallest pieces takes no time', () => {
  const frame = encodeFrame(FRAME.answer, Buffer.alloc(FRAME_MOST, 'x'));
  const begun = cpuMs();
  let length = 0;
  const reader = new FrameReader((_type, payload) => (length = payload.length));
  for (let at = 0; at < frame.length; at += 16) reader.push(frame.subarray(at, at + 16));
  expect(length).toBe(FRAME_MOST);
  expect(cpuMs() - begun).toBeLessThan(5000);
});

test('a size that nobody can draw becomes the nearest that somebody can', () => {
  expect(clampSize({ cols: 0, rows: 0 })).toEqual({ cols: 2, rows: 1 });
  expect(clampSize({ cols: 10_000, rows: 10_000 })).toEqual({ cols: 1000, rows: 500 });
  expect(clampSize({ cols: NaN, rows: 1.9 })).toEqual({ cols: 2, rows: 1 });
  expect(decodeSize(encodeSize({ cols: 132, rows: 43 }))).toEqual({ cols: 132, rows: 43 });
});
