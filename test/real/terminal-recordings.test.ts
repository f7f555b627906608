import { Database } from 'bun:sqlite';
import { afterEach, beforeEach, expect } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectPanel, type PtyHostClient } from '../../src/platform/pty-host/client.ts';
import { ptyHostPlace } from '../../src/platform/pty-host/place.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, signIn, type RunningPanel } from '../support/panel.ts';
import { until } from '../support/until.ts';

/** Recordings on a real process that holds the shells: what goes wrong under them never takes the terminal along, nor the row. */
const it = needs('linux');
const full = needs('linux', 'root', 'mounts');
const SOURCES = [process.execPath, 'src/main.ts'];
let dataDir = '';
let panel: RunningPanel;
let cookie = '';
let mounted = '';

beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'mantou-recordings-'))));
afterEach(async () => {
  const shells = await host().catch(() => null);
  for (const { id } of (await shells?.call('list', {})) ?? []) await shells!.call('kill', { id });
  shells?.close();
  await panel.stop();
  if (mounted) expect(Bun.spawnSync(['umount', '-l', mounted]).exitCode).toBe(0);
  mounted = '';
  rmSync(dataDir, { recursive: true, force: true });
});

async function start() {
  panel = await runPanel(SOURCES, { dataDir });
  cookie = panel.setupUrl ? await setUp(panel) : await signIn(panel);
}

const host = (): Promise<PtyHostClient> => connectPanel(ptyHostPlace(dataDir), { event() {}, close() {} });
const post = (path: string, fields: Record<string, string> = {}) =>
  fetch(`${panel.url}${path}`, { method: 'POST', redirect: 'manual', headers: { origin: panel.url, cookie, accept: 'application/json' }, body: new URLSearchParams(fields) });
const rows = (): { id: string; state: string; bytes: number; length_ms: number; policy: number }[] => {
  using db = new Database(join(dataDir, 'mantou.db'), { readonly: true });
  return db.query('SELECT id, state, bytes, length_ms, policy FROM recordings ORDER BY id').all() as never;
};
const fileOf = (id: string) => join(dataDir, 'terminals/recordings', `${id}.cast`);
const shown = (id: string) => readFileSync(fileOf(id), 'utf8');
/** All that it said by now, however many pieces it came in. */
const output = (id: string) => shown(id).split('\n').slice(1, -1).map((line) => JSON.parse(line) as [number, string, string]).map(([, kind, text]) => (kind === 'o' ? text : '')).join('');

async function open(): Promise<string> {
  const answer = await post('/terminal');
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { id: string }).id;
}

/** As if it had been typed; `\n` runs it. */
async function type(id: string, text: string) {
  const shells = await host();
  await shells.call('input', { id, base64: Buffer.from(text).toString('base64') });
  shells.close();
}

it('from the beginning to the end: the file is the panel’s alone, and holds what was shown and not what was typed unseen', async () => {
  await start();
  const id = await open();
  expect((await post(`/terminal/${id}/record`)).status).toBe(200);
  await type(id, 'stty -echo; echo off-$((40+2)); read -r secret; stty echo; echo hello-$((40+2))\n');
  await until(() => shown(rows()[0]!.id).includes('off-42'));
  await type(id, 'hunter2\n');
  await until(() => shown(rows()[0]!.id).includes('hello-42'));
  expect(statSync(fileOf(rows()[0]!.id)).mode & 0o777).toBe(0o600);
  await type(id, 'exit\n');
  await until(() => rows()[0]!.state === 'done');
  const [{ id: recording, bytes, length_ms }] = rows() as [ReturnType<typeof rows>[0]];
  expect(bytes).toBe(statSync(fileOf(recording)).size);
  expect(length_ms).toBeGreaterThan(0);
  expect(shown(recording)).not.toContain('hunter2');
  const found = await (await fetch(`${panel.url}/terminal/recordings?q=HELLO-42`, { headers: { cookie } })).text();
  expect(found).toContain(`/terminal/recordings/${recording}?t=`);
  expect(panel.errorLog()).toBe('');
});

it('where everything is recorded: from the first byte, and no way to stop it', async () => {
  await start();
  await post('/settings/terminal', { terminalsMost: '64', terminalRecording: 'always', terminalRecordingDays: '90', terminalRecordingMiB: '0', terminalIdleHours: '0' });
  const id = await open();
  const shells = await host();
  await until(async () => (await shells.call('output', { id, from: 0, most: 100_000 })).end > 0);
  const first = Buffer.from((await shells.call('output', { id, from: 0, most: 10 })).base64, 'base64').toString();
  shells.close();
  await until(() => output(rows()[0]!.id).length >= first.length);
  expect(output(rows()[0]!.id)).toStartWith(first);
  expect((await post(`/terminal/${id}/record-stop`)).status).toBe(409);
  expect(rows()).toMatchObject([{ state: 'on', policy: 1 }]);
});

full('a disk that is full ends the recording, not the terminal; what was written can be played; with room again it records again', async () => {
  mounted = join(dataDir, 'terminals/recordings');
  mkdirSync(mounted, { recursive: true });
  expect(Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', mounted]).exitCode).toBe(0);
  await start();
  const id = await open();
  expect((await post(`/terminal/${id}/record`)).status).toBe(200);
  await type(id, 'seq 1 400000; echo over-$((40+2))\n');
  await until(() => rows()[0]!.state === 'failed');
  const shells = await host();
  const tail = async () => {
    const { end } = await shells.call('output', { id, from: 0, most: 0 });
    return Buffer.from((await shells.call('output', { id, from: Math.max(0, end - 2000), most: 2000 })).base64, 'base64').toString();
  };
  await until(async () => (await tail()).includes('over-42'));
  shells.close();
  const [{ id: recording, length_ms }] = rows() as [ReturnType<typeof rows>[0]];
  const index = (await (await fetch(`${panel.url}/terminal/recordings/${recording}/index`, { headers: { cookie } })).json()) as { seconds: number; bytes: number };
  expect(Math.round(index.seconds * 1000)).toBe(length_ms);
  expect(index.bytes).toBeGreaterThan(100_000);
  // No room for as much as a first line: refused in words, and no row stays.
  Bun.spawnSync(['/bin/sh', '-c', 'cat /dev/zero > "$0/fill" 2>/dev/null', mounted]);
  const refused = await post(`/terminal/${id}/record`);
  expect([refused.status, await refused.json()]).toEqual([503, { error: 'The recording cannot be written (ENOSPC).' } as never]);
  expect(rows()).toHaveLength(1);
  rmSync(join(mounted, 'fill'));
  expect((await post(`/terminal/recordings/${recording}/remove`)).status).toBe(303);
  expect((await post(`/terminal/${id}/record`)).status).toBe(200);
  await type(id, 'echo again-$((40+2))\n');
  await until(() => shown(rows()[0]!.id).includes('again-42'));
  expect(panel.errorLog()).toBe('');
});

it('the process that holds the shells is killed: the recording is lost from there on, and what it had is kept', async () => {
  await start();
  const id = await open();
  await post(`/terminal/${id}/record`);
  await type(id, 'echo before-$((40+2))\n');
  await until(() => shown(rows()[0]!.id).includes('before-42'));
  const shells = await host();
  const { pid } = (await shells.call('list', {}))[0]!;
  shells.close();
  const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))![1]);
  expect(readFileSync(`/proc/${parent}/cmdline`, 'utf8')).toContain(dataDir);
  process.kill(parent, 'SIGKILL');
  await until(() => rows()[0]!.state === 'lost');
  expect(rows()[0]!.length_ms).toBeGreaterThan(0);
  // The next terminal has a new one, and is recorded as before.
  const next = await open();
  expect((await post(`/terminal/${next}/record`)).status).toBe(200);
});

it('the panel is killed with kill -9: the recording goes on, and its end is found after the next start', async () => {
  await start();
  const [first, second] = [await open(), await open()];
  for (const id of [first, second]) expect((await post(`/terminal/${id}/record`)).status).toBe(200);
  const [one, two] = rows().map(({ id }) => id) as [string, string];
  panel.kill('SIGKILL');
  await panel.exited;
  await type(first, 'echo alone-$((40+2))\n');
  await until(() => shown(one).includes('alone-42'));
  await type(second, 'exit\n');
  const shells = await host();
  await until(async () => (await shells.call('list', {})).every(({ id, exit }) => id !== second || exit));
  shells.close();
  await start();
  await until(() => rows()[1]!.state === 'done');
  expect(rows()[1]!.bytes).toBe(statSync(fileOf(two)).size);
  expect(rows()[0]!.state).toBe('on');
  expect((await post(`/terminal/${first}/record-stop`)).status).toBe(200);
  await until(() => rows()[0]!.state === 'done');
  expect(panel.errorLog()).toBe('');
});
