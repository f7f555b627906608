import { afterAll, afterEach, expect } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { armedFolder, moveStage, readPlan, readResult, watchMark } from '../../src/platform/armed/plan.ts';
import { needs } from '../support/needs.ts';
import { alive } from '../support/terminal-panel.ts';
import { until } from '../support/until.ts';

/** A change that reverts by itself, with a real process that watches it, while the panel is killed. */
const it = needs('linux');
const scratch = mkdtempSync(join(tmpdir(), 'mantou-armed-real-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let children: Bun.Subprocess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** `bun test --no-orphans` hands that on to each Bun below it, and they would end what outlives them on purpose. */
const { BUN_FEATURE_FLAG_NO_ORPHANS: _, ...env } = process.env;
/** Starting a panel and its watchdog takes a part of them, the more the busier the machine is. */
const SECONDS = 8;
let count = 0;
async function panel(seconds: number) {
  const mark = join(scratch, `mark-${count++}`);
  const child = Bun.spawn([process.execPath, join(import.meta.dir, '../support/arming.ts'), mark, String(seconds)], { env, stdin: 'ignore', stdout: 'pipe', stderr: 'inherit' });
  children.push(child);
  const reader = child.stdout.getReader();
  let said = '';
  while (!said.includes('\n')) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`it did not arm: ${said}`);
    said += new TextDecoder().decode(value);
  }
  const { id, dataDir } = JSON.parse(said) as { id: string; dataDir: string };
  folders.push(dataDir);
  const folder = armedFolder(dataDir);
  return { id, folder, dataDir, child, watchdog: Number(readFileSync(watchMark(folder, id), 'utf8')), mark: () => readFileSync(mark, 'utf8') };
}

it('the panel is killed: the change is taken back when it is due, not before', async () => {
  const { id, folder, child, mark, watchdog } = await panel(SECONDS);
  const begun = performance.now();
  expect(mark()).toBe('changed');
  child.kill('SIGKILL');
  await child.exited;
  expect(alive(watchdog)).toBe(true);
  await until(() => mark() !== 'changed');
  expect(performance.now() - begun).toBeWithin(500, 20_000);
  await until(() => readResult(folder, id, 'result') !== null);
  expect(mark()).toBe('before and told');
  expect(readResult(folder, id, 'result')).toMatchObject({ reason: 'time', by: 'system', steps: [{ ok: true }, { ok: true }] });
  await until(() => !alive(watchdog));
});

it('it is a session of its own: what ends the panel’s process group leaves it alone', async () => {
  const { child, watchdog, mark } = await panel(SECONDS);
  const session = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[3];
  expect(session(watchdog)).toBe(String(watchdog));
  child.kill('SIGHUP');
  child.kill('SIGKILL');
  await until(() => mark() === 'before and told');
});

it('kept in time, nothing is taken back, and the watchdog goes', async () => {
  const { id, folder, mark, watchdog } = await panel(SECONDS);
  expect(moveStage(folder, id, 'armed', 'kept')).toBe(true);
  await until(() => !alive(watchdog));
  await Bun.sleep(SECONDS * 1000);
  expect([mark(), readResult(folder, id, 'result')]).toEqual(['changed', null]);
});

it('Keep in the very moment that it is due: one of both, never both, every time', async () => {
  await Promise.all([-40, -15, -5, 0, 5, 20].map(async (off) => {
    const { id, folder, mark } = await panel(SECONDS);
    const plan = readPlan(folder, id, 'armed');
    if (plan) {
      const due = (plan.up + plan.seconds) * 1000 + off;
      while (Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000 < due) await Bun.sleep(1);
    }
    const kept = moveStage(folder, id, 'armed', 'kept');
    if (kept) await Bun.sleep(1000);
    else await until(() => readResult(folder, id, 'result') !== null || readResult(folder, id, 'told') !== null);
    expect([kept, mark()]).toEqual([kept, kept ? 'changed' : 'before and told']);
  }));
});

it('a watchdog that is told to end reverts before it goes: the machine may be going down', async () => {
  const { id, folder, mark, watchdog } = await panel(60);
  process.kill(watchdog, 'SIGTERM');
  await until(() => readResult(folder, id, 'result') !== null || readResult(folder, id, 'told') !== null);
  expect(mark()).toBe('before and told');
});

it('a watchdog that is killed is followed by another, as long as the panel is there', async () => {
  const { id, folder, watchdog, mark } = await panel(2 * SECONDS);
  process.kill(watchdog, 'SIGKILL');
  await until(() => Number(readFileSync(watchMark(folder, id), 'utf8')) !== watchdog);
  await until(() => mark() === 'before and told');
});
