import type { App } from '../core/app.ts';

const EVERY_MS = 500;

/**
 * The command line changes the same database ("user reset-password"). `data_version` moves only when another
 * connection has committed, and reading it touches no page: asked twice a second while streams are open.
 */
export function followChanges(app: Pick<App, 'db' | 'bus' | 'log'>, needed: () => boolean): () => void {
  const read = () => (app.db.$client.query('PRAGMA data_version').get() as { data_version: number }).data_version;
  let known = read();
  const timer = setInterval(() => {
    if (!needed()) return;
    try {
      const now = read();
      if (now !== known) app.bus.emit('database.changed', {});
      known = now;
    } catch (error) {
      app.log.warn('database not asked for changes', { error: error as Error });
    }
  }, EVERY_MS);
  return () => clearInterval(timer);
}
