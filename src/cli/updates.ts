import type { App } from '../core/app.ts';
import { runSchedule } from '../core/containers/updates/schedule.ts';
import { lookEvery, toLog } from './looks.ts';

const LOOK_MS = 60_000;

/**
 * Looks every minute, and once at the start, whether registries are to be asked for newer images. One look at a time: updates take
 * long. What fails its task has said, or the engine went in the middle.
 */
export function keepUpdates(app: App, work: (app: App) => Promise<unknown> = runSchedule): () => void {
  return lookEvery(LOOK_MS, () => work(app), toLog(app, 'newer images were not looked for')).stop;
}
