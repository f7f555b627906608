import { afterAll, beforeAll, expect } from 'bun:test';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { type RunningPanel, runPanel } from '../support/panel.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';
import { type Wine, wine } from '../support/wine.ts';

/** The process on Windows, as far as Wine is one: commands beside the panel, and a restart without exec(2). */
const it = needs('linux', 'wine', 'mingw');
let windows: Wine;
let panel: RunningPanel;
let folder = '';
let exe = '';

if (it.ok) {
  beforeAll(async () => {
    windows = await wine();
    folder = mkdtempSync(join(tmpdir(), 'mantou-windows-'));
    exe = join(folder, 'mantou.exe');
    copyFileSync(await executable('windows-x64'), exe);
    panel = await runPanel([...windows.command, exe], { cwd: folder, env: windows.env, dataDir: join(folder, 'state'), args: ['--port', String(freePort())] });
  });
  afterAll(async () => {
    windows?.end();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });
}

const run = (args: string[], stdin = '') => windows.run([exe, ...args, '--data-dir', join(folder, 'state')], { cwd: folder, stdin });

it('commands work beside the running panel, and a second one refuses', async () => {
  expect(run(['user', 'add', 'mei', '--role', 'viewer', '--password-stdin'], 'steamed bun 2026\r\n').code).toBe(0);
  expect(run(['user', 'list']).out).toBe('mei\tviewer\t-\tactive\n');
  const second = run(['serve', '--port', '0']);
  expect({ code: second.code, err: second.err }).toEqual({ code: 1, err: expect.stringContaining('already runs with the data directory') });
});

it('no service is installed beside a panel that somebody started by hand', async () => {
  expect(run(['service', 'install'])).toEqual({ code: 1, out: '', err: expect.stringContaining('already runs with the data directory') });
  expect(run(['service', 'status']).code).toBe(3);
});

it('restarts by a successor that waits for the data directory and the port', async () => {
  const token = run(['token', 'add', '--user', 'mei', '--name', 'x']).out.trim();
  expect(token).toStartWith('mantou_');
  expect(run(['user', 'add', 'lin', '--role', 'admin', '--password-stdin'], 'steamed bun 2026\n').code).toBe(0);
  const signIn = await fetch(`${panel.url}/signin`, {
    method: 'POST', redirect: 'manual', headers: { origin: panel.url }, body: new URLSearchParams({ name: 'lin', password: 'steamed bun 2026' }),
  });
  const cookie = signIn.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
  const answer = await fetch(`${panel.url}/power/panel`, {
    method: 'POST', headers: { origin: panel.url, cookie }, body: new URLSearchParams({ confirm: hostname() }),
  });
  expect(answer.status).toBe(200);
  const starts = () => panel.console().split('is ready:').length - 1;
  await until(() => starts() >= 2);
  expect(starts()).toBe(2);
  expect((await fetch(panel.url, { headers: { cookie } })).status).toBe(200);
  expect(panel.errorLog()).toBe('');
});
