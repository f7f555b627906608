import { afterEach, beforeEach } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { pack, type Pack } from 'tar-stream';
import { SYSTEM } from '../../src/core/app.ts';
import { createArchive, type CreateInput } from '../../src/core/files/archives/create.ts';
import { extract, type ExtractInput } from '../../src/core/files/archives/extract.ts';
import { getTask } from '../../src/core/tasks/tasks.ts';
import { testApp, type TestApp } from './app.ts';

/** A folder for each test of a file, and the panel that packs and unpacks in it. */
export function archiveBench() {
  let t: TestApp;
  let root = '';
  beforeEach(() => {
    t = testApp();
    root = mkdtempSync(join(tmpdir(), 'mantou-archives-'));
  });
  afterEach(async () => {
    await t.close();
    rmSync(root, { recursive: true, force: true });
  });
  const ended = async (id: string) => {
    await t.app.tasks.settled(id);
    return { ...getTask(t.app, SYSTEM, id), log: readFileSync(t.app.tasks.logPath(id), { encoding: 'utf8', flag: 'a+' }) };
  };
  return {
    app: () => t.app,
    root: () => root,
    at: (...parts: string[]) => join(root, ...parts),
    ended,
    unpack: async (path: string, input: Partial<ExtractInput> = {}) =>
      ended(await extract(t.app, SYSTEM, { path, to: root, into: 'out', conflict: 'keep-both', ...input })),
    create: async (input: Partial<CreateInput> & Pick<CreateInput, 'name' | 'format'>) =>
      ended(await createArchive(t.app, SYSTEM, { folder: root, names: ['tree'], ...input })),
    run(...argv: string[]) {
      const done = Bun.spawnSync(argv, { cwd: root });
      return { code: done.exitCode, out: done.stdout.toString() };
    },
    left: () => readdirSync(root).filter((name) => name.includes('.mantou-')),
  };
}

export type TarHeader = Parameters<Pack['entry']>[0];

/** Whatever the headers say: no program that people use writes such archives. */
export async function tar(path: string, entries: readonly (readonly [TarHeader, string?])[]) {
  const made = pack();
  for (const [header, text] of entries) made.entry(header, text ?? '');
  made.finalize();
  const pieces: Uint8Array[] = [];
  for await (const piece of made as AsyncIterable<Uint8Array>) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  writeFileSync(path, path.endsWith('gz') ? gzipSync(bytes) : bytes);
}

export async function zip(path: string, entries: readonly (readonly [string, string, object?])[]) {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false, extendedTimestamp: false });
  for (const [name, text, options] of entries) await writer.add(name, new Blob([text]).stream() as never, options);
  writeFileSync(path, await writer.close());
}

/** Same length, so that the sums over names stay what they are. */
export function patchName(path: string, from: string, to: string) {
  const bytes = readFileSync(path);
  for (let i = bytes.indexOf(from); i >= 0; i = bytes.indexOf(from, i + 1)) bytes.write(to, i, 'latin1');
  writeFileSync(path, bytes);
}
