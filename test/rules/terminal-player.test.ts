import { describe, expect, test } from 'bun:test';
// @ts-expect-error: runs in browsers, is JavaScript as it lies there
import { createPlayer, pointFor, sizeOf } from '../../public/js/terminal/player/player.js';
// @ts-expect-error: likewise
import { createSource } from '../../public/js/terminal/player/source.js';
// @ts-expect-error: likewise
import { stamp as browserStamp } from '../../public/js/terminal/player/stamp.js';
import { stamp } from '../../src/lib/stamp.ts';

type Event = [number, string, string];

const castOf = (events: readonly Event[]) => Buffer.from(`{"version":2,"width":80,"height":24}\n${events.map((event) => `${JSON.stringify(event)}\n`).join('')}`);

/** A player on a screen that remembers; time passes by `tick`. */
function playerOf(file: Buffer, index: { seconds: number; points: [number, number, number, number, string][] }, part = 1 << 20) {
  const shown: string[] = [];
  const asked: number[] = [];
  const screen = {
    // In its turn, as xterm.js does: nothing is there when `write` returns.
    write: (text: string, done?: () => void) =>
      queueMicrotask(() => {
        if (text) shown.push(text);
        done?.();
      }),
    resize: (cols: number, rows: number) => void shown.push(`<${cols}x${rows}>`),
    reset: () => void (shown.length = 0),
  };
  const source = createSource(async (from: number) => {
    asked.push(from);
    const bytes = file.subarray(from, from + part);
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  }, file.lastIndexOf(10) + 1);
  const faults: unknown[] = [];
  let now = 0;
  const player = createPlayer({ screen, source, index, on: { change() {}, fault: (error: unknown) => faults.push(error) }, clock: () => now });
  return { player, shown, asked, faults, source, pass: (ms: number) => void (now += ms) };
}

const events: Event[] = [[0.1, 'o', 'one '], [0.5, 'o', 'two '], [1, 'r', '132x43'], [1.5, 'o', 'three '], [60, 'o', 'late '], [61, 'o', 'end']];
const file = castOf(events);
const index = { seconds: 61, points: [[0, 0, 80, 24, '']] as [number, number, number, number, string][] };

describe('the player', () => {
  test('draws what was there at a second, forwards and back', async () => {
    const { player, shown } = playerOf(file, index);
    await player.seek(1.5);
    expect(shown.join('')).toBe('<80x24>one two <132x43>three ');
    await player.seek(60);
    expect(shown.join('')).toBe('<80x24>one two <132x43>three late ');
    await player.seek(0.5);
    expect(shown.join('')).toBe('<80x24>one two ');
    expect(player.state).toMatchObject({ at: 0.5, seeking: false, playing: false });
  });

  test('the last who seeks wins, and beyond the ends are the ends', async () => {
    const { player, shown } = playerOf(file, index, 64);
    await Promise.all([player.seek(61), player.seek(0.1), player.seek(1e9)]);
    expect(player.state.at).toBe(61);
    expect(shown.at(-1)).toBe('end');
    await player.seek(-5);
    expect(player.state.at).toBe(0);
    expect(shown.join('')).toBe('<80x24>');
  });

  test('passes over a pause of more than two seconds, unless it is told not to', async () => {
    for (const skip of [true, false]) {
      const { player, shown, pass } = playerOf(file, index);
      await player.seek(0);
      player.state.skipIdle = skip;
      player.state.speed = 8;
      player.play();
      for (let n = 0; n < 14; n++) {
        pass(33);
        await Bun.sleep(35);
      }
      player.pause();
      // 14 × 33 ms × 8 = 3.7 s of it.
      expect(shown.includes('late '), String(skip)).toBe(skip);
    }
  });

  test('a panel that does not answer is told, and ends nothing else', async () => {
    const { player, faults } = playerOf(file, index);
    const broken = createPlayer({
      screen: { write: (_text: string, done?: () => void) => done?.(), resize() {}, reset() {} }, index,
      source: createSource(async () => { throw new Error('503'); }, 1000), on: { change() {}, fault: (error: unknown) => faults.push(error) },
    });
    await broken.seek(1);
    expect(faults).toHaveLength(1);
    await player.seek(1);
  });

  test('S22 lines that are cut off, too long or hostile are passed over', async () => {
    const bad = Buffer.concat([Buffer.from('{"version":2}\n[1,"o","a"]\nnot json\n[1,2,3]\n["x","o","b"]\n[2,"r","99999x0"]\n[2,"r","<b>"]\n[3,"o","c"]\n'), Buffer.from('[4,"o","cut')]);
    const { player, shown } = playerOf(bad, { seconds: 3, points: index.points }, 7);
    await player.seek(3);
    expect(shown.join('')).toBe('<80x24>ac');
  });
});

test('a seek draws 4 MB at most, from a point before', () => {
  const points = Array.from({ length: 100 }, (_, n) => [n * 10, n << 19, 80, 24, `m${n}`] as const);
  expect(pointFor(points, 0)).toBe(points[0]);
  expect(pointFor(points, 75)).toBe(points[0]);
  expect(pointFor(points, 500)).toBe(points[42]);
  expect(pointFor(points, 1e9)).toBe(points[91]);
});

test('a file in small pieces is read like one in one piece, also where characters are cut', async () => {
  const text = castOf([[0, 'o', '馒头'], [1, 'o', '🥟\n'], [2, 'o', 'x'.repeat(500)]]);
  for (const part of [1, 2, 3, 5, 64, 1000]) {
    const source = createSource(async (from: number) => new Uint8Array(text.subarray(from, from + part)).buffer, text.length);
    const found: string[] = [];
    while (!source.over()) {
      if (source.next()) found.push(source.take().text);
      else await source.load();
    }
    expect(found, String(part)).toEqual(['馒头', '🥟\n', 'x'.repeat(500)]);
  }
});

test('sizes and times', () => {
  expect(sizeOf('132x43')).toEqual({ cols: 132, rows: 43 });
  expect(sizeOf('0x99999')).toBeNull();
  expect(sizeOf('9999x1')).toEqual({ cols: 1000, rows: 1 });
  for (const seconds of [0, 59.9, 61, 3599, 3600, 90_061]) expect(browserStamp(seconds)).toBe(stamp(seconds));
  expect(stamp(3723)).toBe('1:02:03');
});
