import { expect, test } from 'bun:test';
import { ByteRing } from './ring.ts';

/** Bytes that say where they are, so that a mix-up shows; 251 is no divisor of any size here. */
const numbered = (from: number, count: number) => Buffer.from(Array.from({ length: count }, (_, i) => (from + i) % 251));

function readAll(ring: ByteRing): Buffer {
  const pieces: Buffer[] = [];
  for (let at = ring.start; at < ring.end; ) {
    const piece = ring.read(at, 7919);
    expect(piece.length).toBeGreaterThan(0);
    pieces.push(Buffer.from(piece));
    at += piece.length;
  }
  return Buffer.concat(pieces);
}

test('an empty one has nothing, wherever it is asked', () => {
  const ring = new ByteRing(100);
  expect([ring.start, ring.end, ring.read(0, 10).length, ring.read(5, 10).length, ring.read(1e9, 10).length]).toEqual([0, 0, 0, 0, 0]);
});

test('keeps the last bytes at their offsets while it grows, wraps and forgets; what is forgotten is seen once, in order', () => {
  const limit = 200_000;
  const evicted: Buffer[] = [];
  const ring = new ByteRing(limit, (bytes) => evicted.push(Buffer.from(bytes)));
  let end = 0;
  for (const size of [1, 0, 65_535, 1, 3, 60_000, 80_000, 199_999, 200_000, 200_001, 650_000, 17, 100_000, 1]) {
    ring.write(numbered(end, size));
    end += size;
    expect([ring.end, ring.start]).toEqual([end, Math.max(0, end - limit)]);
    expect(readAll(ring).equals(numbered(ring.start, end - ring.start))).toBe(true);
    expect(Buffer.concat(evicted).equals(numbered(0, ring.start))).toBe(true);
  }
});

test('what was written before an odd growth lies where it is looked for', () => {
  for (const first of [1, 65_535, 65_536, 65_537, 100_000]) {
    const ring = new ByteRing(5 << 20);
    ring.write(numbered(0, first));
    ring.write(numbered(first, 4 << 20));
    ring.write(numbered(first + (4 << 20), 2 << 20));
    expect(readAll(ring).equals(numbered(ring.start, ring.end - ring.start))).toBe(true);
  }
});
