import { existsSync } from 'node:fs';

/** Was this machine started by systemd? sd_booted(3) */
export const hasSystemd = () => existsSync('/run/systemd/system');

/** What a unit of ours adds to its name, so that one that is still loaded keeps no other from starting. */
export const unitSuffix = () => `${process.pid}-${Date.now().toString(36)}`;

export interface TransientUnit {
  unit: string;
  description: string;
  /** Lines for its unit, "TasksMax=infinity". */
  properties: readonly string[];
  env?: Record<string, string>;
  /** Forgotten also when it fails. */
  collect?: boolean;
}

/** systemd-run(1): starts a program as a unit that exists only while it is needed. */
export const systemdRun = (program: string, { unit, description, properties, env = {}, collect }: TransientUnit, argv: readonly [string, ...string[]]): [string, ...string[]] =>
  [program, '--quiet', ...(collect ? ['--collect'] : []), `--unit=${unit}`, `--description=${description}`, ...properties.map((one) => `--property=${one}`), ...Object.entries(env).map(([name, value]) => `--setenv=${name}=${value}`), '--', ...argv];
