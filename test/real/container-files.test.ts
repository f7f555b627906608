import { afterAll, beforeAll, expect } from 'bun:test';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM } from '../../src/core/app.ts';
import { removeContainerFiles, renameContainerFile } from '../../src/core/containers/files/change.ts';
import { listContainerFolder } from '../../src/core/containers/files/list.ts';
import { openContainerFile, packContainerFolder } from '../../src/core/containers/files/read.ts';
import { openContainerText, saveContainerText } from '../../src/core/containers/files/text.ts';
import { makeContainerFolder, writeContainerFile } from '../../src/core/containers/files/write.ts';
import { en } from '../../src/i18n/en.ts';
import { AppError } from '../../src/lib/errors.ts';
import { nameOf } from '../../src/lib/file-name.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { engine, testContainers } from '../support/docker.ts';
import { pssMiB, watchMemory } from '../bench/process.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp } from '../support/panel.ts';
import { until } from '../support/until.ts';

/** Files in containers of the engine of this machine: with a shell, without one, and stopped. */
const it = needs('docker', 'busybox');
const docker = engine();
const containers = testContainers('files');
const BARE = `mantou-test/bare:${process.pid}`;
let t: TestApp;
let machine = '';

if (it.ok) {
  beforeAll(() => {
    t = testApp({ docker });
    machine = mkdtempSync(join(tmpdir(), 'mantou-files-'));
  });
  afterAll(async () => {
    await containers.removeAll();
    await docker.ask({ method: 'DELETE', path: `/images/${BARE}`, query: { force: true } }).catch(() => {});
    rmSync(machine, { recursive: true, force: true });
    expect(t.errors).toEqual([]);
    await t.close();
  });
}

const words = (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.say(en)}` : String(error));
const list = (id: string, path: string) => listContainerFolder(t.app, SYSTEM, id, path);
const body = (text: string | Uint8Array<ArrayBuffer>) => new Response(text).body;
const write = (id: string, path: string, text: string, replace = false) => writeContainerFile(t.app, SYSTEM, id, { path, size: Buffer.byteLength(text), replace }, body(text));
const stop = (id: string) => docker.ask({ method: 'POST', path: `/containers/${id}/kill` });
const run = (script: string, more: Record<string, unknown> = {}) => containers.run(['sh', '-c', `${script}; touch /tmp/ready; sleep 600`], more);

async function read(id: string, path: string): Promise<string> {
  const { bytes } = await openContainerFile(t.app, SYSTEM, id, path);
  const parts: Uint8Array[] = [];
  for await (const piece of bytes) parts.push(Uint8Array.from(piece));
  return Buffer.concat(parts).toString();
}

async function ready(id: string) {
  while (!(await list(id, '/tmp')).entries.some(({ name }) => name === 'ready')) await Bun.sleep(50);
}

/** Nothing in it but one program without a name that anybody would call. */
async function bareImage() {
  const root = mkdtempSync(join(tmpdir(), 'mantou-bare-'));
  mkdirSync(join(root, 'srv'));
  copyFileSync('/bin/busybox', join(root, 'busybox.pause'));
  writeFileSync(join(root, 'srv/page'), 'steam');
  const tar = Bun.spawn(['tar', '-C', root, '-c', '.'], { stdout: 'pipe' });
  const load = Bun.spawn(['docker', 'import', '-', BARE], { stdin: tar.stdout, stdout: 'ignore', stderr: 'pipe' });
  expect([await load.exited, await load.stderr.text()]).toEqual([0, '']);
  rmSync(root, { recursive: true, force: true });
}

const ODD = ['plain', ' a b ', 'new\nline', '$(touch canary)', '; touch canary;', '-rf', '*', '"\'', '馒头', nameOf(Buffer.from([0x63, 0xe9]))];

it('S2 names of every kind are listed, read, renamed and deleted, running and stopped, and none is run', async () => {
  const { id } = await run('mkdir -p /w/sub; cd /w; ln -s sub to; ln -s none broken; ln -s ../etc/passwd up');
  await ready(id);
  for (const name of ODD) await write(id, `/w/${name}`, `in ${name}`);
  const look = async () => {
    const { entries, by, complete } = await list(id, '/w');
    return { by, complete, names: entries.map(({ name, type }) => `${type} ${name}`) };
  };
  const names = [...ODD.map((name) => `file ${name}`), 'folder sub', 'link broken', 'link to', 'link up'].toSorted();
  const running = await look();
  expect({ ...running, names: running.names.toSorted() }).toEqual({ by: 'shell', complete: true, names });
  for (const name of ODD) expect(await read(id, `/w/${name}`)).toBe(`in ${name}`);
  expect(await read(id, '/w/up')).toContain('root:x:0:0');
  expect(await write(id, '/w/plain', 'x').catch(words)).toBe('conflict: There is a plain already.');
  expect(await renameContainerFile(t.app, SYSTEM, id, '/w/plain', '*').catch(words)).toBe('conflict: There is a * already.');
  for (const name of ODD) await renameContainerFile(t.app, SYSTEM, id, `/w/${name}`, `${name}.2`);
  await stop(id);
  const stopped = await look();
  expect({ ...stopped, names: stopped.names.toSorted() }).toEqual({ by: 'archive', complete: true, names: names.map((name) => name.replace(/^file .*$/s, '$&.2')).toSorted() });
  for (const name of ODD) expect(await read(id, `/w/${name}.2`)).toBe(`in ${name}`);
  expect(await removeContainerFiles(t.app, SYSTEM, id, ['/w/sub']).catch(words)).toStartWith('conflict: Only a container that runs');
  await docker.ask({ method: 'POST', path: `/containers/${id}/start` });
  // It begins anew, and makes some of it again.
  await until(async () => ((await docker.ask({ path: `/containers/${id}/top` })) as { Processes: string[][] }).Processes.some((row) => row.at(-1)!.includes('sleep 600')));
  await removeContainerFiles(t.app, SYSTEM, id, [...ODD.map((name) => `/w/${name}.2`), '/w/sub', '/w/to', '/w/up', '/w/broken']);
  expect((await look()).names).toEqual([]);
  expect((await list(id, '/')).entries.map(({ name }) => name)).not.toContain('canary');
});

it('S4 links never lead out of a container: what is read, written and removed through them stays inside', async () => {
  writeFileSync(join(machine, 'secret'), 'of the machine');
  const up = '../'.repeat(20);
  const { id } = await run(`mkdir -p ${machine} /w; echo inside >${machine}/secret; ln -s ${machine}/secret /w/file; ln -s ${up}${machine.slice(1)} /w/folder; ln -s ${up}etc /w/etc; ln -s /proc/1/root/etc/passwd /w/proc`);
  await ready(id);
  const through = async () => {
    expect(await read(id, '/w/file')).toBe('inside\n');
    expect(await read(id, '/w/folder/secret')).toMatch(/^inside\n$|^changed/);
    expect(await read(id, '/w/etc/passwd')).toContain('www:x:33');
    expect((await list(id, '/w/folder')).entries.map(({ name }) => name)).toContain('secret');
  };
  await through();
  await write(id, '/w/folder/new', 'written');
  await removeContainerFiles(t.app, SYSTEM, id, ['/w/folder/new', '/w/file']);
  const text = await openContainerText(t.app, SYSTEM, id, '/w/folder/secret');
  expect(text.real).toBe(`${machine}/secret`);
  await stop(id);
  await write(id, '/w/folder/late', 'while it is stopped');
  expect(await read(id, `${machine}/late`)).toBe('while it is stopped');
  expect(readFileSync(join(machine, 'secret'), 'utf8')).toBe('of the machine');
  expect(Bun.spawnSync(['ls', machine]).stdout.toString()).toBe('secret\n');
});

it('ten thousand names in one folder: all of them, running and stopped', async () => {
  const { id } = await run('mkdir /many; cd /many; for i in $(seq 1 10000); do : >"a long name of a file $i"; done');
  await ready(id);
  for (const by of ['shell', 'archive'] as const) {
    const found = await list(id, '/many');
    expect([found.by, found.complete, found.entries.length]).toEqual([by, true, 10_000]);
    expect(found.entries.slice(0, 2).map(({ name }) => name)).toEqual(['a long name of a file 1', 'a long name of a file 2']);
    if (by === 'shell') await stop(id);
  }
});

it('without a shell: listed, read and written by archives, and nothing is offered that cannot be done', async () => {
  await bareImage();
  const { id } = await containers.run(['/busybox.pause', 'sleep', '600'], { Image: BARE });
  const root = await list(id, '/');
  expect([root.by, root.complete, root.entries.map(({ name }) => name)]).toEqual(['archive', true, expect.arrayContaining(['srv', 'busybox.pause'])]);
  expect((await list(id, '/srv')).entries).toEqual([expect.objectContaining({ name: 'page', type: 'file', size: 5 })]);
  expect(await read(id, '/srv/page')).toBe('steam');
  await makeContainerFolder(t.app, SYSTEM, id, '/srv/new');
  await write(id, '/srv/new/馒头', 'more');
  expect(await read(id, '/srv/new/馒头')).toBe('more');
  expect(await removeContainerFiles(t.app, SYSTEM, id, ['/srv/new']).catch(words)).toBe('unsupported: The container has no shell that could do it.');
  expect(await list(id, '/proc').catch(words)).toStartWith('unsupported: ');
  expect(await list(id, '/nowhere').catch(words)).toStartWith('not_found: ');
});

it('what cannot be written says why, and what is mounted is never taken away', async () => {
  writeFileSync(join(machine, 'conf'), 'a=1\n');
  mkdirSync(join(machine, 'shared'), { recursive: true });
  const { id } = await run('mkdir -p /memory/sub', {
    HostConfig: { ReadonlyRootfs: true, Tmpfs: { '/memory': '', '/tmp': '' }, Binds: [`${machine}/shared:/srv/shared`, `${machine}/conf:/srv/conf`, `${machine}:/ro:ro`] },
  });
  await ready(id);
  await write(id, '/srv/shared/kept', 'x');
  expect(readFileSync(join(machine, 'shared/kept'), 'utf8')).toBe('x');
  expect(await write(id, '/data/x', 'x').catch(words)).toStartWith('denied: Read only: the container was started');
  expect(await write(id, '/ro/x', 'x').catch(words)).toStartWith('denied: Read only: this is mounted');
  expect(await write(id, '/memory/x', 'x').catch(words)).toStartWith('denied: This lies in memory');
  expect(await write(id, '/srv/conf', 'x', true).catch(words)).toStartWith('denied: This file is mounted by itself');
  expect(await write(id, '/etc/hosts', 'x', true).catch(words)).toMatch(/^denied: (The engine writes this file|Read only)/);
  for (const path of ['/srv', '/srv/shared', '/srv/conf', '/proc', '/memory']) expect(await removeContainerFiles(t.app, SYSTEM, id, [path]).catch(words)).toMatch(/^(conflict: .* is mounted from elsewhere|denied: )/);
  // In memory it is the container that reads and removes.
  expect((await list(id, '/memory')).hindrance).toBe('memory');
  expect((await read(id, '/proc/1/comm')).trim()).toMatch(/^(sh|busybox|sleep)$/);
  await removeContainerFiles(t.app, SYSTEM, id, ['/memory/sub']);
  expect((await list(id, '/memory')).entries).toEqual([]);
  expect(readFileSync(join(machine, 'shared/kept'), 'utf8')).toBe('x');
});

it('a text is edited: owner and mode stay, somebody else’s change is seen, a full disk costs nothing', async () => {
  const volume = `${containers.prefix}-small`;
  await docker.ask({ method: 'POST', path: '/volumes/create', body: { Name: volume, Driver: 'local', DriverOpts: { type: 'tmpfs', device: 'tmpfs', o: 'size=256k' } } });
  const { id } = await run('printf "one\\r\\ntwo\\r\\n" >/data/t; chmod 640 /data/t; chown 33:33 /data/t; echo small >/small/t', { HostConfig: { Binds: [`${volume}:/small`] } });
  try {
    await ready(id);
    const text = await openContainerText(t.app, SYSTEM, id, '/data/t');
    expect(text).toMatchObject({ text: 'one\r\ntwo\r\n', lineEnd: 'crlf', mode: 0o640, hindrance: null });
    const input = { path: '/data/t', text: 'one\nthree\n', encoding: text.encoding, bom: false, lineEnd: 'crlf' as const, state: text.state! };
    await saveContainerText(t.app, SYSTEM, id, input);
    expect(await read(id, '/data/t')).toBe('one\r\nthree\r\n');
    expect((await list(id, '/data')).entries.find(({ name }) => name === 't')).toMatchObject({ mode: 0o640, uid: 33, gid: 33 });
    expect(await saveContainerText(t.app, SYSTEM, id, input).catch(words)).toStartWith('conflict: Somebody changed');
    const small = await openContainerText(t.app, SYSTEM, id, '/small/t');
    expect(await saveContainerText(t.app, SYSTEM, id, { ...input, path: '/small/t', text: 'x'.repeat(1 << 20), lineEnd: 'lf', state: small.state! }).catch(words)).toMatch(/no space left/i);
    expect(await read(id, '/small/t')).toBe('small\n');
    expect(await write(id, '/small/big', 'y'.repeat(1 << 20)).catch(words)).toMatch(/no space left/i);
    expect((await list(id, '/small')).entries.map(({ name }) => name)).toEqual(['t']);
    // What ends before its time is no file.
    expect(await writeContainerFile(t.app, SYSTEM, id, { path: '/data/part', size: 100, replace: false }, body('short')).catch(words)).toMatch(/^(invalid|unavailable): /);
    expect((await list(id, '/data')).entries.map(({ name }) => name)).toEqual(['t']);
  } finally {
    await containers.removeAll();
    await docker.ask({ method: 'DELETE', path: `/volumes/${volume}`, query: { force: true } });
  }
});

it('a folder comes as a tar that tar reads', async () => {
  const { id } = await run('mkdir -p /w/sub; echo x >/w/sub/file; ln -s sub/file /w/link');
  await ready(id);
  const { name, tar } = await packContainerFolder(t.app, SYSTEM, id, '/w', new AbortController().signal);
  const parts: Uint8Array[] = [];
  for await (const piece of tar) parts.push(Uint8Array.from(piece));
  const listed = Bun.spawnSync(['tar', '-t'], { stdin: Buffer.concat(parts) });
  expect([name, listed.exitCode, listed.stdout.toString().split('\n').filter(Boolean).toSorted()]).toEqual(['w', 0, ['w/', 'w/link', 'w/sub/', 'w/sub/file']]);
});

it('300 MB go in and out again without lying in memory', async () => {
  const SIZE = 300 << 20;
  const { id } = await run('true');
  await ready(id);
  const panel = await runPanel([process.execPath, 'src/main.ts']);
  try {
    const cookie = await setUp(panel);
    const url = `${panel.url}/containers/${id}/files`;
    await fetch(`${url}?path=/data`, { headers: { cookie } });
    const before = pssMiB([panel.pid]);
    const memory = watchMemory(panel.pid);
    const file = join(machine, 'large');
    expect(Bun.spawnSync(['truncate', '-s', String(SIZE), file]).exitCode).toBe(0);
    const up = await fetch(`${url}/content?folder=/data&name=large`, { method: 'PUT', headers: { cookie, origin: panel.url }, body: Bun.file(file) });
    expect([up.status, await up.text()]).toEqual([200, JSON.stringify({ path: '/data/large', size: SIZE })]);
    const down = await fetch(`${url}/download?path=/data/large`, { headers: { cookie } });
    let size = 0;
    for await (const piece of down.body!) size += piece.length;
    expect(size).toBe(SIZE);
    expect(memory.stop() - before).toBeLessThan(160);
    // Whoever goes away in the middle leaves nothing behind.
    const { hostname, port } = new URL(panel.url);
    const line = connect(Number(port), hostname);
    line.on('error', () => {});
    line.write(`PUT ${new URL(url).pathname}/content?folder=/data&name=half HTTP/1.1\r\nhost: ${hostname}:${port}\r\norigin: ${panel.url}\r\ncookie: ${cookie}\r\ncontent-length: ${SIZE}\r\n\r\n`);
    line.write(Buffer.alloc(4 << 20));
    // Meanwhile the engine answers as ever: it has heard of nothing.
    await Bun.sleep(1000);
    expect((await list(id, '/data')).entries.map(({ name }) => name)).toEqual(['large']);
    line.destroy();
    expect((await list(id, '/data')).entries.map(({ name }) => name)).toEqual(['large']);
    await until(() => readdirSync(join(panel.dataDir, 'spool')).length === 0);
    expect(panel.errorLog()).toBe('');
  } finally {
    await panel.stop();
  }
});
