import { detach, type Exec } from '../exec.ts';
import { hasSystemd } from '../service.ts';

/**
 * Starts the process that holds the shells, so that it outlives this one: under systemd as a unit of its own, because a
 * stop of the panel's unit ends everything in its control group, and because shells must not inherit what the panel's
 * unit takes away (system calls, address families); elsewhere as a process that nobody waits for.
 *
 * @param argv `mantou pty-host …`
 * @returns how it was started, for the log. It listens a moment later, or never.
 */
export async function startPtyHost(exec: Exec, argv: readonly [string, ...string[]]): Promise<string> {
  const systemdRun = process.getuid?.() === 0 && hasSystemd() ? exec.which('systemd-run') : undefined;
  if (systemdRun) {
    const unit = `mantou-terminals-${process.pid}-${Date.now().toString(36)}`;
    const { code, stderr } = await exec.run([systemdRun, '--quiet', '--collect', `--unit=${unit}`, '--description=Terminals of the Mantou panel', ...PROPERTIES.map((one) => `--property=${one}`), '--', ...argv], { timeout: 10_000 });
    if (code === 0) return `unit ${unit}`;
    // A systemd that starts nothing is the machine's trouble: a terminal may be what it takes to mend it.
    detach(argv);
    return `process, as systemd-run refused: ${stderr.trim()}`;
  }
  detach(argv);
  return 'process';
}

const PROPERTIES = [
  // Hung up on like a terminal, when the machine goes down.
  'SendSIGHUP=yes',
  'TimeoutStopSec=5',
  // A program that runs out of memory does not take the others along.
  'OOMPolicy=continue',
  'TasksMax=infinity',
  'LimitNOFILE=65536',
];
