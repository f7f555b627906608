import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { until } from '../support/until.ts';

/** `kill -9` in the middle of packing: what was begun is cleared away, and a second try ends it. */
const it = needs('linux');
const FILES = 24;
const BYTES = 8 << 20;
let root = '';
const panels: RunningPanel[] = [];
const at = (...parts: string[]) => join(root, ...parts);

if (it.ok) {
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'mantou-pack-killed-'));
    for (const name of ['data', 'src']) mkdirSync(at(name));
    for (let n = 0; n < FILES; n++) writeFileSync(at('src', `f${n}`), Buffer.from(crypto.getRandomValues(new Uint8Array(65_536))).toString('latin1').repeat(BYTES / 65_536), 'latin1');
  });
  afterAll(async () => {
    for (const panel of panels) await panel.stop();
    rmSync(root, { recursive: true, force: true });
  });
}

async function start(): Promise<RunningPanel> {
  const panel = await runPanel([process.execPath, 'src/main.ts'], { dataDir: at('data') });
  panels.push(panel);
  return panel;
}

const post = (panel: RunningPanel, cookie: string, path: string, fields: Record<string, string>) =>
  fetch(`${panel.url}${path}`, { method: 'POST', redirect: 'manual', headers: { origin: panel.url, cookie }, body: new URLSearchParams(fields) });

const names = (folder: string) => readdirSync(folder).sort();
const parts = (folder: string) => names(folder).filter((name) => name.includes('.mantou-'));

function lastState(): string {
  using db = new Database(at('data/mantou.db'), { readonly: true });
  return (db.query('SELECT state FROM tasks ORDER BY created_at DESC LIMIT 1').get() as { state: string }).state;
}

/** Kills the panel while something is begun, starts it again and waits until that is cleared away. */
async function killed(panel: RunningPanel, folder: string): Promise<RunningPanel> {
  // Some of it is there: a folder with files in it, or a file with bytes.
  await until(() => parts(folder).some((name) => Number(Bun.spawnSync(['du', '-sk', join(folder, name)]).stdout.toString().split('\t')[0]) > 4096));
  panel.kill('SIGKILL');
  await panel.exited;
  expect(parts(folder).length).toBeGreaterThan(0);
  const next = await start();
  await until(() => parts(folder).length === 0);
  expect(lastState()).toBe('interrupted');
  return next;
}

it('an archive that is packed, killed: nothing half stays, and the second try ends it', async () => {
  let panel = await start();
  const cookie = await setUp(panel);
  // The archive comes to be beside what it is made of.
  const packing = { folder: root, name: 'src', format: 'tar.gz', archive: 'b' };
  expect((await post(panel, cookie, '/files/archive', packing)).status).toBe(303);
  panel = await killed(panel, root);
  expect(names(root)).toEqual(['data', 'src']);
  expect((await post(panel, cookie, '/files/archive', packing)).status).toBe(303);
  await until(() => lastState() !== 'running');
  expect(lastState()).toBe('done');
  expect(Bun.spawnSync(['tar', '-dzf', at('b.tar.gz'), '-C', root]).exitCode).toBe(0);
  expect(panel.errorLog()).toBe('');
});
