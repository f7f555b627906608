import { SYSTEM, type App } from '../../app.ts';
import { readEngine } from '../../docker/engine.ts';
import { getSetting, putSetting } from '../../settings/settings.ts';
import { checkTask, startCheck } from './check.ts';
import { updateContainers, updateTask } from './update.ts';
import { listUpdates, triedOf } from './updates.ts';

export interface Schedule {
  every: 'daily' | 'weekly';
  /** 0 to 23, in the time of this machine. */
  hour: number;
  /** Of weekly: 0 is Sunday. */
  day: number;
}

/** The last moment until `now` at which the schedule was due; where the clock skips that hour, the one after it. */
export function lastDue({ every, hour, day }: Schedule, now: number): number {
  const today = new Date(now);
  // Each from its own day: an hour that is skipped today was there on others.
  const before = (days: number) => new Date(today.getFullYear(), today.getMonth(), today.getDate() - days, hour).getTime();
  const back = every === 'weekly' ? (today.getDay() - day + 7) % 7 : 0;
  const last = before(back);
  return last > now ? before(back + (every === 'weekly' ? 7 : 1)) : last;
}

/** null: nothing is checked by itself. */
export function scheduleOf(app: Pick<App, 'db'>): Schedule | null {
  const every = getSetting(app, 'containerChecks');
  return every === 'off' ? null : { every, hour: getSetting(app, 'containerCheckHour'), day: getSetting(app, 'containerCheckDay') };
}

/**
 * Is it time? Then it is noted before anything begins, so that nothing runs twice, also when the panel is started again
 * meanwhile; what was missed while it did not run is due at once, one time. A schedule that was just made, or changed,
 * begins with its next moment.
 */
export function takeDue(app: Pick<App, 'db' | 'clock'>): boolean {
  const schedule = scheduleOf(app);
  if (!schedule) return false;
  const now = app.clock.now();
  const plan = Object.values(schedule).join(' ');
  const run = getSetting(app, 'containerCheckRun');
  // Set back, the clock would keep everything waiting until it is as late again.
  const begins = run?.plan !== plan || run.at > now;
  const due = !begins && lastDue(schedule, now) > run.at;
  if (begins || due) putSetting(app, 'containerCheckRun', { plan, at: now });
  return due;
}

/** Checks when it is due, and updates what was chosen for it. Called every minute. @returns whether it was due */
export async function runSchedule(app: App): Promise<boolean> {
  if (!scheduleOf(app)) return false;
  // After a reboot the panel may be there before the engine: then it is due as soon as that is.
  if (!(await readEngine(app)).up) return false;
  // Only now: somebody may have begun one while the engine thought, and what is taken and not done is lost.
  if (checkTask(app) !== null || !takeDue(app)) return false;
  await app.tasks.settled(startCheck(app, SYSTEM));
  if (getSetting(app, 'containerUpdates')) await updateChosen(app);
  return true;
}

/** Those that were chosen and have something newer. What did not become well is not tried again: only the next version is. */
async function updateChosen(app: App): Promise<void> {
  // Somebody updates others just now: these come after.
  const others = updateTask(app);
  if (others !== null) await app.tasks.settled(others);
  const due = (await listUpdates(app, SYSTEM)).filter(({ automatic, state, way }) => automatic && state === 'newer' && way === 'itself');
  const ids = due.filter(({ name, digest }) => triedOf(app, name) !== digest).map(({ id }) => id);
  if (ids.length) await app.tasks.settled(await updateContainers(app, SYSTEM, { ids }));
}
