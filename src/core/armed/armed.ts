import { AppError } from '../../lib/errors.ts';
import {
  armedFolder, ArmedId, bootId, forget, idsAt, moveStage, readPlan, readResult, stepText, upSeconds, writePlan, type ArmedNoun, type ArmedPlan, type ArmedResult, type RevertStep,
} from '../../platform/armed/plan.ts';
import { startWatchdog } from '../../platform/armed/start.ts';
import { revertPlan, takeSteps } from '../../platform/armed/revert.ts';
import { ownCommand } from '../../config/paths.ts';
import { need } from '../access.ts';
import { actorName, type Actor, type App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { settleArmed } from '../firewall/settle-armed.ts';
import { getSetting } from '../settings/settings.ts';
import { recordKept, recordReverted, SHOWN_MS } from './records.ts';
import { tendArmed } from './tend.ts';
import { makings, undoOf, undos } from './undo.ts';

export { ARMED_NOUNS, REVERT_REASONS } from '../../platform/armed/plan.ts';
export type { ArmedNoun, ArmedResult, RevertStep } from '../../platform/armed/plan.ts';

/** A change that reverts by itself unless somebody keeps it. */
export interface ArmedChange {
  id: string;
  noun: ArmedNoun;
  /** What was changed, as people call it: "port 22 → 2222". */
  target: string;
  /** Who changed it. */
  by: string;
  armedAt: number;
  /** When it reverts, by the panel's clock. */
  until: number;
  seconds: number;
  /** What takes it back. */
  steps: string[];
  /** It is being taken back right now. */
  reverting: boolean;
}

export interface Arming {
  noun: ArmedNoun;
  target: string;
  /** Run in this order, each whatever became of those before it; twice when the machine goes down between them, so they must bear that. */
  revert: RevertStep[];
  /** Until it reverts; the setting when left out. */
  seconds?: number;
  /** What takes it back on a made-up machine, where no command is run. */
  undo?: () => void | Promise<void>;
}

/**
 * Call it BEFORE a change that may lock people out is made: from then on a process that outlives the panel takes it back when
 * nobody presses Keep in time. `applyArmed` lets it be kept once it is made. Whoever calls has asked for the permission of the noun.
 * @throws AppError conflict while another change of the noun is armed, unavailable when nothing would revert it: then nothing may be changed
 */
export async function arm(app: App, actor: Actor, { noun, target, revert, seconds, undo }: Arming): Promise<ArmedChange> {
  const folder = armedFolder(app.config.dataDir);
  const other = listArmed(app).find((one) => one.noun === noun);
  if (other) throw new AppError('conflict', (t) => t.armed.another({ target: other.target }));
  const plan: ArmedPlan = {
    id: app.random.id(), noun, target, by: actorName(actor), armedAt: app.clock.now(), seconds: seconds ?? getSetting(app, 'armedSeconds'), boot: bootId(), up: upSeconds(), steps: revert,
  };
  keepPlan(app, folder, plan);
  // Also while the watchdog starts: what is not made yet cannot be kept.
  makings(app).add(plan.id);
  try {
    if (app.host.kind === 'fake') undos(app).set(plan.id, undo ?? (() => {}));
    else await watch(app, folder, plan);
    record(app, actor, { action: 'armed.arm', target: `${noun}: ${target}`, params: { seconds: plan.seconds }, commands: revert.map(stepText) });
  } catch (error) {
    makings(app).delete(plan.id);
    throw error;
  }
  app.bus.emit('armed.changed', {});
  tendArmed(app);
  return changeOf(plan);
}

/** @throws AppError unavailable on a disk that is full, say: then nothing may be changed */
function keepPlan(app: App, folder: string, plan: ArmedPlan) {
  try {
    writePlan(folder, plan);
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code) throw error;
    app.log.error('armed change not kept', { error: error as Error });
    throw new AppError('unavailable', (t) => t.armed.noWatchdog, { cause: error });
  }
}

async function watch(app: App, folder: string, plan: ArmedPlan) {
  const how = await startWatchdog(app.exec, folder, plan.id, ownCommand('watchdog', plan.id, '--data-dir', app.config.dataDir)).catch((error: unknown) => {
    app.log.error('watchdog not started', { error: error as Error });
    return null;
  });
  if (how) return app.log.info('watchdog started', { as: how, id: plan.id });
  forget(folder, plan.id);
  throw new AppError('unavailable', (t) => t.armed.noWatchdog);
}

/**
 * Makes a change that is armed; one that cannot be made is taken back at once. After one of the firewall, whoever presses
 * Keep has come in anew: a connection that was open before goes through most firewalls whatever their rules say.
 * @param apply what it writes down of the change under this id stands before anybody can keep it
 * @throws what `apply` throws, and what `arm` does
 */
export async function applyArmed(app: App, actor: Actor, arming: Arming, apply: (id: string) => Promise<void>): Promise<ArmedChange> {
  const change = await arm(app, actor, arming);
  try {
    await apply(change.id);
  } catch (error) {
    await take(app, actor, change.id);
    throw error;
  } finally {
    makings(app).delete(change.id);
  }
  await mustStillBeArmed(app, change, arming);
  if (arming.noun === 'firewall') await app.panel.renewConnections?.();
  return change;
}

/** Making it took so long that it was reverted meanwhile: what was made after that is taken back as well. @throws AppError conflict */
async function mustStillBeArmed(app: App, { id, target }: ArmedChange, { revert, undo }: Arming) {
  if (readPlan(armedFolder(app.config.dataDir), id, 'armed')) return;
  if (app.host.kind === 'fake') await undo?.();
  else await takeSteps(app.exec, revert);
  settleArmed(app, id, false);
  throw new AppError('conflict', (t) => t.armed.late({ target }));
}

/** It stays. @throws AppError denied, not_found, conflict when it has been taken back already */
export function keepArmed(app: App, actor: Actor, id: string): ArmedChange {
  need(actor, 'armed.write');
  const folder = armedFolder(app.config.dataDir);
  if (makings(app).has(id)) throw new AppError('conflict', (t) => t.armed.making);
  if (!moveStage(folder, known(id), 'armed', 'kept')) throw late(folder, id);
  const plan = readPlan(folder, id, 'kept')!;
  recordKept(app, actor, plan);
  forget(folder, id);
  undos(app).delete(id);
  app.bus.emit('armed.changed', {});
  return changeOf(plan);
}

/** Takes it back now. @throws AppError denied, not_found, conflict when somebody else was first */
export async function revertArmed(app: App, actor: Actor, id: string): Promise<ArmedResult> {
  need(actor, 'armed.write');
  const result = await take(app, actor, known(id));
  if (!result) throw late(armedFolder(app.config.dataDir), id);
  return result;
}

async function take(app: App, actor: Actor, id: string): Promise<ArmedResult | null> {
  const folder = armedFolder(app.config.dataDir);
  const result = await revertPlan(app.exec, folder, id, 'asked', app.clock.now, undoOf(app, id));
  if (!result) return null;
  recordReverted(app, actor, result);
  // Whoever asked for it is told by the answer; what failed is shown until it was seen.
  if (result.steps.some(({ ok }) => !ok)) moveStage(folder, id, 'result', 'told');
  else forget(folder, id);
  app.bus.emit('armed.changed', {});
  return result;
}

/** What is armed, or being taken back, oldest first. */
export function listArmed(app: Pick<App, 'config'>): ArmedChange[] {
  const folder = armedFolder(app.config.dataDir);
  const at = (stage: 'armed' | 'reverting') => idsAt(folder, stage).flatMap((id) => readPlan(folder, id, stage) ?? []).map((plan) => changeOf(plan, stage === 'reverting'));
  return [...at('armed'), ...at('reverting')].sort((a, b) => a.armedAt - b.armedAt);
}

/** What was taken back and nobody has dismissed, newest first. */
export function listReverted(app: Pick<App, 'config' | 'clock'>): ArmedResult[] {
  const folder = armedFolder(app.config.dataDir);
  return (['result', 'told'] as const).flatMap((stage) => idsAt(folder, stage).flatMap((id) => readResult(folder, id, stage) ?? []))
    .filter(({ endedAt }) => app.clock.now() - endedAt < SHOWN_MS).sort((a, b) => b.endedAt - a.endedAt);
}

/** It has been seen that it was taken back. @throws AppError denied, not_found */
export function dismissReverted(app: App, actor: Actor, id: string) {
  need(actor, 'armed.write');
  const folder = armedFolder(app.config.dataDir);
  if (!readResult(folder, known(id), 'told')) throw new AppError('not_found', (t) => t.armed.gone);
  forget(folder, id);
  app.bus.emit('armed.changed', {});
}

const changeOf = ({ id, noun, target, by, armedAt, seconds, steps }: ArmedPlan, reverting = false): ArmedChange => ({
  id, noun, target, by, armedAt, seconds, until: armedAt + seconds * 1000, steps: steps.map(stepText), reverting,
});

/** An id becomes part of a path (S4). */
function known(id: string): string {
  if (!ArmedId.safeParse(id).success) throw new AppError('not_found', (t) => t.armed.gone);
  return id;
}

function late(folder: string, id: string): AppError {
  const over = readPlan(folder, id, 'reverting') ?? readResult(folder, id, 'result') ?? readResult(folder, id, 'told');
  return over ? new AppError('conflict', (t) => t.armed.late({ target: over.target })) : new AppError('not_found', (t) => t.armed.gone);
}
