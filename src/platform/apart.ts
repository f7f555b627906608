import { detach, type Exec } from './exec.ts';
import { hasSystemd } from './service.ts';

/** A process of ours that must outlive the panel. */
export interface Apart {
  /** Name of its systemd unit, without what makes it unique: "mantou-terminals". */
  unit: string;
  description: string;
  /** Lines for its unit, "TasksMax=infinity". */
  properties: readonly string[];
}

/**
 * Starts a process so that it outlives this one: under systemd as a unit of its own, because a stop of the panel's unit ends
 * everything in its control group, and because it must not inherit what the panel's unit takes away (system calls, address
 * families); elsewhere as a process in a session of its own that nobody waits for.
 * @returns how it was started, for the log
 */
export async function startApart(exec: Exec, { unit, description, properties }: Apart, argv: readonly [string, ...string[]]): Promise<string> {
  const systemdRun = process.getuid?.() === 0 && hasSystemd() ? exec.which('systemd-run') : undefined;
  if (systemdRun) {
    const name = `${unit}-${process.pid}-${Date.now().toString(36)}`;
    const { code, stderr } = await exec.run([systemdRun, '--quiet', '--collect', `--unit=${name}`, `--description=${description}`, ...properties.map((one) => `--property=${one}`), '--', ...argv], { timeout: 10_000 });
    if (code === 0) return `unit ${name}`;
    // A systemd that starts nothing is the machine's trouble: this may be what it takes to mend it.
    detach(argv);
    return `process, as systemd-run refused: ${stderr.trim()}`;
  }
  detach(argv);
  return 'process';
}
