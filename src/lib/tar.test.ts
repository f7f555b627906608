import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTarReader, TarError, type TarHead } from './tar-read.ts';
import { TAR_END, tarHeader, tarPadding } from './tar-write.ts';

async function* cut(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(bytes: Buffer, size = 700): Promise<(TarHead & { text: string })[]> {
  const reader = createTarReader(cut(bytes, size));
  const found: (TarHead & { text: string })[] = [];
  for (let head = await reader.next(); head; head = await reader.next()) {
    const parts: Buffer[] = [];
    for await (const piece of reader.body()) parts.push(Buffer.from(piece));
    found.push({ ...head, text: Buffer.concat(parts).toString() });
  }
  return found;
}

const entry = (name: Buffer, text: string, more = {}) =>
  Buffer.concat([tarHeader({ name, type: 'file', size: Buffer.byteLength(text), mode: 0o4640, uid: 1000, gid: 50, modified: 1_700_000_000_123, ...more }), Buffer.from(text), tarPadding(Buffer.byteLength(text))]);

test.each([1, 511, 512, 513, 100_000])('what is written is read again, in pieces of %d bytes', async (size) => {
  const names = [Buffer.from('plain'), Buffer.from('馒 头\n'), Buffer.from([0x63, 0xe9]), Buffer.alloc(255, 'x'), Buffer.alloc(96, 'y')];
  const found = await all(Buffer.concat([...names.map((name, i) => entry(name, 'z'.repeat(i * 511))), TAR_END]), size);
  expect(found.map(({ name }) => name)).toEqual(names);
  expect(found.map(({ text }) => text.length)).toEqual([0, 511, 1022, 1533, 2044]);
  expect(found[0]).toMatchObject({ type: 'file', mode: 0o4640, uid: 1000, gid: 50, modified: 1_700_000_000_123 });
});

test('large owners and sizes', async () => {
  const [found] = await all(Buffer.concat([tarHeader({ name: Buffer.from('f'), type: 'folder', size: 0, mode: 0o755, uid: 3_000_000_000, gid: 2_097_152, modified: 0 }), TAR_END]));
  expect(found).toMatchObject({ type: 'folder', uid: 3_000_000_000, gid: 2_097_152 });
  const reader = createTarReader(cut(tarHeader({ name: Buffer.from('f'), type: 'file', size: 2 ** 40, mode: 0o644, uid: 0, gid: 0, modified: 0 }), 512));
  expect(await reader.next()).toMatchObject({ size: 2 ** 40 });
  await expect(reader.next()).rejects.toBeInstanceOf(TarError);
});

test.each(['gnu', 'pax', 'ustar', 'v7'])('what tar(1) writes as %s is read, and what we write it reads', async (format) => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-tar-'));
  try {
    const long = `${'d'.repeat(60)}/${'e'.repeat(30)}`;
    mkdirSync(join(folder, 'in', long), { recursive: true });
    writeFileSync(join(folder, 'in', long, 'deep'), 'deep');
    writeFileSync(join(folder, 'in', 'a b'), 'text');
    symlinkSync('../a b', join(folder, 'in', 'link'));
    const packed = Bun.spawnSync(['tar', '--format', format, '--sort=name', '-C', join(folder, 'in'), '-c', '.']);
    expect(packed.exitCode).toBe(0);
    const found = await all(Buffer.from(packed.stdout));
    expect(found.map(({ name, type, text, target }) => [name.toString(), type, text || target.toString()])).toEqual([
      ['./', 'folder', ''], ['./a b', 'file', 'text'], [`./${'d'.repeat(60)}/`, 'folder', ''], [`./${long}/`, 'folder', ''], [`./${long}/deep`, 'file', 'deep'], ['./link', 'link', '../a b'],
    ]);
    const listed = Bun.spawnSync(['tar', '-tv', '--numeric-owner', '--quoting-style=escape'], { stdin: Buffer.concat([entry(Buffer.from([0x63, 0xe9]), 'x'), entry(Buffer.alloc(200, 'n'), 'yy'), TAR_END]) });
    expect([listed.exitCode, listed.stderr.toString()]).toEqual([0, '']);
    expect(listed.stdout.toString().split('\n').map((line) => line.split(/\s+/).filter(Boolean)).map(([mode, owner, size, , , name]) => [mode, owner, size, name])).toEqual([
      ['-rwSr-----', '1000/50', '1', 'c\\351'], ['-rwSr-----', '1000/50', '2', 'n'.repeat(200)], [undefined, undefined, undefined, undefined],
    ] as never);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('S4 what is no tar, or ends too soon, is refused', async () => {
  const good = Buffer.concat([entry(Buffer.from('a'), 'x'.repeat(600)), TAR_END]);
  for (const bytes of [good.subarray(0, 600), good.subarray(0, 1600), Buffer.concat([Buffer.alloc(512, 'a'), good])]) await expect(all(bytes)).rejects.toBeInstanceOf(TarError);
  const hostile = Buffer.from(good);
  hostile.fill(0xff, 1024 + 124, 1024 + 136);
  await expect(all(hostile)).rejects.toBeInstanceOf(TarError);
});
