import type { SystemFacts } from '../../platform/system.ts';
import type { App } from '../app.ts';
import { kept } from '../kept.ts';

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
