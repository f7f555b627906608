import { existsSync, statSync } from 'node:fs';
import { ownCommand } from '../../config/paths.ts';
import { armedFolder, bootId, dropStage, forget, idsAt, moveStage, readPlan, readResult, sameBoot, secondsLeft, stageFile, type ArmedPlan } from '../../platform/armed/plan.ts';
import { revertPlan, STEP_MS } from '../../platform/armed/revert.ts';
import { isWatched, startWatchdog } from '../../platform/armed/start.ts';
import { SYSTEM, type App } from '../app.ts';
import { recordKept, recordReverted, SHOWN_MS } from './records.ts';
import { undoOf } from './undo.ts';

const LOOK_MS = 500;
/** The watchdog goes first; it is the panel's turn when that has died. */
const GRACE_S = 3;

/** What cannot be done now, on a full disk say, is tried again after this. */
const AGAIN_MS = 10_000;

const looking = new WeakMap<App, { timer: ReturnType<typeof setInterval> | null; busy: boolean; notBefore: number }>();

/** Looks after armed changes for as long as there are any: takes over from a watchdog that died, and tells what was reverted. */
export function tendArmed(app: App): () => void {
  const state = looking.get(app) ?? { timer: null, busy: false, notBefore: 0 };
  looking.set(app, state);
  const stop = () => {
    clearInterval(state.timer ?? undefined);
    state.timer = null;
  };
  const look = async () => {
    if (state.busy || performance.now() < state.notBefore) return;
    state.busy = true;
    try {
      if (!(await lookAtArmed(app))) stop();
    } catch (error) {
      state.notBefore = performance.now() + AGAIN_MS;
      app.log.error('armed changes not looked after', { error: error as Error });
    } finally {
      state.busy = false;
    }
  };
  if (!state.timer) {
    state.timer = setInterval(() => void look(), LOOK_MS);
    state.timer.unref?.();
  }
  void look();
  return stop;
}

/** @returns is there something to look at again? */
export async function lookAtArmed(app: App): Promise<boolean> {
  const folder = armedFolder(app.config.dataDir);
  for (const id of idsAt(folder, 'armed')) await tendOne(app, folder, id);
  for (const id of idsAt(folder, 'reverting')) await takeUp(app, folder, id);
  // Of a panel that died in the moment that somebody kept it.
  for (const id of idsAt(folder, 'kept')) settleKept(app, folder, id);
  for (const id of idsAt(folder, 'result')) tell(app, folder, id);
  for (const id of idsAt(folder, 'told')) {
    const result = readResult(folder, id, 'told');
    if (!result || app.clock.now() - result.endedAt > SHOWN_MS) forget(folder, id);
  }
  // In this order: what moves on meanwhile is seen at its next stage.
  return idsAt(folder, 'armed').length + idsAt(folder, 'reverting').length + idsAt(folder, 'result').length > 0;
}

/** Reverts what is overdue, at once what is from before a reboot; sees to it that somebody watches what is not. */
async function tendOne(app: App, folder: string, id: string) {
  const plan = readPlan(folder, id, 'armed');
  if (!plan) {
    // Taken to its next stage by another process since the folder was listed.
    if (!existsSync(stageFile(folder, id, 'armed'))) return;
    // Nobody can tell any more what it was.
    app.log.error('an armed change cannot be read', { id });
    return dropStage(folder, id, 'armed');
  }
  if (app.host.kind === 'fake') {
    if (plan.armedAt + plan.seconds * 1000 <= app.clock.now()) await revertPlan(app.exec, folder, id, 'time', app.clock.now, undoOf(app, id));
    return;
  }
  const reboot = !sameBoot(plan.boot, bootId());
  const left = secondsLeft(plan);
  const watched = !reboot && isWatched(folder, id);
  if (reboot || left <= (watched ? -GRACE_S : 0)) return void (await revertPlan(app.exec, folder, id, reboot ? 'reboot' : 'time', app.clock.now));
  if (watched) return;
  const how = await startWatchdog(app.exec, folder, id, ownCommand('watchdog', id, '--data-dir', app.config.dataDir));
  app.log.info('watchdog started', { as: how ?? 'not at all', id });
}

/** One that somebody began to revert and did not end: the machine or the watchdog went down. */
async function takeUp(app: App, folder: string, id: string) {
  const plan = readPlan(folder, id, 'reverting');
  if (plan && !isOver(folder, plan)) return;
  await revertPlan(app.exec, folder, id, plan && sameBoot(plan.boot, bootId()) ? 'time' : 'reboot', app.clock.now, { again: true, ...undoOf(app, id) });
}

/** When a file was renamed last, its ctime tells (rename(2) of Linux; on NTFS its ChangeTime). */
function isOver(folder: string, plan: ArmedPlan): boolean {
  if (!sameBoot(plan.boot, bootId())) return true;
  const begun = statSync(stageFile(folder, plan.id, 'reverting'), { throwIfNoEntry: false })?.ctimeMs ?? Infinity;
  return Date.now() - begun > (plan.steps.length + 1) * STEP_MS;
}

function settleKept(app: App, folder: string, id: string) {
  const plan = readPlan(folder, id, 'kept');
  if (!plan) return dropStage(folder, id, 'kept');
  recordKept(app, SYSTEM, plan);
  forget(folder, id);
}

/** What a watchdog did becomes part of the audit log. */
function tell(app: App, folder: string, id: string) {
  const result = readResult(folder, id, 'result');
  if (!result) return dropStage(folder, id, 'result');
  recordReverted(app, SYSTEM, result);
  moveStage(folder, id, 'result', 'told');
  app.bus.emit('armed.changed', {});
}
