import { afterAll, beforeAll, expect } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engine, testContainers } from '../support/docker.ts';
import { needs } from '../support/needs.ts';
import { post, runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { until } from '../support/until.ts';

/** `kill -9` in the middle: the next start of the panel lets containers run again and takes away all that only helped. */
const it = needs('linux', 'root', 'docker', 'busybox');
const SOURCES = [process.execPath, 'src/main.ts'];
const NAME = `mantou-vkill-${process.pid}`;
const containers = testContainers('vkill');
const docker = engine();
const panels: RunningPanel[] = [];
let root = '';

if (it.ok) {
  beforeAll(() => void (root = mkdtempSync(join(tmpdir(), 'mantou-killed-'))));
  afterAll(async () => {
    for (const panel of panels) await panel.stop();
    await containers.removeAll();
    for (const name of [NAME, `${NAME}-new`]) await docker.ask({ method: 'DELETE', path: `/volumes/${name}`, query: { force: true } }).catch(() => {});
    rmSync(root, { recursive: true, force: true });
  });
}

async function start(): Promise<RunningPanel> {
  const panel = await runPanel(SOURCES, { dataDir: root });
  panels.push(panel);
  return panel;
}

const folder = (...more: string[]) => join(root, 'backups/volumes', ...more);
const files = (path: string) => (existsSync(path) ? readdirSync(path) : []);
interface Notes { carriers: string[]; volumes: string[]; part: string | null }
const notes = () => files(folder('.begun')).filter((file) => file.endsWith('.json')).flatMap((file): Notes[] => {
  try {
    return [JSON.parse(readFileSync(folder('.begun', file), 'utf8')) as Notes];
  } catch (error) {
    // Taken away while it was looked at.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
});
const missing = (path: string) => docker.ask({ path }).then(() => false, () => true);

it('what a panel that was killed had begun with volumes is settled by the next', async () => {
  let panel = await start();
  const cookie = await setUp(panel);
  await docker.ask({ method: 'POST', path: '/volumes/create', body: { Name: NAME } });
  const { id } = await containers.run(['sh', '-c', 'trap "exit 0" TERM; dd if=/dev/urandom of=/v/big bs=1048576 count=400 2>/dev/null; touch /v/ready; while true; do sleep 0.1; done'], { HostConfig: { Binds: [`${NAME}:/v`] } });
  const { Mountpoint } = (await docker.ask({ path: `/volumes/${NAME}` })) as { Mountpoint: string };
  await until(() => existsSync(join(Mountpoint, 'ready')));
  const status = async () => ((await docker.ask({ path: `/containers/${id}/json` })) as { State: { Status: string } }).State.Status;

  for (const [quiet, still] of [['stop', 'exited'], ['pause', 'paused']] as const) {
    expect((await post(panel, cookie, `/volumes/${NAME}/backup`, { quiet })).status).toBe(303);
    // Only files are looked at: an engine that is busy answers too late. What uses the volume is still before anything is written.
    await until(async () => (await Bun.sleep(2), files(folder(NAME)).some((file) => file.endsWith('.part'))));
    panel.kill('SIGKILL');
    await panel.exited;
    const [left] = notes();
    expect([quiet, await status(), left!.carriers.length, await missing(`/containers/${left!.carriers[0]}/json`)]).toEqual([quiet, still, 1, false]);
    panel = await start();
    await until(() => notes().length === 0);
    expect([quiet, await status(), await missing(`/containers/${left!.carriers[0]}/json`), files(folder(NAME))]).toEqual([quiet, 'running', true, []]);
  }

  expect((await post(panel, cookie, `/volumes/${NAME}/backup`, {})).status).toBe(303);
  await until(() => files(folder(NAME)).some((file) => file.endsWith('.tar.zst')) && notes().length === 0);
  const backup = files(folder(NAME)).find((file) => file.endsWith('.tar.zst'))!.replace('.tar.zst', '');
  for (const [how, fields] of [['new', { how: 'new', into: `${NAME}-new` }], ['over', { how: 'over', confirm: NAME }]] as const) {
    const answer = await post(panel, cookie, `/volumes/${NAME}/backups/${backup}/restore`, fields);
    expect([how, answer.status, answer.status === 303 ? '' : await answer.text()]).toEqual([how, 303, '']);
    // As soon as something of it is in the volume that it is unpacked into.
    const filled = (name: string) => existsSync(join(Mountpoint, '../..', name, '_data/big'));
    await until(async () => (await Bun.sleep(2), notes().some(({ volumes }) => volumes.some(filled))));
    const [left] = notes();
    panel.kill('SIGKILL');
    await panel.exited;
    panel = await start();
    await until(() => notes().length === 0);
    for (const name of left!.volumes) expect([how, name, await missing(`/volumes/${name}`)]).toEqual([how, name, true]);
    for (const name of left!.carriers) expect([how, name, await missing(`/containers/${name}/json`)]).toEqual([how, name, true]);
    expect([how, await status(), readdirSync(Mountpoint).sort()]).toEqual([how, 'running', ['big', 'ready']]);
  }
  expect((await fetch(`${panel.url}/volumes/-/backups`, { headers: { cookie }, tls: { rejectUnauthorized: false } } as RequestInit)).status).toBe(200);
  expect(panel.errorLog()).toBe('');
});
