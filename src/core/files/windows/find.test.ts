import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { SYSTEM } from '../../app.ts';
import { compile } from '../search/pattern.ts';
import { findBytes, findLine, hexBytes, wantedBytes, type FindOptions } from './find.ts';
import { withSource } from './source.ts';

let t: TestApp;
let root = '';
beforeAll(() => {
  t = testApp();
  root = mkdtempSync(join(tmpdir(), 'mantou-find-'));
});
afterAll(async () => {
  await t.close();
  rmSync(root, { recursive: true, force: true });
});

const options = (from: number, back = false, more: Partial<FindOptions> = {}): FindOptions => ({ from, back, signal: new AbortController().signal, budget: 60_000, ...more });
const fileOf = (name: string, bytes: string | Uint8Array) => {
  writeFileSync(join(root, name), bytes);
  return join(root, name);
};
const on = <T>(path: string, run: Parameters<typeof withSource<T>>[3]) => withSource(t.app, SYSTEM, path, run);

test('what is no bytes, or not to be written in the encoding, is refused', () => {
  for (const text of ['', 'x', 'abc', 'de ad b', 'zz', 'aa'.repeat(501)]) expect(() => hexBytes(text)).toThrow('invalid');
  expect(() => wantedBytes('馒', 'latin1')).toThrow('invalid');
  expect(hexBytes('0xDE ad,be EF')).toEqual(Buffer.from('deadbeef', 'hex'));
});

test('S22 a search ends when nobody waits for it, and when its time is over', async () => {
  const path = fileOf('zeros', Buffer.alloc(40 << 20));
  const pattern = compile({ text: 'x+y', regex: true, exact: false });
  await on(path, async (source) => {
    const gone = AbortSignal.abort();
    expect(await findBytes(source, Buffer.from('x'), options(5, false, { signal: gone }))).toEqual({ stopped: 'cancelled', at: 5 });
    expect(await findLine(source, pattern, 'utf-8', options(7, true, { signal: gone }))).toEqual({ stopped: 'cancelled', at: 7 });
    expect(await findBytes(source, Buffer.from('x'), options(0, false, { budget: -1 }))).toEqual({ stopped: 'time', at: 0 });
    expect(await findBytes(source, Buffer.from('x'), options(0))).toEqual({ stopped: 'end', at: 40 << 20 });
  });
});

test('bytes are found at the seams of what is read, both ways, each once', async () => {
  const bytes = Buffer.alloc((9 << 20) + 17);
  const places = [0, (4 << 20) - 3, (4 << 20) + 6, (8 << 20) - 1, bytes.length - 6];
  for (const at of places) bytes.write('needle', at);
  const path = fileOf('seams', bytes);
  await on(path, async (source) => {
    const forward: number[] = [];
    for (let from = 0; ; ) {
      const found = await findBytes(source, Buffer.from('needle'), options(from));
      if ('stopped' in found) break;
      forward.push(found.at);
      from = found.to;
    }
    expect(forward).toEqual(places);
    const back: number[] = [];
    for (let from = bytes.length; ; ) {
      const found = await findBytes(source, Buffer.from('needle'), options(from, true));
      if ('stopped' in found) break;
      back.push(found.at);
      from = found.at;
    }
    expect(back).toEqual(places.toReversed());
  });
});

test.each(['utf-8', 'gbk', 'utf-16le', 'utf-16be'] as const)('lines of %s are found by expressions and without regard to case, both ways', async (encoding) => {
  const text = Array.from({ length: 30_000 }, (_, i) => `${i} 馒头 ${i % 10_000 === 5000 ? 'Needle-7' : 'straw'}`).join('\n');
  const path = fileOf(`lines-${encoding}`, iconv.encode(text, encoding, { addBOM: false }));
  const expected = [5000, 15_000, 25_000].map((line) => {
    const before = text.split('\n').slice(0, line).join('\n').length + (line ? 1 : 0);
    return iconv.encode(text.slice(0, before + `${line} 馒头 `.length), encoding, { addBOM: false }).length;
  });
  await on(path, async (source) => {
    for (const pattern of [compile({ text: 'NEEDLE-7', regex: false, exact: false }), compile({ text: 'ne+dle-\\d', regex: true, exact: false })]) {
      const ways: number[][] = [];
      for (const back of [false, true]) {
        const found: number[] = [];
        for (let from = back ? source.size : 0; ; ) {
          const next = await findLine(source, pattern, encoding, options(from, back));
          if ('stopped' in next) break;
          found.push(next.at);
          from = back ? next.at : next.to;
        }
        ways.push(found);
      }
      expect(ways).toEqual([expected, expected.toReversed()]);
    }
  });
});
