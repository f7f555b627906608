import { afterAll, beforeAll, expect } from 'bun:test';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { type RunningPanel, runPanel, setUp, signIn } from '../support/panel.ts';
import { until } from '../support/until.ts';
import { type Wine, wine } from '../support/wine.ts';

/** The Windows executable, as far as Wine is a Windows: no PowerShell, no ConPTY, no services. */
const it = needs('linux', 'wine', 'mingw');
let windows: Wine;
let panel: RunningPanel;
let folder = '';

if (it.ok) {
  beforeAll(async () => {
    windows = await wine();
    // Started here, the drive is Z:, which is / of this machine, and the same paths mean the same on both sides.
    folder = mkdtempSync(join(tmpdir(), 'mantou-wine-'));
    const exe = join(folder, 'mantou.exe');
    copyFileSync(await executable('windows-x64'), exe);
    panel = await runPanel([...windows.command, exe], { cwd: folder, env: windows.env, dataDir: join(folder, 'state') });
  });
  afterAll(async () => {
    panel?.kill('SIGTERM');
    windows?.end();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });
}

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(panel.url + path, { redirect: 'manual', decompress: false, headers } as RequestInit);

it('the Windows executable answers /healthz', async () => {
  expect(await (await get('/healthz')).json()).toMatchObject({ status: 'ok' });
});

it('the Windows executable serves its pages and assets', async () => {
  const page = await get('/setup');
  expect(page.status).toBe(200);
  const html = await page.text();
  const [path = ''] = /\/assets\/[0-9a-f]{16}\/css\/base\.css/.exec(html) ?? [];
  const asset = await get(path, { 'accept-encoding': 'zstd' });
  expect(asset.headers.get('content-encoding')).toBe('zstd');
  const source = await Bun.file(join(import.meta.dir, '../../public/css/base.css')).text();
  expect(zstdDecompressSync(Buffer.from(await asset.arrayBuffer())).toString()).toBe(source);
});

it('S23 the Windows executable finds no file by a Windows path', async () => {
  const [, hash] = /\/assets\/([0-9a-f]{16})\//.exec(await (await get('/setup')).text()) ?? [];
  for (const path of [
    '..%5cmanifest.json', '..\\manifest.json', 'C:%5cwindows%5cwin.ini', 'C:/windows/win.ini', '%5c%5clocalhost%5cc$%5cx',
    'css/base.css::$DATA', 'css/base.css.', 'css/base.css%20', 'CSS/BASE.CSS', 'css%5cbase.css', 'CON', 'BASE~1.CSS',
  ]) {
    expect((await get(`/assets/${hash}/${path}`)).status, path).toBe(404);
  }
});

it('the Windows executable makes an administrator and signs in', async () => {
  const session = await setUp(panel);
  expect((await get('/signin', { cookie: session })).status).toBe(303);
  const answer = await fetch(`${panel.url}/signin`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: panel.url },
    body: new URLSearchParams({ name: 'lin', password: 'steamed bun 2026' }),
  });
  expect(answer.status).toBe(303);
  expect(existsSync(join(folder, 'state', 'mantou.db'))).toBe(true);
});

it('the pages of the system tell what can be told without PowerShell, and why nothing can be changed', async () => {
  const session = await signIn(panel, 'lin', 'steamed bun 2026');
  for (const path of ['', '/network', '/swap', '/power']) {
    const answer = await get(`/system${path}`, { cookie: session });
    // Wine has a powershell.exe that ends at once.
    const html = await answer.text();
    // Its registry has the name as that of Windows does, and no other one for the next start.
    expect([path, answer.status, html.includes('PowerShell cannot be started on this machine.'), html.includes('After the next start')]).toEqual([path, 200, true, false]);
  }
});

it('the Windows executable asks an engine on its named pipe', async () => {
  const session = await signIn(panel, 'lin', 'steamed bun 2026');
  const page = async () => (await get('/containers', { cookie: session })).text();
  expect(await page()).toContain('npipe:////./pipe/docker_engine');
  const exe = join(folder, 'engine.exe');
  const built = await Bun.build({ entrypoints: [join(import.meta.dir, '../support/pipe-engine.ts')], compile: { target: 'bun-windows-x64', outfile: exe } });
  expect(built.success).toBe(true);
  const engine = Bun.spawn([...windows.command, exe], { cwd: folder, env: windows.env, stdout: 'pipe', stderr: 'ignore' });
  try {
    await until(async () => /over-a-pipe/.test(await page()));
    expect(await page()).toContain('Docker 29.0.0');
  } finally {
    engine.kill('SIGKILL');
  }
});

it('without PowerShell the pages that need it say that nobody knows, and still answer', async () => {
  const session = await signIn(panel, 'lin', 'steamed bun 2026');
  const page = async (path: string) => {
    const answer = await get(path, { cookie: session, 'accept-language': 'en' });
    return [answer.status, await answer.text()] as const;
  };
  for (const [path, said] of [['/exposure', 'Who gets through is therefore unknown'], ['/firewall/blocks', 'On this system the panel blocks no addresses'], ['/firewall/guard', 'Remote Desktop and network sign-ins']] as const) {
    const [status, html] = await page(path);
    expect([path, status, html.includes(said)]).toEqual([path, 200, true]);
  }
});

it('the Windows executable writes no error into its log meanwhile', () => {
  expect(panel.errorLog()).toBe('');
});
