import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { hashOf } from '../../../lib/text-hash.ts';
import type { Dockerd } from '../../../platform/dockerd.ts';
import { need } from '../../access.ts';
import { actorName, SYSTEM, type Actor, type App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { streamDocker } from '../ask.ts';
import { readEngine } from '../engine.ts';
import { jsonLines } from '../json-lines.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { DaemonText, needDaemon, planDaemon } from './daemon.ts';
import type { Fault } from './document.ts';
import { endDaemonBegun, keepDaemonBegun, keepDaemonVersion, readDaemonBegun, type Begun, type DaemonVersion } from './kept.ts';
import { untilBack } from './running.ts';

export const DaemonChange = z.strictObject({
  text: DaemonText,
  /** Of the text that it is based on: another one there by now is a conflict. */
  hash: z.string().regex(/^([0-9a-f]{64})?$/),
  /** Start containers that have no restart policy, and are stopped by a restart, again. */
  startAgain: z.boolean().default(true),
});

/** A text that the engine would not take. */
export class DaemonFault extends AppError {
  constructor(readonly faults: readonly Fault[]) {
    super('invalid', (t) => t.daemon.refused, { field: 'text' });
  }
}

const KEY = 'docker.configure';
/** How long waiting takes, for tests. */
export interface Patience {
  engineMs?: number;
  containersMs?: number;
  reloadMs?: number;
}

/**
 * Writes the engine's configuration and makes it count; when the engine does not come up with it, or what ran does not run
 * again, the file of before is put back. From before the first change until the end a copy of that lies on the disk.
 * @returns the task, or null when nothing had to be done
 * @throws DaemonFault, AppError denied, conflict (it changed, or another change is on), unsupported
 */
export async function configureDaemon(app: App, actor: Actor, { text, hash, startAgain }: z.output<typeof DaemonChange>, patience: Patience = {}): Promise<string | null> {
  need(actor, 'containers.admin');
  const daemon = await needDaemon(app, actor);
  if (daemon.hash !== hash) throw new AppError('conflict', (t) => t.daemon.changedMeanwhile);
  const plan = await planDaemon(app, actor, daemon, text);
  if (plan.faults.length) throw new DaemonFault(plan.faults);
  if (daemon.text === text) return null;
  const { dockerd } = daemon;
  const by = actorName(actor);
  const version = (of: string | null, state: DaemonVersion['state']) => keepDaemonVersion(app, { at: app.clock.now(), by, state, text: of });
  const live = plan.how === 'reload' || plan.how === 'restart';
  const commands = plan.how === 'restart' ? [dockerd.service!.command] : plan.how === 'reload' ? [`kill -HUP ${dockerd.pid}`] : [];
  const id = app.tasks.start(actor, {
    kind: 'docker.configure', key: KEY, params: { path: dockerd.path, how: plan.how }, steps: ['daemonWrite', ...(live ? [plan.how === 'reload' ? 'daemonReload' : 'daemonRestart', 'daemonWait'] : [])],
    async run(task) {
      task.step('daemonWrite');
      const before = await app.host.dockerd.read(dockerd.path);
      if (hashOf(before) !== hash) throw new AppError('conflict', (t) => t.daemon.changedMeanwhile);
      await version(before, 'found');
      if (!live) {
        await app.host.dockerd.write(dockerd.path, text);
        await version(text, 'saved');
        return task.log(plan.how === 'by-hand' ? 'written; restart the engine by hand for it to count' : 'written; nothing that counts has changed');
      }
      await version(text, 'saved');
      const begun: Begun = { at: app.clock.now(), by, path: dockerd.path, before, after: text, how: plan.how as Begun['how'], startAgain, ran: plan.ran, phase: 'write' };
      await keepDaemonBegun(app, begun);
      await attempt(app, task, dockerd, begun, patience);
    },
  });
  record(app, actor, { action: 'docker.configure', target: dockerd.path, params: { task: id, how: plan.how, keys: plan.changed.map(({ key }) => key) }, commands });
  return id;
}

/** Goes on from where it is, to the end or back. */
async function attempt(app: App, task: TaskContext, dockerd: Dockerd, begun: Begun, patience: Patience) {
  const since = app.clock.now();
  const version = (of: string | null, state: DaemonVersion['state']) => keepDaemonVersion(app, { at: app.clock.now(), by: begun.by, state, text: of });
  try {
    if (begun.phase === 'write') await app.host.dockerd.write(begun.path, begun.after);
    if (begun.phase !== 'wait') {
      task.step(begun.how === 'reload' ? 'daemonReload' : 'daemonRestart');
      await keepDaemonBegun(app, { ...begun, phase: 'tell' });
      await tell(app, task, dockerd, begun.how, patience);
    }
    await keepDaemonBegun(app, { ...begun, phase: 'wait' });
    task.step('daemonWait');
    await untilBack(app, begun.ran, begun.startAgain, { log: task.log, signal: task.signal, ...patience });
  } catch (error) {
    // A panel that stops does no more; the notes stay, and the next start goes on.
    if (task.signal.reason === 'stop') throw error;
    task.log(task.tell(error));
    await logOf(app, task, dockerd, since);
    await version(begun.after, 'failed');
    await giveBack(app, task, dockerd, begun, patience);
    throw new AppError('unavailable', (t) => t.daemon.returned({ why: error instanceof AppError ? error.say(t) : String(error) }), { cause: error });
  }
  await logOf(app, task, dockerd, since);
  await version(begun.after, 'good');
  await endDaemonBegun(app);
  app.bus.emit('containers.changed', { up: true });
}

/** What the engine said meanwhile belongs to the task. */
async function logOf(app: App, task: Pick<TaskContext, 'log'>, dockerd: Dockerd, since: number) {
  const said = await app.host.dockerd.log(dockerd, since).catch(() => '');
  if (said) task.log(`--- log of the engine\n${said}\n---`);
}

const RELOAD_MS = 20_000;

async function tell(app: App, task: Pick<TaskContext, 'log'>, dockerd: Dockerd, how: Begun['how'], { reloadMs = RELOAD_MS }: Patience) {
  if (how === 'restart') {
    task.log(dockerd.service?.command ?? '');
    return app.host.dockerd.restart(dockerd, { onOutput: task.log });
  }
  // An engine that does not take what it reads says so in its log only; one that does tells everybody.
  const heard = new AbortController();
  const events = await streamDocker(app, { path: '/events', query: { filters: { type: ['daemon'] } }, signal: heard.signal });
  const late = setTimeout(() => heard.abort(), reloadMs);
  try {
    task.log(`kill -HUP ${dockerd.pid}`);
    // The one of now: it may have been restarted since the task began.
    const now = await app.host.dockerd.find(app.host.docker.endpoint());
    await app.host.dockerd.reload(typeof now === 'string' ? dockerd : now);
    for await (const event of jsonLines(events)) if ((event as { Type?: string; Action?: string }).Type === 'daemon' && (event as { Action?: string }).Action === 'reload') return task.log('the engine has read it');
    throw new AppError('unavailable', (t) => t.daemon.notReloaded);
  } finally {
    clearTimeout(late);
    heard.abort();
  }
}

/** The file of before, and the engine with it; whatever is cancelled, this is not. */
async function giveBack(app: App, task: Pick<TaskContext, 'log' | 'tell'>, dockerd: Dockerd, begun: Begun, patience: Patience) {
  await keepDaemonBegun(app, { ...begun, phase: 'back' });
  task.log('putting the file of before back');
  await app.host.dockerd.write(begun.path, begun.before);
  const since = app.clock.now();
  // An engine that did not take a reload still runs as it did.
  const how = begun.how === 'reload' && (await readEngine(app)).up ? 'reload' : 'restart';
  try {
    await tell(app, task, dockerd, how, patience);
    await untilBack(app, begun.ran, begun.startAgain, { log: task.log, signal: undefined, ...patience });
    await endDaemonBegun(app);
    task.log('the file of before is back, and the engine runs with it');
  } catch (error) {
    task.log(task.tell(error));
    await logOf(app, task, dockerd, since);
    throw new AppError('unavailable', (t) => t.daemon.notReturned, { cause: error });
  } finally {
    app.bus.emit('containers.changed', { up: true });
  }
}

/** At the start of the panel: a change that the one before did not end is ended, or taken back. @returns the task */
export async function settleDaemon(app: App, patience: Patience = {}): Promise<string | null> {
  const begun = await readDaemonBegun(app);
  if (!begun || app.host.kind === 'fake' && app.config.demo) return null;
  const found = await foundSoon(app);
  // Of another engine of this machine: it is settled when that one is chosen again.
  if (!found || found.path !== begun.path) return null;
  const id = app.tasks.start(SYSTEM, {
    kind: 'docker.configure_settle', key: KEY, params: { path: begun.path }, steps: [begun.how === 'reload' ? 'daemonReload' : 'daemonRestart', 'daemonWait'],
    async run(task) {
      task.log(`a change by ${begun.by} of ${new Date(begun.at).toISOString()} did not end (${begun.phase})`);
      const now = await app.host.dockerd.read(begun.path);
      if (begun.phase === 'back') return giveBack(app, task, found, begun, patience);
      // Not written yet, or by somebody else since: theirs counts.
      if (now !== begun.after) {
        await endDaemonBegun(app);
        return task.log(now === begun.before ? 'it had not been written' : 'somebody else has written it since: it stays as it is');
      }
      await attempt(app, task, found, { ...begun, phase: begun.phase === 'write' ? 'tell' : begun.phase }, patience);
    },
  });
  record(app, SYSTEM, { action: 'docker.configure_settle', target: begun.path, params: { task: id } });
  return id;
}

const FIND_TRIES = 20;

/** One that is being started again is not to be seen for moments. */
async function foundSoon(app: App): Promise<Dockerd | null> {
  for (let tries = FIND_TRIES; tries > 0; tries--) {
    const found = await app.host.dockerd.find(app.host.docker.endpoint());
    if (typeof found !== 'string') return found;
    if (found !== 'unseen') break;
    await Bun.sleep(1500);
  }
  app.log.warn('a change of the engine’s settings is not settled: its process is not to be seen');
  return null;
}
