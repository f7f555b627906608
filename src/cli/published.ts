import type { App } from '../core/app.ts';
import { restorePublished } from '../core/firewall/published.ts';
import { lookEvery, toLog } from './looks.ts';

const LOOK_MS = 60_000;

/**
 * Rules about published ports are lost with a boot, and when somebody flushes iptables: they are put in force again when the
 * panel starts, when the engine comes back, and within a minute. The page says what is not in force, and why.
 */
export function keepPublished(app: App, work: (app: App) => Promise<unknown> = restorePublished): () => void {
  const { look, stop } = lookEvery(LOOK_MS, () => work(app), toLog(app, 'rules about published ports are not in force'));
  const off = app.bus.on('containers.changed', ({ up }) => void (up && look()));
  return () => {
    stop();
    off();
  };
}
