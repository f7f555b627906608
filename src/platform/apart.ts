import { detach, type Exec } from './exec.ts';
import { hasSystemd, systemdRun, unitSuffix, type TransientUnit } from './systemd.ts';

/** A process of ours that must outlive the panel. */
export interface Apart extends Pick<TransientUnit, 'description' | 'properties'> {
  /** Name of its systemd unit, without what makes it unique: "mantou-terminals". */
  unit: string;
}

/**
 * Starts a process so that it outlives this one: under systemd as a unit of its own, because a stop of the panel's unit ends
 * everything in its control group, and because it must not inherit what the panel's unit takes away (system calls, address
 * families); elsewhere as a process in a session of its own that nobody waits for.
 * @returns how it was started, for the log
 */
export async function startApart(exec: Exec, { unit, description, properties }: Apart, argv: readonly [string, ...string[]]): Promise<string> {
  const program = process.getuid?.() === 0 && hasSystemd() ? exec.which('systemd-run') : undefined;
  if (program) {
    const name = `${unit}-${unitSuffix()}`;
    const { code, stderr } = await exec.run(systemdRun(program, { unit: name, description, properties, collect: true }, argv), { timeout: 10_000 });
    if (code === 0) return `unit ${name}`;
    // A systemd that starts nothing is the machine's trouble: this may be what it takes to mend it.
    detach(argv);
    return `process, as systemd-run refused: ${stderr.trim()}`;
  }
  detach(argv);
  return 'process';
}
