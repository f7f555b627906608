import { z } from 'zod';
import { Mutex } from '../../lib/mutex.ts';
import { DockerError } from '../../platform/docker.ts';
import { askDocker, type DockerApp } from './ask.ts';

/** GET /system/df, of it what is used. */
const Usage = z.object({
  LayersSize: z.number().catch(0),
  Images: z.array(z.object({ Id: z.string(), Size: z.number(), SharedSize: z.number().catch(0) })).nullish(),
  Volumes: z.array(z.object({ Name: z.string(), UsageData: z.object({ Size: z.number() }).nullish() })).nullish(),
});

export interface DiskUsage {
  /** Bytes of all layers of all images, each counted once. */
  layers: number;
  /** Id of an image → bytes that no other image has a part in. */
  images: ReadonlyMap<string, number>;
  /** Name of a volume → bytes; null: the engine cannot tell (volumes of plugins). */
  volumes: ReadonlyMap<string, number | null>;
}

/** The engine walks through every layer, and every file of every volume. */
const MEASURE_MS = 240_000;
/** Another client measures: asked again so often. */
const TRIES = 60;
const AGAIN_MS = 500;

const inTurn = new Mutex();

/** GET /system/df. The engine measures for one at a time and refuses whoever else asks: ours wait for each other. */
export function measured<S extends z.ZodType>(app: DockerApp, schema: S): Promise<z.output<S>> {
  return inTurn.run(app.host.docker.endpoint(), async () => {
    for (let left = TRIES; ; left--) {
      try {
        return await askDocker(app, { path: '/system/df', timeout: MEASURE_MS }, schema);
      } catch (error) {
        const cause = (error as Error).cause;
        if (left <= 0 || !(cause instanceof DockerError) || !/disk usage operation is already running/.test(cause.message)) throw error;
        await Bun.sleep(AGAIN_MS);
      }
    }
  });
}

/** What the engine takes on its disk, one by one. */
export async function measureUsage(app: DockerApp): Promise<DiskUsage> {
  const { LayersSize, Images, Volumes } = await measured(app, Usage);
  return {
    layers: LayersSize,
    images: new Map((Images ?? []).map(({ Id, Size, SharedSize }) => [Id, Math.max(0, Size - Math.max(0, SharedSize))])),
    volumes: new Map((Volumes ?? []).map(({ Name, UsageData }) => [Name, UsageData && UsageData.Size >= 0 ? UsageData.Size : null])),
  };
}
