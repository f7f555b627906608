import { expect, test } from 'bun:test';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp } from '../../../../test/support/app.ts';
import { en } from '../../../i18n/en.ts';
import { SYSTEM } from '../../app.ts';
import { archiveOf, type ArchiveFormat } from './archive.ts';
import { writeTar } from './tar.ts';
import type { TreeEntry } from './tree.ts';
import { writeZip } from './zip.ts';

const faults = { add: () => {} };
const nothing = () => null;

/** One file of 64 MiB; says whether whoever read it has let it go. */
function endless() {
  const seen = { opened: false, closed: false };
  async function* bytes() {
    seen.opened = true;
    try {
      for (let n = 0; n < 1024; n++) yield new Uint8Array(65_536);
    } finally {
      seen.closed = true;
    }
  }
  const stats = { ...statSync(import.meta.path), size: 64 << 20 } as TreeEntry['stats'];
  async function* entries(): AsyncGenerator<TreeEntry> {
    yield { path: 'large.jpg', type: 'file', stats, target: '', bytes };
  }
  return { seen, entries: entries() };
}

test('S22 a tar whose reader goes away lets go of the file that it reads', async () => {
  const { seen, entries } = endless();
  const pieces = writeTar(entries, faults, nothing);
  for (let n = 0; n < 8; n++) await pieces.next();
  expect(seen).toEqual({ opened: true, closed: false });
  await pieces.return(undefined);
  expect(seen.closed).toBe(true);
});

test('S22 a zip whose reader goes away lets go of the file that it reads', async () => {
  const { seen, entries } = endless();
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const written = writeZip(entries, writable, faults, nothing).then(() => 'whole', () => 'broken');
  const reader = readable.getReader();
  for (let n = 0; n < 8; n++) await reader.read();
  expect(seen).toEqual({ opened: true, closed: false });
  await reader.cancel();
  expect(await written).toBe('broken');
  expect(seen.closed).toBe(true);
});

test('pieces that are given back were sent before: files that are stored and packed, of sizes around theirs, over HTTP', async () => {
  const t = testApp();
  const root = mkdtempSync(join(tmpdir(), 'mantou-pieces-'));
  const server = Bun.serve({
    port: 0, hostname: '127.0.0.1',
    fetch: async (request) => new Response((await archiveOf(t.app, SYSTEM, { folder: root, names: ['in'], format: new URL(request.url).pathname.slice(1) as ArchiveFormat }, en, request.signal)).body),
  });
  try {
    mkdirSync(join(root, 'in'));
    for (const size of [0, 1, 65_535, 65_536, 65_537, 131_072, 300_001, 3 << 20]) {
      const bytes = Buffer.alloc(size, randomBytes(Math.min(size, 70_001)));
      for (const ending of ['jpg', 'txt']) writeFileSync(join(root, 'in', `${size}.${ending}`), bytes);
    }
    for (const [format, unpack] of [['zip', ['unzip', '-q']], ['tar', ['tar', '-xf']]] as const) {
      const file = join(root, `a.${format}`);
      await Bun.write(file, await fetch(new URL(`/${format}`, server.url)));
      mkdirSync(join(root, format));
      expect(Bun.spawnSync([...unpack, file], { cwd: join(root, format) }).exitCode).toBe(0);
      expect(Bun.spawnSync(['diff', '-r', join(root, 'in'), join(root, format, 'in')]).stdout.toString()).toBe('');
    }
  } finally {
    void server.stop(true);
    await t.close();
    rmSync(root, { recursive: true, force: true });
  }
});
