import { afterAll, beforeAll, expect } from 'bun:test';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { type RunningPanel, runPanel, setUp } from '../support/panel.ts';
import { until } from '../support/until.ts';
import { type Wine, wine } from '../support/wine.ts';

/** Kept programs as services of Windows: the compiled executable as their host, started and stopped by Wine's service control manager. */
const it = needs('linux', 'wine', 'mingw');
let windows: Wine;
let panel: RunningPanel;
let token = '';
let folder = '';

/** Says what it was given, in the code page of a Chinese Windows as well, and ends when its console asks it to. */
const SHOP = String.raw`
#include <windows.h>
#include <stdio.h>
static volatile LONG asked;
static BOOL WINAPI control(DWORD event) { if (event == CTRL_C_EVENT) { asked = 1; return TRUE; } return FALSE; }
int main(int argc, char **argv) {
  char here[500];
  if (argc > 1 && argv[1][0] == 'f') { fprintf(stderr, "no stock\n"); return 3; }
  SetConsoleCtrlHandler(control, TRUE);
  GetCurrentDirectoryA(sizeof here, here);
  printf("with %s in %s saying %s\n", getenv("GREETING"), here, argv[1]);
  fflush(stdout);
  while (!asked) Sleep(20);
  printf("closing\n");
  fflush(stdout);
  FILE *file = fopen("closed.txt", "w"); fputs("in order", file); fclose(file);
  return 0;
}`;

if (it.ok) {
  beforeAll(async () => {
    windows = await wine();
    folder = mkdtempSync(join(tmpdir(), 'mantou-wine-programs-'));
    const exe = join(folder, 'mantou.exe');
    copyFileSync(await executable('windows-x64'), exe);
    // Of a run that was killed: the prefix is kept.
    forget();
    compile('shop', SHOP);
    mkdirSync(join(folder, 'shop'));
    panel = await runPanel([...windows.command, exe], { cwd: folder, env: windows.env, dataDir: join(folder, 'state') });
    const cookie = await setUp(panel);
    const made = await fetch(`${panel.url}/account/tokens`, {
      method: 'POST', redirect: 'manual', headers: { cookie, origin: panel.url, 'accept-language': 'en' }, body: new URLSearchParams({ name: 'programs', role: 'admin', days: '30', current: 'steamed bun 2026' }),
    });
    token = /mantou_[\w-]{20,}/.exec(await made.text())?.[0] ?? '';
  });
  afterAll(async () => {
    if (windows) forget();
    panel?.kill('SIGTERM');
    windows?.end();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });
}

function compile(name: string, source: string) {
  writeFileSync(join(folder, `${name}.c`), source);
  const made = Bun.spawnSync(['x86_64-w64-mingw32-gcc', '-O1', '-o', join(folder, `${name}.exe`), join(folder, `${name}.c`)], { stderr: 'pipe' });
  if (made.exitCode !== 0) throw new Error(made.stderr.toString());
}

const inWine = (...words: string[]) => windows.run(words).out;
const sc = (...words: string[]) => inWine('sc', ...words);
const forget = () => ['shop', 'theirs', 'fails', 'ends'].forEach((name) => (sc('stop', `mantou-${name}`), sc('delete', `mantou-${name}`)));
/** Wine shows this machine as drive Z. */
const drive = (path: string) => `Z:${path.replaceAll('/', '\\')}`;
const output = (name: string) => {
  const path = join(folder, 'state', 'programs', name, 'output.log');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

async function api(method: string, path: string, body?: unknown): Promise<Response> {
  const answer = await fetch(`${panel.url}/api/v1/services/programs${path}`, {
    method, headers: { authorization: `Bearer ${token}`, 'accept-language': 'en', ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, body: body === undefined ? null : JSON.stringify(body),
  });
  if (answer.status === 500) throw new Error(panel.errorLog());
  return answer;
}
const refusal = async (body: object) => {
  const answer = await api('POST', '', body);
  return { status: answer.status, text: JSON.stringify(await answer.json()) };
};

it('what Windows does not start by itself, accounts with passwords and folders that are not there are refused, and nothing is made', async () => {
  const argv = [drive(join(folder, 'shop.exe')), 'x'];
  expect(await refusal({ name: 'bad', argv: [drive(join(folder, 'shop.c'))] })).toMatchObject({ status: 422, text: expect.stringContaining('Name an .exe') });
  expect(await refusal({ name: 'bad', argv: [drive(join(folder, 'gone.exe'))] })).toMatchObject({ status: 422 });
  expect(await refusal({ name: 'bad', argv, user: 'Administrator' })).toMatchObject({ status: 422, text: expect.stringContaining('LocalService') });
  expect(await refusal({ name: 'bad', argv, folder: drive(join(folder, 'nowhere')) })).toMatchObject({ status: 422, text: expect.stringContaining('no folder') });
  expect(await (await api('GET', '')).json()).toMatchObject({ items: [] });
  expect(sc('query', 'mantou-bad')).not.toContain('STATE');
});

it('a program runs as a service: its words, folder and variables reach it, its lines are kept, and a stop asks it first', async () => {
  const made = await api('POST', '', {
    name: 'shop', title: 'The shop', argv: [drive(join(folder, 'shop.exe')), 'a "quoted" word\\'], folder: drive(join(folder, 'shop')), environment: [{ name: 'GREETING', value: '馒头' }, { name: 'SHOP_PASSWORD', value: 'steamed 7' }], memory: 64, tasks: 4,
  });
  expect([made.status, await made.json()]).toMatchObject([201, { name: 'shop', user: '', boot: true, memory: 64 }]);
  await until(() => output('shop').includes('saying'));
  expect(output('shop')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z 6 shop: with .* in Z:\\.*\\shop saying a "quoted" word\\\n/);
  expect(sc('query', 'mantou-shop')).toMatch(/STATE\s+: 4\s+RUNNING/);
  expect(inWine('reg', 'query', 'HKLM\\System\\CurrentControlSet\\Services\\mantou-shop', '/v', 'ImagePath')).toMatch(/"C:\\Program Files\\Mantou\\mantou\.exe" program shop --data-dir Z:/);
  // What it is told in its environment is nowhere but in its own file.
  expect(inWine('reg', 'query', 'HKLM\\System\\CurrentControlSet\\Services\\mantou-shop', '/s')).not.toContain('steamed 7');
  expect(await (await api('GET', '/shop')).text()).not.toContain('steamed 7');

  sc('stop', 'mantou-shop');
  await until(() => /STATE\s+: 1\s+STOPPED/.test(sc('query', 'mantou-shop')));
  expect(readFileSync(join(folder, 'shop', 'closed.txt'), 'utf8')).toBe('in order');
  expect(output('shop')).toContain(' 6 shop: closing\n');
  expect(sc('query', 'mantou-shop')).toMatch(/WIN32_EXIT_CODE\s+: 0 /);
});

it('a change is written and the new one runs; the name of somebody else\'s service is taken; a removal leaves nothing', async () => {
  expect((await api('PUT', '/shop', { argv: [drive(join(folder, 'shop.exe')), 'changed'], boot: false, user: 'LocalService' })).status).toBe(200);
  await until(() => output('shop').includes('saying changed'));
  expect(await (await api('GET', '/shop')).json()).toMatchObject({ boot: false, user: 'LocalService', environment: [] });
  expect(inWine('reg', 'query', 'HKLM\\System\\CurrentControlSet\\Services\\mantou-shop', '/v', 'ObjectName')).toContain('NT AUTHORITY\\LocalService');
  expect((await api('POST', '', { name: 'shop', argv: [drive(join(folder, 'shop.exe')), 'x'] })).status).toBe(409);
  sc('create', 'mantou-theirs', 'binPath=', 'C:\\theirs.exe');
  expect((await api('POST', '', { name: 'theirs', argv: [drive(join(folder, 'shop.exe')), 'x'] })).status).toBe(409);
  expect(sc('query', 'mantou-theirs')).toContain('STATE');
  sc('delete', 'mantou-theirs');

  expect((await api('POST', '/shop/remove', { confirm: 'shop' })).status).toBe(204);
  expect(sc('query', 'mantou-shop')).not.toContain('STATE');
  expect(existsSync(join(folder, 'state', 'programs', 'shop'))).toBe(false);
});

it('how it ended is told to Windows, which decides by the service\'s recovery whether it is started again', async () => {
  for (const [name, restart] of [['fails', 'on-failure'], ['ends', 'no']] as const) {
    await api('POST', '', { name, argv: [drive(join(folder, 'shop.exe')), 'f'], restart, delay: 7 });
    await until(() => /STATE\s+: 1\s+STOPPED/.test(sc('query', `mantou-${name}`)));
    expect(sc('query', `mantou-${name}`)).toMatch(/WIN32_EXIT_CODE\s+: 1066[^\n]*\n\s*SERVICE_EXIT_CODE\s+: 3 /);
    expect(output(name)).toMatch(/ 6 \w+: no stock\n.* 5 mantou: \w+ ended with code 3\n/);
  }
  for (const name of ['fails', 'ends']) expect((await api('POST', `/${name}/remove`, { confirm: name })).status).toBe(204);
});

it('started by a person, it says who starts it', () => {
  const { code, err } = windows.run([join(folder, 'mantou.exe'), 'program', 'shop', '--data-dir', join(folder, 'state')]);
  expect([code, err]).toEqual([2, expect.stringContaining('started by Windows')]);
});
