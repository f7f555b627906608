import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { until } from '../../../../test/support/until.ts';
import { en } from '../../../i18n/en.ts';
import { AppError } from '../../../lib/errors.ts';
import { DockerError } from '../../../platform/docker.ts';
import { SYSTEM } from '../../app.ts';
import { getTask } from '../../tasks/tasks.ts';
import { getVolume, removeVolume } from '../volumes.ts';
import { startBackup } from './backup.ts';
import { backupsFolder } from './begun.ts';
import { startClone } from './clone.ts';
import { importUpload, piecesOf, startImport } from './import.ts';
import { backupPath, getBackup, listBackups, removeBackup } from './kept.ts';
import { exchangeRefusal, startRestore } from './restore.ts';

let panel: TestApp;
beforeEach(() => void (panel = testApp()));
afterEach(async () => {
  await panel.close();
  expect(panel.errors).toEqual([]);
});

const words = (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.say(en)}` : String(error));
async function ended(id: string) {
  await panel.app.tasks.settled(id);
  return getTask(panel.app, SYSTEM, id);
}
const backUp = async (name = 'gitea') => {
  expect((await ended(await startBackup(panel.app, SYSTEM, name, { quiet: 'none' }))).state).toBe('done');
  return (await listBackups(panel.app, SYSTEM, name))[0]!;
};
const left = () => readdirSync(backupsFolder(panel.app, '.begun')).filter((file) => file.endsWith('.json'));

async function tarOf(entries: (Partial<Header> & { name: string; body?: string })[]): Promise<Buffer> {
  const tar = pack();
  for (const { body, ...header } of entries) tar.entry(header as Header, body ?? '');
  tar.finalize();
  return Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Buffer>));
}
const upload = (name: string, bytes: Buffer) =>
  importUpload(panel.app, SYSTEM, name, Readable.toWeb(Readable.from([bytes], { objectMode: false })) as unknown as ReadableStream<Uint8Array>, { size: bytes.length, from: 'x.tar', signal: new AbortController().signal });

test('kept as a compressed tar that nobody else reads, with its sum; nothing else is left', async () => {
  const backup = await backUp();
  expect(backup.facts).toMatchObject({ by: 'system', entries: 4, quiet: 'none', from: null });
  const path = backupPath(panel.app, 'gitea', backup.id);
  const bytes = readFileSync(path);
  expect(new Bun.CryptoHasher('sha256').update(bytes).digest('hex')).toBe(backup.facts!.sha256);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(zstdDecompressSync(bytes).length).toBe(backup.facts!.bytes);
  expect(readdirSync(backupsFolder(panel.app, 'gitea')).sort()).toEqual([`${backup.id}.json`, `${backup.id}.tar.zst`]);
  expect(left()).toEqual([]);
  expect(await panel.app.host.docker.ask({ path: '/images/mantou-carrier:1/json' }).catch((error: Error) => error.message)).toContain('No such image');
  await removeBackup(panel.app, SYSTEM, 'gitea', backup.id);
  expect(await listBackups(panel.app, SYSTEM)).toEqual([]);
});

test('what was backed up, restored and cloned is the same', async () => {
  const backup = await backUp();
  expect((await ended(await startRestore(panel.app, SYSTEM, 'gitea', backup.id, { into: 'again', over: false, confirm: '' }))).state).toBe('done');
  expect((await ended(await startClone(panel.app, SYSTEM, 'again', { name: 'twin', labels: true, options: false, quiet: 'none' }))).state).toBe('done');
  const twin = await backUp('twin');
  expect(twin.facts!.bytes).toBe(backup.facts!.bytes);
  expect(zstdDecompressSync(readFileSync(backupPath(panel.app, 'twin', twin.id)))).toEqual(zstdDecompressSync(readFileSync(backupPath(panel.app, 'gitea', backup.id))));
  expect(left()).toEqual([]);
});

describe('refused', () => {
  test('a name that is taken, a name that was not typed, what is not there', async () => {
    const { id } = await backUp();
    const restore = (input: Partial<Parameters<typeof startRestore>[4]>, volume = 'gitea', backup = id) =>
      startRestore(panel.app, SYSTEM, volume, backup, { into: 'registry', over: false, confirm: '', ...input }).catch(words);
    expect(await restore({})).toBe('conflict: There is a volume registry already.');
    expect(await restore({ over: true, confirm: 'gitea' })).toStartWith('invalid: ');
    expect(await restore({ over: true, into: 'nowhere', confirm: 'nowhere' })).toStartWith('not_found: ');
    expect(await restore({ into: 'fresh' }, 'gitea', '20261129T003312Z-000000')).toBe('not_found: There is no such backup.');
    expect(await startClone(panel.app, SYSTEM, 'gitea', { name: 'registry', labels: true, options: false, quiet: 'none' }).catch(words)).toBe('conflict: There is a volume registry already.');
    expect(await startBackup(panel.app, SYSTEM, 'nowhere', { quiet: 'none' }).catch(words)).toStartWith('not_found: ');
  });

  test('S4 ids and names never lead out of the folder of backups', async () => {
    await backUp();
    for (const [volume, id] of [['..', 'x'], ['gitea', '../../mantou'], ['.begun', '20261129T003312Z-000000'], ['gitea/../gitea', '20261129T003312Z-000000']] as const) {
      expect(await getBackup(panel.app, SYSTEM, volume, id).catch(words)).toBe('not_found: There is no such backup.');
    }
  });

  test('a backup of which a byte was changed is not restored, and no volume is left of the attempt', async () => {
    const { id } = await backUp();
    const path = backupPath(panel.app, 'gitea', id);
    const bytes = readFileSync(path);
    for (const [what, changed] of [['one bit', bytes.with(bytes.length - 5, bytes[bytes.length - 5]! ^ 1)], ['cut', bytes.subarray(0, bytes.length >> 1)], ['another', zstdCompressSync(await tarOf([{ name: 'x', body: 'y' }]))]] as const) {
      writeFileSync(path, changed);
      const task = await ended(await startRestore(panel.app, SYSTEM, 'gitea', id, { into: 'again', over: false, confirm: '' }));
      expect([what, task.state]).toEqual([what, 'failed']);
      expect([what, await getVolume(panel.app, SYSTEM, 'again').catch(words)]).toEqual([what, expect.stringContaining('not_found')]);
    }
  });

  test('where the volumes of the engine are not to be seen, none is exchanged', async () => {
    const { id } = await backUp();
    const over = () => startRestore(panel.app, SYSTEM, 'gitea', id, { into: 'gitea', over: true, confirm: 'gitea' });
    expect(await over().catch(words)).toStartWith('unsupported: The contents of gitea cannot be exchanged');
    // Nor where the system lets nobody look: EACCES to who is not root, this to everybody.
    const volume = { ...(await getVolume(panel.app, SYSTEM, 'gitea')), driver: 'local', options: {}, mountpoint: `/${'x'.repeat(300)}` };
    panel.app.host.docker.endpoint = () => 'unix:///run/docker.sock';
    expect(exchangeRefusal(panel.app, volume)?.code).toBe('unsupported');
    // A folder of the same name is here, and it is not that of the engine: what the engine puts there is not to be seen.
    const { docker } = panel.app.host;
    const ask = docker.ask;
    const folder = mkdtempSync(join(tmpdir(), 'mantou-not-it-'));
    writeFileSync(join(folder, 'precious'), 'x');
    docker.endpoint = () => `unix://${join(folder, 'precious')}`;
    docker.ask = async (call) => {
      const answer = (await ask(call)) as object | null;
      return /^\/volumes\/[^/]+$/.test(call.path) && call.path !== '/volumes/create' && answer ? { ...answer, Mountpoint: folder } : answer;
    };
    const task = await ended(await over());
    expect([task.state, task.error?.en]).toEqual(['failed', expect.stringContaining('Restore into a new volume')]);
    expect(readdirSync(folder)).toEqual(['precious']);
    docker.ask = ask;
    rmSync(folder, { recursive: true });
    const { Volumes } = (await panel.app.host.docker.ask({ path: '/volumes' })) as { Volumes: { Name: string }[] };
    expect(Volumes.filter(({ Name }) => Name.startsWith('mantou-'))).toEqual([]);
  });

  test.skipIf(process.getuid?.() !== 0)('S20 an engine of another account: what it calls its folders is not moved', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mantou-theirs-'));
    const socket = join(folder, 'engine.sock');
    writeFileSync(socket, '');
    panel.app.host.docker.endpoint = () => `unix://${socket}`;
    const refused = () => exchangeRefusal(panel.app, { ...volume, mountpoint: folder })?.say(en) ?? null;
    const volume = { ...(await getVolume(panel.app, SYSTEM, 'gitea')), driver: 'local', options: {} };
    expect(refused()).toBeNull();
    chownSync(socket, 1000, 1000);
    expect(refused()).toContain('belongs to another account');
    rmSync(socket);
    expect(refused()).toContain('belongs to another account');
    rmSync(folder, { recursive: true });
  });

  test('S4 what others packed: names that lead out, devices, no tar, half a tar', async () => {
    const good = { name: './a', body: 'a' };
    const cases: Record<string, Buffer> = {
      dots: await tarOf([good, { name: '../../etc/cron.d/x', body: 'x' }]), absolute: await tarOf([good, { name: '/etc/x', body: 'x' }]),
      'hard link': await tarOf([good, { name: './l', type: 'link', linkname: '/etc/shadow' }]), device: await tarOf([good, { name: './sda', type: 'block-device', devmajor: 8, devminor: 0 }]),
      text: Buffer.from('no tar at all'.repeat(100)), nothing: Buffer.alloc(0), half: (await tarOf([{ name: './a', body: 'a'.repeat(5000) }])).subarray(0, 3000), 'without an end': (await tarOf([good])).subarray(0, 1024),
      'half gzip': gzipSync(await tarOf([{ name: './a', body: String(Math.PI).repeat(500) }])).subarray(0, 60),
    };
    for (const [what, bytes] of Object.entries(cases)) expect([what, await upload('other', bytes).catch(words)]).toEqual([what, expect.stringMatching(/^invalid: /)]);
    expect(readdirSync(backupsFolder(panel.app, 'other'))).toEqual([]);
    expect(left()).toEqual([]);
  });
});

test('a tar of others, packed or not, sent or lying here, becomes a backup', async () => {
  const tar = await tarOf([{ name: './', type: 'directory', mode: 0o711 }, { name: './a', body: 'a' }, { name: './l', type: 'symlink', linkname: '../../etc/passwd' }]);
  const ids = [];
  for (const bytes of [tar, gzipSync(tar), zstdCompressSync(tar)]) ids.push(await upload('other', bytes));
  expect((await listBackups(panel.app, SYSTEM, 'other')).map(({ facts }) => [facts!.bytes, facts!.entries, facts!.from])).toEqual([1, 2, 3].map(() => [tar.length, 3, 'x.tar']));
  const folder = mkdtempSync(join(tmpdir(), 'mantou-import-'));
  try {
    writeFileSync(join(folder, 'site.tgz'), gzipSync(tar));
    expect((await ended(await startImport(panel.app, SYSTEM, { name: 'gone', path: join(folder, 'site.tgz') }))).state).toBe('done');
    expect((await listBackups(panel.app, SYSTEM)).find(({ volume }) => volume === 'gone')!.facts).toMatchObject({ from: 'site.tgz', bytes: tar.length });
    expect(await startImport(panel.app, SYSTEM, { name: 'gone', path: join(folder, 'none.tgz') }).catch(words)).toStartWith('not_found: ');
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(existsSync(backupsFolder(panel.app, 'gone'))).toBe(true);
});

test('a file is read from its first byte, however late that begins', async () => {
  const path = join(panel.app.config.dataDir, 'late.tar');
  writeFileSync(path, 'from the first');
  let heard = 0;
  const pieces = piecesOf(path, (bytes) => void (heard += bytes));
  await Bun.sleep(50);
  expect(heard).toBe(0);
  expect([Buffer.concat(await Array.fromAsync(pieces)).toString(), heard]).toEqual(['from the first', 14]);
});

test('S22 no two runs make one volume: the one that fails would take away what the other made', async () => {
  const { id } = await backUp();
  const clone = (source: string) => startClone(panel.app, SYSTEM, source, { name: 'fresh', labels: true, options: false, quiet: 'none' });
  const restore = () => startRestore(panel.app, SYSTEM, 'gitea', id, { into: 'fresh', over: false, confirm: '' });
  const outcomes = async (...runs: Promise<string>[]) => {
    const started = await Promise.all(runs.map((run) => run.catch(words)));
    const tasks = started.filter((one) => /^[0-9a-f-]{36}$/.test(one));
    for (const task of tasks) expect((await ended(task)).state).toBe('done');
    await removeVolume(panel.app, SYSTEM, 'fresh');
    return [tasks.length, started.filter((one) => one.startsWith('conflict: ')).length];
  };
  expect(await outcomes(clone('gitea'), clone('registry'))).toEqual([1, 1]);
  expect(await outcomes(clone('gitea'), restore())).toEqual([1, 1]);
  expect(await outcomes(restore(), clone('registry'))).toEqual([1, 1]);
});

test('S22 a sender that has gone keeps nothing busy, and nothing is kept of it', async () => {
  const tar = await tarOf([{ name: 'a', body: 'x'.repeat(5000) }]);
  let told = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(tar.subarray(0, 1024))),
    cancel: () => void (told = true),
  });
  const sent = importUpload(panel.app, SYSTEM, 'gitea', body, { size: null, from: 'x.tar', signal: new AbortController().signal, quietMs: 200 });
  expect(await sent.catch(words)).toStartWith('unavailable: The transfer was ended');
  await until(async () => told);
  expect([left(), readdirSync(backupsFolder(panel.app, 'gitea'))]).toEqual([[], []]);
});

test('an engine that ends its tar too early has not been backed up', async () => {
  const { docker } = panel.app.host;
  const { stream } = docker;
  docker.stream = async (call) => {
    const whole = await stream(call);
    if (!call.path.endsWith('/archive')) return whole;
    async function* cut() {
      yield Buffer.concat(await Array.fromAsync(whole)).subarray(0, 20_000);
    }
    return Object.assign(cut(), { destroy() {} });
  };
  const task = await ended(await startBackup(panel.app, SYSTEM, 'gitea', { quiet: 'none' }));
  expect([task.state, task.error?.en]).toEqual(['failed', expect.stringContaining('no whole tar')]);
  expect(readdirSync(backupsFolder(panel.app, 'gitea'))).toEqual([]);
});

test('what cannot be taken back at once, as the engine went away, is taken back when it is there again', async () => {
  const { docker } = panel.app.host;
  const ask = docker.ask;
  let away = 2;
  docker.ask = (call) => (call.method === 'DELETE' && call.path.startsWith('/containers/mantou-volume-') && away-- > 0 ? Promise.reject(new DockerError('absent', 'gone')) : ask(call));
  const task = await ended(await startBackup(panel.app, SYSTEM, 'gitea', { quiet: 'none' }));
  // What was written is whole all the same.
  expect([task.state, (await listBackups(panel.app, SYSTEM, 'gitea')).length, left().length]).toEqual(['failed', 1, 1]);
  await until(() => left().length === 0);
  expect(away).toBe(-1);
});
