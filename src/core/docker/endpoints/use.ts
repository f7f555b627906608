import { and, eq } from 'drizzle-orm';
import { tasks } from '../../../db/schema/tasks.ts';
import { AppError } from '../../../lib/errors.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { settleRecreations } from '../../containers/recreate/settle.ts';
import { putSetting } from '../../settings/settings.ts';
import { settleStacks } from '../../stacks/deploy.ts';
import { lookAtHostKey } from '../../terminal/ssh-hosts/keys.ts';
import { keyChanged } from '../../terminal/ssh-hosts/shown-key.ts';
import { sshHostRow, wayTo } from '../../terminal/ssh-hosts/hosts.ts';
import { settleDaemon } from '../daemon/apply.ts';
import { readEngine, type EngineState } from '../engine.ts';
import { settleVolumes } from '../../volumes/backups/settle.ts';
import { refuseWhileBusy } from './busy.ts';
import { endpointRow } from './endpoints.ts';

/** What a test found. `keyOf`: the saved host whose key a person has to look at before. */
export type Tested = { at: number; state: EngineState; keyOf: string | null };

/** Of each endpoint since the panel started; null: this machine. */
const last = new WeakMap<App['engines'], Map<string | null, Tested>>();

/** That of this machine is known by where it is. @throws AppError not_found */
const nameOf = (app: App, id: string | null) => (id === null ? app.engines.driver(null).endpoint() : endpointRow(app, id).name);

/** What was found when it was last asked; null: it was not. */
export const lastTest = (app: Pick<App, 'engines'>, id: string | null): Tested | null => last.get(app.engines)?.get(id) ?? null;

/** Is there an engine, and does it let us in? Never throws for one that does not. @throws AppError denied, not_found */
export async function testEndpoint(app: App, actor: Actor, id: string | null): Promise<Tested> {
  need(actor, 'containers.admin');
  const name = nameOf(app, id);
  const found = await ask(app, actor, id);
  const all = last.get(app.engines) ?? new Map<string | null, Tested>();
  last.set(app.engines, all.set(id, found));
  record(app, actor, { action: 'docker_endpoints.test', target: name, result: found.state.up ? 'ok' : 'failed', params: found.state.up ? { version: found.state.facts.version } : { why: found.state.why } });
  return found;
}

/** A machine on the other side of the world, its sign-in, and a first question. */
const TEST_MS = 30_000;

async function ask(app: App, actor: Actor, id: string | null): Promise<Tested> {
  const driver = app.engines.driver(id);
  const at = app.clock.now();
  const hostId = id === null ? null : endpointRow(app, id).sshHostId;
  const looked = hostId === null || app.config.demo ? null : await keyToSee(app, actor, hostId);
  if (looked) return { at, state: { up: false, endpoint: driver.endpoint(), why: looked.why, detail: looked.detail }, keyOf: looked.keyOf };
  return { at, state: await readEngine(app.engines.on(id), TEST_MS), keyOf: null };
}

/** From here outwards, as a terminal does: a key that nobody has confirmed, or another than was, is a person's decision. */
async function keyToSee(app: App, actor: Actor, hostId: string): Promise<{ why: 'untrusted' | 'absent' | 'broken'; detail: string; keyOf: string | null } | null> {
  for (const { id, name, address } of wayTo(app, hostId).toReversed()) {
    try {
      await lookAtHostKey(app, actor, id);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // Where it cannot be asked for its key, signing in tells why; one that was never seen is not signed in to.
      if (sshHostRow(app, id).pinnedKeys.length > 0) return null;
      return { why: error.code === 'unavailable' ? 'absent' : 'broken', detail: `${name}: ${address}`, keyOf: id };
    }
    const row = sshHostRow(app, id);
    if (row.pinnedKeys.length === 0 || keyChanged(row)) return { why: 'untrusted', detail: `${name}: ${address}`, keyOf: id };
  }
  return null;
}

/**
 * Makes an engine the one that the panel works on, for everybody. It must answer; that of this machine need not, so that there
 * is always a way back. @throws AppError denied, not_found, conflict (a task works on the one before), unavailable
 */
export async function useEndpoint(app: App, actor: Actor, id: string | null): Promise<void> {
  need(actor, 'containers.admin');
  const name = nameOf(app, id);
  if (app.engines.chosen() === id) return;
  await letGoOfReturns(app);
  refuseWhileBusy(app);
  if (id !== null) {
    const { state } = await testEndpoint(app, actor, id);
    if (!state.up) throw new AppError('unavailable', (t) => t.endpoints.notUp({ name, why: t.endpoints.why[state.why] }), { detail: state.detail });
    // Somebody may have begun something meanwhile.
    refuseWhileBusy(app);
  }
  const was = nameOf(app, app.engines.chosen());
  app.engines.hangUp();
  putSetting(app, 'dockerEndpoint', id ?? '');
  record(app, actor, { action: 'docker_endpoints.use', target: name, params: { was } });
  app.bus.emit('docker.switched', {});
  settleChosen(app);
}

/**
 * A return to what ran before waits for an engine that is away: it must not keep anybody on it. What it would return to stays
 * kept, and is returned to when that engine is chosen again.
 */
async function letGoOfReturns(app: App): Promise<void> {
  const waiting = app.db.select({ id: tasks.id }).from(tasks).where(and(eq(tasks.state, 'running'), eq(tasks.kind, 'stacks.return'))).all();
  if (waiting.length === 0 || (await readEngine(app)).up) return;
  for (const { id } of waiting) {
    app.tasks.cancel(id);
    await app.tasks.settled(id);
  }
}

/** What a panel that was killed left half done on the engine that is chosen now. */
export function settleChosen(app: App): void {
  // Where no engine answers there is nothing between two containers that could be seen.
  void settleRecreations(app).catch((error: unknown) => error instanceof AppError || app.log.error('containers not settled', { error: error as Error }));
  void settleVolumes(app).catch((error: unknown) => app.log.error('volumes not settled', { error: error as Error }));
  void settleDaemon(app).catch((error: unknown) => app.log.error('settings of the engine not settled', { error: error as Error }));
  void settleStacks(app).catch((error: unknown) => app.log.error('stacks not settled', { error: error as Error }));
}
