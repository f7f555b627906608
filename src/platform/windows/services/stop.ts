import { AppError } from '../../../lib/errors.ts';
import type { Exec } from '../../exec.ts';
import { systemTool } from '../system-tool.ts';
import type { ServiceControl } from './control.ts';

const STOPPED = 1;
const STOP_MS = 25_000;
const LOOK_MS = 100;

/** @throws AppError unavailable: it does not go down */
export async function stopService(exec: Exec, control: ServiceControl, service: string): Promise<void> {
  const state = control.state(service);
  if (state === null || state === STOPPED) return;
  // It may be on its way down already, which the tool calls a failure: what counts is that it is down then.
  await exec.run([systemTool(exec, 'sc'), 'stop', service], { timeout: 30_000 });
  for (const until = performance.now() + STOP_MS; performance.now() < until; await Bun.sleep(LOOK_MS)) {
    if ((control.state(service) ?? STOPPED) === STOPPED) return;
  }
  throw new AppError('unavailable', (t) => t.programs.doesNotStop({ name: service }));
}
