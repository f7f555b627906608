import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { AppError } from '../../../lib/errors.ts';
import { shellWord } from '../../../lib/shell-word.ts';
import { writeWhole } from '../../../lib/write-whole.ts';
import { runOk, type Exec } from '../../exec.ts';
import type { FirewallPlan, FirewallStep, PortRange } from '../../firewall.ts';

/** A tool that does not answer for so long hangs. */
export const TOOL_MS = 20_000;

/** Of a rule, from what makes it one; `nth` tells rules apart that read the same. */
export const ruleId = (provider: string, text: string, nth = 0) => createHash('sha256').update(`${provider}\0${text}\0${nth}`).digest('hex').slice(0, 16);

export const portText = ({ from, to }: PortRange, between: ':' | '-') => (from === to ? String(from) : `${from}${between}${to}`);

/** As a person would type it. What goes to standard input follows as a here-document. */
export function commandOf(step: FirewallStep): string {
  if ('run' in step) {
    const line = [basename(step.run[0]), ...step.run.slice(1)].map(shellWord).join(' ');
    return step.stdin === undefined ? line : `${line} <<'EOF'\n${step.stdin.trimEnd()}\nEOF`;
  }
  return step.content === null ? `rm -f ${shellWord(step.file)}` : `cat > ${shellWord(step.file)} <<'EOF'\n${step.content.trimEnd()}\nEOF`;
}

export const planOf = (steps: FirewallPlan['steps']): FirewallPlan => ({
  commands: steps.map(({ does }) => commandOf(does)),
  steps,
  revert: steps.toReversed().flatMap(({ undo }) => undo),
});

/** @throws AppError unavailable with the tool's last lines, also when it hangs */
export async function runStep(exec: Exec, step: FirewallStep): Promise<void> {
  if ('run' in step) {
    await runOk(exec, step.run, { timeout: TOOL_MS, ...(step.stdin === undefined ? {} : { stdin: step.stdin }) });
    return;
  }
  if (step.content === null) return rmSync(step.file, { force: true });
  mkdirSync(dirname(step.file), { recursive: true, mode: 0o755 });
  writeWhole(step.file, step.content, step.mode ?? 0o644);
}

/** When one fails, what was done before it is taken back as far as it can be. */
export async function runPlan(exec: Exec, plan: FirewallPlan): Promise<void> {
  for (const [i, { does }] of plan.steps.entries()) {
    try {
      await runStep(exec, does);
    } catch (error) {
      for (const step of plan.steps.slice(0, i).toReversed().flatMap(({ undo }) => undo)) await runStep(exec, step).catch(() => {});
      throw error;
    }
  }
}

/** What takes back that a file is written. */
export const fileUndo = (file: string): FirewallStep => ({ file, content: existsSync(file) ? readFileSync(file, 'utf8') : null });

/** Runs a tool that only reads. @throws AppError unavailable */
export function readTool(exec: Exec, argv: readonly [string, ...string[]], cap = 16 << 20): Promise<string> {
  return runOk(exec, argv, { timeout: TOOL_MS, cap });
}

export function needTool(exec: Exec, tool: string): string {
  const path = exec.which(tool);
  if (!path) throw new AppError('unavailable', (t) => t.firewall.noTool({ tool }));
  return path;
}
