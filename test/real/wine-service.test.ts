import { afterAll, beforeAll, expect } from 'bun:test';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';
import { type Wine, wine } from '../support/wine.ts';

/** `mantou service` on Windows: the panel as a service that Wine's service control manager starts and stops. */
const it = needs('linux', 'wine', 'mingw');
let windows: Wine;
let folder = '';
let dataDir = '';
let port = 0;
/** Holds Wine up between the calls, as a Windows that is on: its services go with its last process. */
let holder: Bun.Subprocess | undefined;

if (it.ok) {
  beforeAll(async () => {
    windows = await wine();
    folder = mkdtempSync(join(tmpdir(), 'mantou-wine-service-'));
    dataDir = `Z:${join(folder, 'my state').replaceAll('/', '\\')}`;
    copyFileSync(await executable('windows-x64'), join(folder, 'mantou.exe'));
    port = freePort();
    const up = join(folder, 'up');
    holder = Bun.spawn([...windows.command, 'cmd', '/c', `echo up> Z:${up.replaceAll('/', '\\')} & pause`], { env: windows.env, stdin: 'pipe', stdout: 'ignore', stderr: 'ignore' });
    // What Wine starts first holds the pipes of whoever started it.
    await until(() => existsSync(up));
    mantou('service', 'uninstall');
  });
  afterAll(async () => {
    if (windows) mantou('service', 'uninstall');
    holder?.kill();
    windows?.end();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });
}

function inWine(...words: string[]) {
  const { out, err, code } = windows.run(words, { cwd: folder, env: { ...windows.env, LC_ALL: 'C.UTF-8' } });
  // Wine's own words about drives that it made of folders.
  return { out, err: err.replace(/^wine: .*\n/gm, ''), code };
}
const mantou = (...words: string[]) => inWine(join(folder, 'mantou.exe'), ...words);
const health = () => fetch(`https://127.0.0.1:${port}/healthz`, { tls: { rejectUnauthorized: false } }).then((answer) => answer.status, () => 0);
const query = () => inWine('sc', 'query', 'Mantou').out;

it('before it is installed it says so, and what Windows starts is not for people', async () => {
  expect(mantou('service', 'status')).toMatchObject({ code: 3, out: expect.stringContaining('not installed') });
  expect(mantou('service', 'uninstall').code).toBe(1);
  expect(mantou('service', 'run', '--data-dir', dataDir)).toMatchObject({ code: 2, err: expect.stringContaining('mantou serve') });
  expect(existsSync(join(folder, 'my state'))).toBe(false);
});

it('S20 a data directory that others may write into is not taken, and nothing is installed', async () => {
  const open = join(folder, 'open');
  mkdirSync(open);
  chmodSync(open, 0o777);
  const { code, err } = mantou('service', 'install', '--port', String(port), '--data-dir', `Z:${open.replaceAll('/', '\\')}`);
  expect([code, err]).toEqual([1, expect.stringContaining('WD')]);
  expect(readdirSync(open)).toEqual([]);
  expect(await query()).not.toContain('STATE');
});

it('the panel runs as a service, says where it is reached and where the set-up begins, and goes on when it is installed again', async () => {
  const { code, out, err } = mantou('service', 'install', '--port', String(port), '--data-dir', dataDir);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('C:\\Program Files\\Mantou\\mantou.exe');
  expect(out).toMatch(/https:\/\/[^/\s]+:\d+\/setup#/);
  expect(await health()).toBe(200);
  expect(await query()).toMatch(/STATE\s+: 4\s+RUNNING/);
  expect(mantou('service', 'status')).toMatchObject({ code: 0, out: expect.stringContaining('Mantou: active, enabled') });
  // The one that was started by hand is told that the data is in use.
  expect(mantou('serve', '--port', String(port), '--data-dir', dataDir).code).not.toBe(0);
  expect(mantou('service', 'install', '--port', String(port), '--data-dir', dataDir).code).toBe(0);
  expect(await health()).toBe(200);
});

it('a stop closes the panel in order; an uninstall leaves the data', async () => {
  inWine('sc', 'stop', 'Mantou');
  await until(async () => /STATE\s+: 1\s+STOPPED/.test(await query()));
  expect(await query()).toMatch(/WIN32_EXIT_CODE\s+: 0 /);
  expect(await health()).toBe(0);
  // In order: the database is in one file again.
  expect([existsSync(join(folder, 'my state', 'mantou.db')), existsSync(join(folder, 'my state', 'mantou.db-wal'))]).toEqual([true, false]);
  expect(mantou('service', 'status').code).toBe(3);
  expect(mantou('service', 'uninstall')).toMatchObject({ code: 0, out: expect.stringContaining('my state') });
  expect(await query()).not.toContain('STATE');
  expect(existsSync(join(folder, 'my state', 'mantou.db'))).toBe(true);
});
