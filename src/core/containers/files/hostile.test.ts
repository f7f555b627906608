import { expect, test } from 'bun:test';
import { testApp } from '../../../../test/support/app.ts';
import { DockerError, type DockerDriver } from '../../../platform/docker.ts';
import { TAR_END, tarHeader, tarPadding, type TarEntry } from '../../../lib/tar-write.ts';
import { AppError } from '../../../lib/errors.ts';
import { SYSTEM } from '../../app.ts';
import { listContainerFolder } from './list.ts';
import { openContainerFile } from './read.ts';
import { openContainerText } from './text.ts';

const entry = (name: string, more: Partial<TarEntry> = {}, text = '') => {
  const bytes = Buffer.from(text);
  return Buffer.concat([tarHeader({ name: Buffer.from(name), type: 'file', size: bytes.length, mode: 0o644, uid: 0, gid: 0, modified: 0, ...more }), bytes, tarPadding(bytes.length)]);
};

/** An engine whose container, which does not run, packs just this. */
function packing(bytes: Buffer, endless = false): DockerDriver & { ended: boolean } {
  const engine = {
    ended: false,
    endpoint: () => 'unix:///nowhere',
    async ask({ path }: { path: string }) {
      if (path.endsWith('/json')) return { Id: 'x'.repeat(64), Name: '/x', Created: '2026-01-01T00:00:00Z', Path: 'x', Image: 'sha256:1', State: { Status: 'exited', ExitCode: 0 }, Config: { Image: 'x' }, HostConfig: {} };
      throw new DockerError(404, 'none');
    },
    async stream() {
      async function* pieces() {
        try {
          yield bytes;
          while (endless) yield Buffer.alloc(1 << 20);
        } finally {
          engine.ended = true;
        }
      }
      return Object.assign(pieces(), { destroy: () => void (engine.ended = true) });
    },
  };
  return engine;
}

async function against<T>(docker: DockerDriver, run: (t: ReturnType<typeof testApp>) => Promise<T>): Promise<T | string> {
  const t = testApp({ docker });
  try {
    return await run(t);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code;
  } finally {
    expect(t.errors).toEqual([]);
    await t.close();
  }
}

test('S4 names that lead out of an archive are in no list', async () => {
  const names = ['./../../etc/shadow', '../evil', '/etc/passwd', './deep/deeper/x', './.', './..'];
  const bytes = Buffer.concat([entry('.', { type: 'folder' }), ...names.map((name) => entry(name, {}, 'x')), entry('./good', {}, 'x'), TAR_END]);
  const found = await against(packing(bytes), async ({ app }) => (await listContainerFolder(app, SYSTEM, 'x', '/')).entries.map(({ name }) => name));
  expect(found).toEqual(['good']);
});

test('S4 what is said to be huge, has no end, or is no archive: a refusal, and nobody reads on', async () => {
  const huge = Buffer.concat([entry('.', { type: 'folder' }), tarHeader({ name: Buffer.from('./a'), type: 'file', size: 2 ** 52, mode: 0, uid: 0, gid: 0, modified: 0 })]);
  const endless = packing(huge, true);
  expect(await against(endless, async ({ app }) => (await listContainerFolder(app, SYSTEM, 'x', '/')).complete)).toBe(false);
  expect(endless.ended).toBe(true);
  for (const bytes of [Buffer.alloc(0), Buffer.from('nothing'), Buffer.alloc(2048, 'z'), huge]) expect(await against(packing(bytes), ({ app }) => listContainerFolder(app, SYSTEM, 'x', '/'))).toBe('unavailable');
  const text = packing(tarHeader({ name: Buffer.from('a'), type: 'file', size: 2 ** 40, mode: 0, uid: 0, gid: 0, modified: 0 }), true);
  expect(await against(text, ({ app }) => openContainerText(app, SYSTEM, 'x', '/a'))).toBe('invalid');
  expect(text.ended).toBe(true);
});

test('S4 a link in the place of a file is not what was asked for, and its size is never trusted', async () => {
  const folder = Buffer.concat([entry('a', { type: 'folder' }), TAR_END]);
  expect(await against(packing(folder), ({ app }) => openContainerFile(app, SYSTEM, 'x', '/a'))).toBe('invalid');
  const short = entry('a', { size: 5000 }, 'only this');
  const read = await against(packing(short), async ({ app }) => {
    const file = await openContainerFile(app, SYSTEM, 'x', '/a');
    let size = 0;
    try {
      for await (const piece of file.bytes) size += piece.length;
      return 'whole';
    } catch {
      return `broke off, ${file.size} said`;
    }
  });
  expect(read).toBe('broke off, 5000 said');
});
