import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { writeWhole } from '../../../lib/write-whole.ts';
import type { Exec } from '../../exec.ts';
import type { PackageRun } from '../../packages.ts';
import { hasSystemd, unitSuffix } from '../../systemd.ts';
import { runStep, showStep, type Step } from '../steps.ts';
import { readText, writeText } from '../text-file.ts';
import { createUnitRunner, lastLines, type UnitEnd } from './unit.ts';

const TIMEOUT = 120 * 60_000;
const LOOK_MS = 400;

/** A file of settings, written by the panel when what stands before it has ended. */
export interface FileStep {
  path: string;
  text: string;
}
/** They are written down: none has a secret. */
export type LastingStep = Omit<Step, 'secret'> | FileStep;

const Command = z.strictObject({ argv: z.tuple([z.string()], z.string()), env: z.record(z.string(), z.string()).exactOptional(), mayFail: z.boolean().exactOptional() });
/** `run` and the number of steps name the unit of the first of them, which may have begun. */
const Kept = z.strictObject({ run: z.string().regex(/^\w+(-\w+)*$/), steps: z.array(z.union([Command, z.strictObject({ path: z.string(), text: z.string() })])).min(1) });
interface Left {
  run: string;
  steps: readonly LastingStep[];
}

export interface Lasting {
  /**
   * Runs the steps, each in a unit of its own: a panel that stops or is killed ends none in the middle of it. One run at a time.
   * An abort for any other reason than `stop` ends what runs, with all that it started.
   * @throws AppError with the tool's last lines; conflict: another one goes on
   */
  run(steps: readonly LastingStep[], run: PackageRun): Promise<void>;
  /** What a panel that is gone began and this one has not taken over; null: nothing. */
  left(): ((run: PackageRun) => Promise<void>) | null;
}

const unitOf = ({ run, steps }: Left) => `mantou-packages-${run}-${steps.length}.service`;

/**
 * A stop of the panel's unit ends everything in its control group, and dpkg in the middle of a package leaves half of it; so with
 * systemd the tools run in units beside it. What is still to be done lies beside the output, in a folder of the panel's own: the next
 * panel goes on with it.
 */
export function createLasting(exec: Exec, folder: string, { able = () => process.geteuid?.() === 0 && hasSystemd(), lookMs = LOOK_MS } = {}): Lasting {
  const units = createUnitRunner(exec, lookMs);
  const kept = join(folder, 'steps.json');
  const outputOf = (left: Left) => join(folder, `${unitOf(left)}.log`);
  const drop = () => rmSync(folder, { recursive: true, force: true });
  let taken = false;

  function keep(left: Left) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeWhole(kept, JSON.stringify(left), 0o600);
  }

  function read(): Left | null {
    try {
      return Kept.safeParse(JSON.parse(readText(kept) ?? 'null')).data ?? null;
    } catch {
      return null;
    }
  }

  /** Taken before anything is waited for. */
  async function alone(work: () => Promise<void>) {
    if (taken) throw new AppError('conflict', (t) => t.packages.stillRuns);
    taken = true;
    try {
      await work();
    } finally {
      taken = false;
    }
  }

  async function asChildren(steps: readonly LastingStep[], run: PackageRun) {
    for (const step of steps) {
      if (run.signal.aborted) throw cutOff(step, run, '');
      if ('path' in step) await writeText(step.path, step.text);
      else await runStep(exec, step, { ...run, timeout: TIMEOUT });
    }
  }

  /** One that cannot be written is told now, and not tried again by the next panel. */
  async function written({ path, text }: FileStep): Promise<UnitEnd> {
    try {
      await writeText(path, text);
    } catch (error) {
      drop();
      throw error;
    }
    return { code: 0, tail: '' };
  }

  /** @returns what came of it; a word: systemd started nothing, and this is what it said */
  async function inUnit(left: Left, step: Step, run: PackageRun): Promise<UnitEnd | string> {
    const path = exec.which(step.argv[0]);
    if (!path) return { code: null, tail: '' };
    const [unit, output] = [unitOf(left), outputOf(left)];
    const begun = await units.follow(unit, output, run);
    if (begun) return begun;
    if (run.signal.aborted) return { code: null, tail: '' };
    const said = await units.start(unit, path, step, output);
    // It may run although systemd-run says no: one that took too long has been heard.
    return (await units.follow(unit, output, run)) ?? (said || 'not started');
  }

  async function goOn(first: Left, run: PackageRun) {
    for (let left = first; ; ) {
      const [step, ...rest] = left.steps as [LastingStep, ...LastingStep[]];
      const end = 'path' in step ? await written(step) : await inUnit(left, step, run);
      // As it is, for the next panel.
      if (run.signal.reason === 'stop') throw run.signal.reason;
      if (typeof end === 'string') {
        drop();
        await units.forget(unitOf(left));
        run.onOutput(`[systemd-run: ${end}]\n`);
        return asChildren(left.steps, run);
      }
      const ok = !run.signal.aborted && (end.code === 0 || ('mayFail' in step && step.mayFail));
      const next = { ...left, steps: rest };
      // What came of it is written down before systemd forgets it.
      if (ok && rest.length > 0) keep(next);
      else drop();
      if ('argv' in step) await units.forget(unitOf(left));
      if (run.signal.aborted) throw cutOff(step, run, end.tail);
      if (!ok) throw failed(exec, step as Step, end);
      if (rest.length === 0) return;
      left = next;
    }
  }

  const bounded = (run: PackageRun): PackageRun => ({ ...run, signal: AbortSignal.any([run.signal, AbortSignal.timeout(TIMEOUT)]) });

  return {
    run: (steps, run) =>
      alone(async () => {
        if (steps.length === 0) return;
        if (!able() || !exec.which('systemd-run') || !exec.which('systemctl')) return asChildren(steps, run);
        const earlier = read();
        const left = { run: unitSuffix(), steps };
        const now = await units.state(unitOf(earlier ?? left));
        if (!now) throw new AppError('unavailable', (t) => t.packages.silent);
        if (!now.ended) throw new AppError('conflict', (t) => t.packages.stillRuns);
        if (earlier) await units.forget(unitOf(earlier));
        drop();
        keep(left);
        await goOn(left, bounded(run));
      }),
    left() {
      if (!able() || !read()) return null;
      return (run) =>
        alone(async () => {
          const left = read();
          if (!left) return;
          for (const step of left.steps) run.onOutput(`$ ${'path' in step ? `> ${step.path}` : showStep(step)}\n`);
          await goOn(left, bounded(run));
        });
    },
  };
}

const toolOf = (step: LastingStep) => ('path' in step ? step.path : step.argv[0]);

/** The reason, where the task's end says it; one that only took too long is told with the tool's words. */
const cutOff = (step: LastingStep, { signal }: PackageRun, tail: string): unknown =>
  ['cancel', 'stop'].includes(signal.reason as string) ? signal.reason : new AppError('unavailable', (t) => t.packages.tookLong({ tool: toolOf(step) }), { detail: lastLines(tail) });

function failed(exec: Exec, { argv: [tool] }: Step, { code, tail }: UnitEnd): AppError {
  if (!exec.which(tool)) return new AppError('unavailable', (t) => t.errors.noTool({ tool }));
  return new AppError('unavailable', (t) => (code === null ? t.packages.endUnknown({ tool }) : t.errors.toolFailed({ tool, code })), { detail: lastLines(tail) });
}
