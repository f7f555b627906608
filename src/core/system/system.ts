import type { SystemFacts } from '../../platform/system.ts';
import type { App } from '../app.ts';

/** What the machine and the panel are. */
export interface System extends SystemFacts {
  /** ms since boot. */
  uptime: number;
  panelVersion: string;
  panelStartedAt: number;
  bunVersion: string;
  /** Sources of figures that this machine does not have. */
  missing: string[];
}

/** Facts hardly change; asking may start a program. */
const FACTS_MS = 60_000;
const REBOOT_MS = 600_000;

/** Keeps what `read` answered for `ms`, for each machine by itself; asked twice at once, it reads once. */
function kept<T>(ms: number, read: (app: Pick<App, 'host'>) => Promise<T>) {
  const answers = new WeakMap<object, { at: number; answer: Promise<T> }>();
  const ask = (app: Pick<App, 'host' | 'clock'>): Promise<T> => {
    const known = answers.get(app.host);
    if (known && app.clock.monotonic() - known.at < ms) return known.answer;
    const answer = read(app);
    answers.set(app.host, { at: app.clock.monotonic(), answer });
    // A fault is not kept: the next one asks again.
    answer.catch(() => answers.delete(app.host));
    return answer;
  };
  return Object.assign(ask, { forget: (app: Pick<App, 'host'>) => void answers.delete(app.host) });
}

const facts = kept(FACTS_MS, (app) => app.host.system.facts());

/** Why a reboot is due, or null; asked of the machine every 10 min at most. */
export const readRebootPending = kept(REBOOT_MS, (app) => app.host.system.rebootPending());

/** Something was changed: it is asked for again. */
export function forgetSystem(app: Pick<App, 'host'>) {
  facts.forget(app);
  readRebootPending.forget(app);
}

export async function readSystem(app: Pick<App, 'host' | 'clock' | 'version' | 'panel'>): Promise<System> {
  const known = await facts(app);
  return {
    ...known,
    uptime: Math.max(0, app.clock.now() - known.bootedAt),
    panelVersion: app.version,
    panelStartedAt: app.panel.startedAt,
    bunVersion: Bun.version,
    missing: app.host.metrics.missing(),
  };
}
