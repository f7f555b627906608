import { z } from 'zod';
import { Semaphore } from '../../lib/semaphore.ts';
import { DockerError, type DockerDriver } from '../../platform/docker.ts';
import type { DockerApp } from '../docker/ask.ts';
import type { Container } from './container.ts';

/** What the engine does not say in a list. */
export interface Known {
  /** As it was named when it was made: a list shows an id once the name means another image. */
  image: string;
  /** How often the engine started it again by itself. */
  restarts: number;
  removesItself: boolean;
}

const Inspected = z.object({
  RestartCount: z.number().nullish(),
  Config: z.object({ Image: z.string().nullish() }),
  HostConfig: z.object({ AutoRemove: z.boolean().nullish() }).nullish(),
});

const AT_ONCE = 8;
const ASK_MS = 4000;

interface Kept {
  found: Map<string, Known & { at: number }>;
  asked: Map<string, Promise<void>>;
}

const kept = new WeakMap<DockerDriver, Kept>();

/**
 * Asked once for each run of a container, not once for each page: only what was started or ended since it was last asked
 * is asked again. @param all every container of the engine @param waitMs what is not known by then is left out, and is
 * known the next time
 */
export async function knownOf({ host: { docker } }: DockerApp, all: readonly Container[], waitMs: number): Promise<ReadonlyMap<string, Known>> {
  const memory = kept.get(docker) ?? { found: new Map(), asked: new Map() };
  kept.set(docker, memory);
  const ids = new Set(all.map(({ id }) => id));
  for (const id of memory.found.keys()) if (!ids.has(id)) memory.found.delete(id);
  const missing = all.filter((one) => !holds(memory.found.get(one.id), one));
  if (missing.length) {
    const line = new Semaphore(AT_ONCE, missing.length);
    const asked = Promise.all(missing.map(({ id }) => memory.asked.get(id) ?? once(docker, memory, id, line)));
    await Promise.race([asked, Bun.sleep(waitMs)]);
  }
  return memory.found;
}

/** It has been as it is for longer than it has been known: nothing was counted since. The engine says "3 hours", so half of it is sure. */
const holds = (found: { at: number } | undefined, { state, sinceMs }: Container) =>
  found !== undefined && (state === 'created' || (sinceMs !== null && sinceMs / 2 > performance.now() - found.at));

function once(docker: DockerDriver, memory: Kept, id: string, line: Semaphore): Promise<void> {
  const asking = line.run(async () => {
    const at = performance.now();
    try {
      const { RestartCount, Config, HostConfig } = Inspected.parse(await docker.ask({ path: `/containers/${id}/json`, timeout: ASK_MS }));
      memory.found.set(id, { image: Config.Image ?? '', restarts: RestartCount ?? 0, removesItself: HostConfig?.AutoRemove ?? false, at });
    } catch (error) {
      // It was removed meanwhile, or the engine went: a list that is drawn without it says nothing wrong.
      if (!(error instanceof DockerError) && !(error instanceof z.ZodError)) throw error;
    } finally {
      memory.asked.delete(id);
    }
  }).then(() => {});
  memory.asked.set(id, asking);
  return asking;
}
