import { AppError } from '../../../lib/errors.ts';
import type { DockerApp } from '../../docker/ask.ts';
import { inspectContainer } from './inspected.ts';

/** One without a health check is well when it has run for so long. */
const STEADY_MS = 5000;
/** A health check that says nothing for so long has failed. */
const HEALTHY_MS = 180_000;
const LOOK_MS = 250;

/** Waits until it is well. @throws AppError unavailable when it ends, starts again and again, or is not healthy in time */
export async function untilWell(app: DockerApp, id: string, signal: AbortSignal, { steadyMs = STEADY_MS, healthyMs = HEALTHY_MS } = {}): Promise<void> {
  const begun = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const { State } = await inspectContainer(app, id);
    const health = State.Health?.Status;
    if (!State.Running || State.Restarting) throw new AppError('unavailable', (t) => t.containers.recreate.ended({ code: State.ExitCode }));
    if (health === 'healthy') return;
    if (health === 'unhealthy') throw new AppError('unavailable', (t) => t.containers.recreate.unhealthy);
    const passed = performance.now() - begun;
    if ((!health || health === 'none') && passed > steadyMs) return;
    if (passed > healthyMs) throw new AppError('unavailable', (t) => t.containers.recreate.notHealthy({ seconds: Math.round(healthyMs / 1000) }));
    await Bun.sleep(LOOK_MS);
  }
}
