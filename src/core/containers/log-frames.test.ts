import { expect, test } from 'bun:test';
import { createFrameReader, type LogFrame } from './log-frames.ts';

function frame(stream: 1 | 2, text: string | Buffer): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

const shown = (frames: LogFrame[]) => frames.map(({ stream, bytes }) => `${stream} ${bytes.toString('latin1')}`);

test('frames are the same wherever the bytes were cut, also within a header', () => {
  const all = Buffer.concat([frame(1, 'one\n'), frame(2, ''), frame(2, 'two\n'), frame(1, Buffer.from([0xff, 0, 1, 2]))]);
  const whole = ['stdout one\n', 'stderr ', 'stderr two\n', 'stdout \xff\0\x01\x02'];
  for (let size = 1; size <= all.length; size++) {
    const read = createFrameReader(false);
    const frames: LogFrame[] = [];
    for (let at = 0; at < all.length; at += size) frames.push(...read(all.subarray(at, at + size)));
    expect(shown(frames)).toEqual(whole);
  }
});

test('what no header begins is no log', () => {
  expect(() => createFrameReader(false)(Buffer.from('hello, world'))).toThrow();
  expect(() => createFrameReader(false)(Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]))).toThrow();
});

test('a terminal has no headers', () => {
  expect(shown(createFrameReader(true)(Buffer.from('\x01plain\r\n')))).toEqual(['stdout \x01plain\r\n']);
});
