import { AppError } from '../../lib/errors.ts';
import type { App } from '../app.ts';
import type { MountUse } from './mounts.ts';
import type { Sample } from './sample.ts';

/** A sample this old says nothing of now. */
const FRESH_MS = 30_000;
/** Two readings a second apart make a sample: the first after the start is on its way. */
const PATIENCE_MS = 3000;

/**
 * What the machine does, at most 10 s old, with its file systems; it never makes the sampler read more often.
 * @throws AppError unavailable when nothing could be measured for a while.
 */
export async function currentMetrics(app: Pick<App, 'sampler' | 'bus' | 'clock'>): Promise<Sample & { mounts: MountUse[] }> {
  const sample = app.sampler.latest() ?? (await first(app));
  if (!sample || app.clock.now() - sample.at > FRESH_MS) throw new AppError('unavailable', (t) => t.errors.notMeasured, { retryAfter: 10 });
  return { ...sample, mounts: await app.sampler.mounts() };
}

function first(app: Pick<App, 'sampler' | 'bus'>): Promise<Sample | undefined> {
  return new Promise((resolve) => {
    const done = (sample?: Sample) => {
      off();
      unwatch();
      clearTimeout(timer);
      resolve(sample);
    };
    const off = app.bus.on('metrics.sample', done);
    const timer = setTimeout(done, PATIENCE_MS);
    const unwatch = app.sampler.watch();
  });
}
