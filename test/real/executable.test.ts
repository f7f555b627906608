import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { executable, root } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { type RunningPanel, runPanel, setUp } from '../support/panel.ts';

/** What a stranger does: the executable alone, in an empty folder, with an empty environment and no sources anywhere. */
const it = needs('linux', 'root', 'unshare');
const name = 'lin';
const password = 'steamed bun 2026';
let panel: RunningPanel;
let empty = '';

if (it.ok) {
  beforeAll(async () => {
    empty = mkdtempSync(join(tmpdir(), 'mantou-empty-'));
    panel = await runPanel(await hidden(), { cwd: empty });
  });
  afterAll(async () => {
    await panel?.stop();
    rmSync(empty, { recursive: true, force: true });
  });
}

/** Covers the project with an empty folder, in a mount namespace of its own, and starts without any variable. */
async function hidden(): Promise<string[]> {
  const cover = 'mount -t tmpfs -o size=1m none "$0" && exec env -i "$@"';
  return ['/usr/bin/unshare', '-m', '/bin/sh', '-c', cover, root, await executable()];
}

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(panel.url + path, { redirect: 'manual', decompress: false, headers } as RequestInit);

it('starts where there is nothing, and says so at /healthz', async () => {
  expect(readdirSync(`/proc/${panel.pid}/root${root}`)).toEqual([]);
  const answer = await get('/healthz');
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ status: 'ok', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
});

it('leaves the folder it is started from as it was', () => {
  expect(readdirSync(empty)).toEqual([]);
});

it('serves every asset that the set-up page names, in each coding, byte for byte', async () => {
  const page = await get('/setup');
  expect(page.status).toBe(200);
  const paths = [...new Set((await page.text()).match(/\/assets\/[0-9a-f]{16}\/[\w./-]+/g))];
  expect(paths.length).toBeGreaterThan(10);
  const open = { zstd: zstdDecompressSync, br: brotliDecompressSync, gzip: gunzipSync };
  for (const path of paths) {
    const plain = await get(path);
    expect(plain.status, path).toBe(200);
    expect(plain.headers.get('cache-control')).toContain('immutable');
    const source = Bun.file(join(root, 'public', path.split('/').slice(3).join('/')));
    const bytes = Buffer.from(await source.arrayBuffer());
    expect(Buffer.from(await plain.arrayBuffer()).equals(bytes), path).toBe(true);
    for (const [encoding, decode] of Object.entries(open)) {
      const packed = await get(path, { 'accept-encoding': encoding });
      const body = Buffer.from(await packed.arrayBuffer());
      const smaller = packed.headers.get('content-encoding') === encoding;
      expect((smaller ? decode(body) : body).equals(bytes), `${path} ${encoding}`).toBe(true);
    }
  }
});

it('carries the licences of what it is made of', async () => {
  const [, hash] = /\/assets\/([0-9a-f]{16})\//.exec(await (await get('/setup')).text()) ?? [];
  const text = await (await get(`/assets/${hash}/licenses.txt`)).text();
  for (const part of ['Mantou ', 'Bun ', 'hono ', 'drizzle-orm ', 'htmx.org ', 'JavaScriptCore']) expect(text).toContain(part);
});

it('S23 S4 gives nothing from the disk or from inside itself under /assets', async () => {
  const [, hash] = /\/assets\/([0-9a-f]{16})\//.exec(await (await get('/setup')).text()) ?? [];
  for (const path of ['manifest.json', '..%2fmanifest.json', '%2e%2e/manifest.json', '..%5cmanifest.json', '%2fetc%2fpasswd']) {
    expect((await get(`/assets/${hash}/${path}`)).status, path).toBe(404);
  }
});

it('makes the administrator with the token of the console, once, and signs in', async () => {
  const { setupUrl } = panel;
  const session = await setUp(panel, name, password);
  const home = await get('/', { cookie: session });
  expect(home.status).toBe(200);
  expect(await home.text()).toContain(name);
  await expect(setUp({ ...panel, setupUrl }, 'eve', password)).rejects.toThrow('set-up failed: 303');

  const signIn = (password: string) =>
    fetch(`${panel.url}/signin`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: panel.url },
      body: new URLSearchParams({ name, password }),
    });
  expect((await signIn('wrong')).status).toBe(422);
  const signedIn = await signIn(password);
  expect(signedIn.status).toBe(303);
  const cookie = signedIn.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
  expect((await get('/', { cookie })).status).toBe(200);
  expect((await get('/')).headers.get('location')).toContain('/signin');
});

it('writes no error into its log meanwhile', () => {
  expect(panel.errorLog()).toBe('');
});

it('S20 loads no settings from the folder it is started in', async () => {
  const hostile = mkdtempSync(join(tmpdir(), 'mantou-hostile-'));
  writeFileSync(join(hostile, '.env'), 'MANTOU_PORT=1\n');
  writeFileSync(join(hostile, 'evil.ts'), 'console.log("evil was here"); process.exit(9);\n');
  writeFileSync(join(hostile, 'bunfig.toml'), 'preload = ["./evil.ts"]\n');
  writeFileSync(join(hostile, 'tsconfig.json'), 'nonsense');
  const other = await runPanel([await executable()], { cwd: hostile });
  expect(other.console()).not.toContain('evil was here');
  expect(await other.stop()).toBe(0);
  rmSync(hostile, { recursive: true, force: true });
});

it('stops on SIGTERM with exit code 0', async () => {
  const other = await runPanel(await hidden(), { cwd: empty });
  const begin = Date.now();
  expect(await other.stop()).toBe(0);
  expect(Date.now() - begin).toBeLessThan(20_000);
});
