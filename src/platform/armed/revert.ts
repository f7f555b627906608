import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { writeWhole } from '../../lib/write-whole.ts';
import type { Exec } from '../exec.ts';
import { dropStage, moveStage, readPlan, stepText, watchMark, writeResult, type ArmedResult, type RevertStep } from './plan.ts';

/** A tool that hangs does not keep the steps after it from being taken. */
export const STEP_MS = 20_000;
const DETAIL_MOST = 2000;

/** Takes every step, whatever became of those before it. */
export async function takeSteps(exec: Exec, steps: readonly RevertStep[]): Promise<ArmedResult['steps']> {
  const taken: ArmedResult['steps'] = [];
  for (const step of steps) {
    const detail = await takeStep(exec, step).catch((error: unknown) => String((error as Error).message || error));
    taken.push({ text: stepText(step), ok: detail === '', detail: detail.slice(-DETAIL_MOST) });
  }
  return taken;
}

const FULL = ['ENOSPC', 'EDQUOT'];
const isFull = (error: unknown) => FULL.includes((error as NodeJS.ErrnoException).code ?? '');

/** Reverted it is, also where the disk has no room to tell: taken back again and again it would undo what somebody mends meanwhile. */
function tell(folder: string, result: ArmedResult) {
  try {
    writeResult(folder, result);
  } catch (error) {
    if (!isFull(error)) throw error;
    dropStage(folder, result.id, 'reverting');
  }
}

/** A full disk has no room for a file beside another; what is short enough fits into the place of the one that is there. */
function restore(file: string, content: string, mode: number | undefined) {
  try {
    writeWhole(file, content, mode);
  } catch (error) {
    if (!isFull(error)) throw error;
    writeFileSync(file, content);
  }
}

/** @returns '' or what went wrong */
async function takeStep(exec: Exec, step: RevertStep): Promise<string> {
  if ('run' in step) {
    const { code, stdout, stderr, ended } = await exec.run(step.run, { timeout: STEP_MS, ...(step.stdin === undefined ? {} : { stdin: step.stdin }) });
    return (code === 0 || step.mayFail) && !ended ? '' : `${ended ?? `exit ${code}`}: ${(stderr || stdout).trim()}`;
  }
  if (step.content === null) rmSync(step.file, { force: true });
  else restore(step.file, step.content, step.mode ?? (existsSync(step.file) ? undefined : 0o644));
  return '';
}

/**
 * Reverts an armed change, if nobody else kept or reverted it first. Also one that somebody began to revert and did not end.
 * @param take other than by running the steps: on a made-up machine
 * @returns null when somebody else was first
 */
export async function revertPlan(
  exec: Exec, folder: string, id: string, reason: ArmedResult['reason'], now: () => number, { again = false, take = takeSteps }: { again?: boolean; take?: typeof takeSteps } = {},
): Promise<ArmedResult | null> {
  if (!again && !moveStage(folder, id, 'armed', 'reverting')) return null;
  const plan = readPlan(folder, id, 'reverting');
  if (!plan) return null;
  const steps = await take(exec, plan.steps);
  const result: ArmedResult = { id, noun: plan.noun, target: plan.target, by: plan.by, armedAt: plan.armedAt, seconds: plan.seconds, endedAt: now(), reason, steps };
  // While the machine goes down services may be gone already that a step needs: then the panel does it again when it is up.
  if (reason === 'shutdown' && steps.some(({ ok }) => !ok)) {
    moveStage(folder, id, 'reverting', 'armed');
    return null;
  }
  tell(folder, result);
  rmSync(watchMark(folder, id), { force: true });
  return result;
}
