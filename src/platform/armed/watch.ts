import { existsSync } from 'node:fs';
import { writeWhole } from '../../lib/write-whole.ts';
import type { Exec } from '../exec.ts';
import { ArmedId, armedFolder, readPlan, secondsLeft, stageFile, watchMark } from './plan.ts';
import { revertPlan } from './revert.ts';

/** How often it is looked whether somebody kept it. */
const LOOK_MS = 250;

/**
 * What the watchdog process does: waits until the change is due and reverts it, or until somebody kept or reverted it.
 * The machine going down (`stop`) is no reason to leave it as it is: whoever was locked out could only reach the power switch.
 */
export async function watchPlan(exec: Exec, dataDir: string, id: string, stop: AbortSignal): Promise<void> {
  const folder = armedFolder(dataDir);
  const plan = ArmedId.safeParse(id).success ? readPlan(folder, id, 'armed') : null;
  if (!plan) return;
  writeWhole(watchMark(folder, id), String(process.pid), 0o600);
  while (!stop.aborted) {
    const left = secondsLeft(plan) * 1000;
    if (left <= 0) return void (await revertPlan(exec, folder, id, 'time', Date.now));
    await Bun.sleep(Math.min(left, LOOK_MS));
    if (!existsSync(stageFile(folder, id, 'armed'))) return;
  }
  await revertPlan(exec, folder, id, 'shutdown', Date.now);
}
