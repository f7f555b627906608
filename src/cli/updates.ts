import { AppError } from '../lib/errors.ts';
import type { App } from '../core/app.ts';
import { runSchedule } from '../core/containers/updates/schedule.ts';

const LOOK_MS = 60_000;

/** Looks every minute, and once at the start, whether registries are to be asked for newer images. One look at a time: updates take long. */
export function keepUpdates(app: App, work: (app: App) => Promise<unknown> = runSchedule): () => void {
  let going = false;
  const look = async () => {
    if (going) return;
    going = true;
    try {
      await work(app);
    } catch (error) {
      // Its task has said so, or the engine went in the middle.
      if (error instanceof AppError) app.log.warn('newer images were not looked for', { error });
      else app.log.error('newer images were not looked for', { error: error as Error });
    } finally {
      going = false;
    }
  };
  void look();
  const timer = setInterval(() => void look(), LOOK_MS);
  return () => clearInterval(timer);
}
