import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { INPUT_MOST, InputQueue } from './input.ts';

function queue() {
  const given: Buffer[] = [];
  const input = new InputQueue((bytes) => given.push(Buffer.from(bytes)));
  return { given, input, all: () => Buffer.concat(given) };
}

test('S22 what a program does not read is bounded, and refused as a whole', () => {
  const { input, given } = queue();
  let taken = 0;
  while (input.push(Buffer.alloc(100_000, 'x'))) taken += 100_000;
  expect(taken).toBeLessThanOrEqual(INPUT_MOST + 16_384);
  expect(given.reduce((sum, one) => sum + one.length, 0)).toBeLessThanOrEqual(16_384);
  expect(input.push(Buffer.alloc(INPUT_MOST + 1))).toBe(false);
});

test('a key goes at once; a paste goes in pieces as the program takes them, and keys typed meanwhile come after it', () => {
  const { input, given, all } = queue();
  input.push(Buffer.from('a'));
  expect(all().toString()).toBe('a');
  input.drained();
  const paste = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251));
  input.push(paste);
  input.push(Buffer.from('z'));
  for (let i = 0; i < 20; i++) {
    expect(given.at(-1)!.length).toBeLessThanOrEqual(16_384);
    input.drained();
  }
  expect(all().equals(Buffer.concat([Buffer.from('a'), paste, Buffer.from('z')]))).toBe(true);
});

test('many keys that are each drained never stop', () => {
  const { input, all } = queue();
  for (let i = 0; i < 50_000; i++) {
    input.push(Buffer.from('k'));
    input.drained();
  }
  expect(all()).toHaveLength(50_000);
});

test('what was typed is not changed when the lent bytes are written over', () => {
  const { input, all } = queue();
  const lent = Buffer.alloc(20_000, 'a');
  input.push(lent);
  lent.fill('b');
  input.drained();
  input.drained();
  expect(all().includes('b')).toBe(false);
});

test('S22 keys one by one take no more memory than they are, for a program that does not read', () => {
  // In a process of its own: what other tests keep, and give back, is not counted.
  const script = `
    const { INPUT_MOST, InputQueue } = await import(${JSON.stringify(join(import.meta.dir, 'input.ts'))});
    const given = [];
    const input = new InputQueue((bytes) => given.push(Buffer.from(bytes)));
    input.push(Buffer.alloc(16 * 1024, 'a'));
    Bun.gc(true);
    const before = process.memoryUsage().rss;
    let pushed = 0;
    const key = Buffer.from('k');
    while (input.push(key)) pushed++;
    Bun.gc(true);
    const mib = (process.memoryUsage().rss - before) / 2 ** 20;
    for (let i = 0; i <= INPUT_MOST / 1024; i++) input.drained();
    console.log(JSON.stringify({ pushed: pushed === INPUT_MOST, mib, whole: Buffer.concat(given).equals(Buffer.from('a'.repeat(16 * 1024) + 'k'.repeat(INPUT_MOST))) }));`;
  const child = Bun.spawnSync([process.execPath, '-e', script]);
  const { pushed, mib, whole } = JSON.parse(child.stdout.toString()) as { pushed: boolean; mib: number; whole: boolean };
  expect([pushed, whole]).toEqual([true, true]);
  expect(mib).toBeLessThan(150);
});
