import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { askDocker, orMissing, tellDocker } from '../ask.ts';
import type { App } from '../../app.ts';
import { readEngine } from '../engine.ts';
import type { Ran } from './kept.ts';

const Listed = z.array(z.object({ Id: z.string() }));
const One = z.object({
  Name: z.string(),
  State: z.object({ Running: z.boolean(), Restarting: z.boolean().catch(false) }),
  HostConfig: z.object({ AutoRemove: z.boolean().catch(false), RestartPolicy: z.object({ Name: z.string() }).nullish() }),
});
const Info = z.object({ LiveRestoreEnabled: z.boolean().catch(false) });

const inspect = (app: App, id: string) => orMissing(askDocker(app, { path: `/containers/${id}/json` }, One));

/** What runs now. @param keeps the engine that comes leaves containers alone; so must the one that goes */
export async function whatRuns(app: App, keeps: boolean): Promise<Ran[]> {
  const live = keeps && (await askDocker(app, { path: '/info' }, Info)).LiveRestoreEnabled;
  const ran: Ran[] = [];
  for (const { Id } of await askDocker(app, { path: '/containers/json' }, Listed)) {
    const one = await inspect(app, Id);
    if (!one) continue;
    const policy = one.HostConfig.RestartPolicy?.Name ?? '';
    // "on-failure" depends on how it ends: one that ends well when it is told to stays ended.
    ran.push({ id: Id, name: one.Name.replace(/^\//, ''), starts: live || policy === 'always' || policy === 'unless-stopped', removesItself: one.HostConfig.AutoRemove });
  }
  return ran.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

const ENGINE_MS = 120_000;
const CONTAINERS_MS = 120_000;
const LOOK_MS = 300;

interface Waiting {
  log(text: string): void;
  /** undefined: it is waited for whatever happens. */
  signal: AbortSignal | undefined;
  engineMs?: number;
  containersMs?: number;
}

/**
 * Waits until the engine answers and all that ran runs again.
 * @param startAgain also start what has no restart policy
 * @throws AppError unavailable
 */
export async function untilBack(app: App, ran: readonly Ran[], startAgain: boolean, { log, signal, engineMs = ENGINE_MS, containersMs = CONTAINERS_MS }: Waiting): Promise<void> {
  const end = performance.now() + engineMs;
  for (;;) {
    signal?.throwIfAborted();
    const engine = await readEngine(app);
    if (engine.up) break;
    if (performance.now() > end) throw new AppError('unavailable', (t) => t.daemon.notUp, { detail: engine.detail });
    await Bun.sleep(LOOK_MS);
  }
  log('the engine answers');
  const others = ran.filter(({ starts, removesItself }) => !starts && !removesItself);
  for (const { id, name } of startAgain ? others : []) {
    const one = await inspect(app, id);
    if (!one || one.State.Running) continue;
    log(`start ${name}`);
    await tellDocker(app, { path: `/containers/${id}/start`, timeout: 60_000 });
  }
  let waiting = ran.filter(({ starts, removesItself }) => starts || (startAgain && !removesItself));
  const late = performance.now() + containersMs;
  while (waiting.length) {
    const looks = await Promise.all(waiting.map(async (one) => ({ one, state: await inspect(app, one.id).catch(() => undefined) })));
    // null: it was removed meanwhile; nobody waits for it.
    waiting = looks.filter(({ state }) => state !== null && !(state?.State.Running || state?.State.Restarting)).map(({ one }) => one);
    if (!waiting.length) break;
    signal?.throwIfAborted();
    const names = waiting.map(({ name }) => name).join(', ');
    if (performance.now() > late) throw new AppError('unavailable', (t) => t.daemon.notRunning({ containers: names }));
    await Bun.sleep(LOOK_MS);
  }
  if (ran.length) log(`what ran before runs again: ${ran.filter(({ starts, removesItself }) => starts || (startAgain && !removesItself)).map(({ name }) => name).join(', ') || 'nothing'}`);
}
