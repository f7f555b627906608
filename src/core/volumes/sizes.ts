import type { DockerDriver } from '../../platform/docker.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { measureUsage, type DiskUsage } from '../docker/usage.ts';

/** What was measured is good for so long. */
const FRESH_MS = 60_000;

/** Name of a volume → bytes; null: the engine cannot tell (volumes of plugins). */
export type VolumeSizes = DiskUsage['volumes'];

interface Measured {
  sizes: VolumeSizes | null;
  at: number;
  /** Who comes meanwhile waits for the same. */
  running: Promise<VolumeSizes> | null;
}

const measured = new WeakMap<DockerDriver, Measured>();

export interface KnownSizes {
  /** What was measured last, however old: a list shows it until there is something newer. null: nothing yet. */
  sizes: VolumeSizes | null;
  /** Old enough to be measured anew. */
  stale: boolean;
}

export function knownSizes(app: App): KnownSizes {
  const last = measured.get(app.host.docker);
  return { sizes: last?.sizes ?? null, stale: !last?.sizes || app.clock.now() - last.at >= FRESH_MS };
}

/** How much each volume holds. May take minutes where there are many files. */
export async function measureVolumes(app: App, actor: Actor): Promise<VolumeSizes> {
  need(actor, 'volumes.read');
  const last = measured.get(app.host.docker) ?? { sizes: null, at: 0, running: null };
  measured.set(app.host.docker, last);
  if (last.sizes && !knownSizes(app).stale) return last.sizes;
  last.running ??= measureUsage(app).then(({ volumes: sizes }) => Object.assign(last, { sizes, at: app.clock.now() }).sizes).finally(() => (last.running = null));
  return last.running;
}
