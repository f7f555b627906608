import { AppError } from '../../lib/errors.ts';
import { shellWord } from '../../lib/shell-word.ts';
import { runOk, type Exec, type ExecOptions } from '../exec.ts';

/** A command of a change: the name of a tool and its words. What is shown is what runs. */
export interface Step {
  argv: readonly [string, ...string[]];
  /** Shown before it, and set when it runs. */
  env?: Record<string, string>;
  /** Goes to standard input; never shown. */
  secret?: string;
  /** Its failure ends nothing. */
  mayFail?: boolean;
}

export const step = (...argv: [string, ...string[]]): Step => ({ argv });

/** It runs now, and after each boot. */
export const serviceSteps = ({ service }: { service?: string }): Step[] => (service === undefined ? [] : [step('systemctl', 'enable', service), step('systemctl', 'start', service)]);

export const showStep = ({ argv, env = {}, secret }: Step) =>
  [...Object.entries(env).map(([name, value]) => `${name}=${shellWord(value)}`), ...argv.map(shellWord), ...(secret === undefined ? [] : ['< …'])].join(' ');

/** @throws AppError unavailable: the tool is not here, or did not end well; then with its last lines */
export async function runStep(exec: Exec, { argv: [tool, ...rest], env, secret, mayFail }: Step, options: ExecOptions = {}): Promise<string> {
  const path = exec.which(tool);
  if (!path) {
    if (mayFail) return '';
    throw new AppError('unavailable', (t) => t.errors.noTool({ tool }));
  }
  const given = { ...options, ...(env ? { env } : {}), ...(secret === undefined ? {} : { stdin: secret }) };
  return mayFail ? (await exec.run([path, ...rest], given)).stdout : runOk(exec, [path, ...rest], given);
}

export async function runSteps(exec: Exec, steps: readonly Step[], options: ExecOptions = {}) {
  for (const each of steps) {
    options.signal?.throwIfAborted();
    await runStep(exec, each, options);
  }
}
