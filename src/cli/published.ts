import { AppError } from '../lib/errors.ts';
import type { App } from '../core/app.ts';
import { restorePublished } from '../core/firewall/published.ts';

const LOOK_MS = 60_000;

/**
 * Rules about published ports are lost with a boot, and when somebody flushes iptables: they are put in force again when the
 * panel starts, when the engine comes back, and within a minute.
 */
export function keepPublished(app: App, work: (app: App) => Promise<unknown> = restorePublished): () => void {
  let going = false;
  const look = async () => {
    if (going) return;
    going = true;
    try {
      await work(app);
    } catch (error) {
      // The page says what is not in force, and why.
      if (error instanceof AppError) app.log.warn('rules about published ports are not in force', { error });
      else app.log.error('rules about published ports are not in force', { error: error as Error });
    } finally {
      going = false;
    }
  };
  void look();
  const timer = setInterval(() => void look(), LOOK_MS);
  const off = app.bus.on('containers.changed', ({ up }) => void (up && look()));
  return () => {
    clearInterval(timer);
    off();
  };
}
