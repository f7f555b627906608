import { mkdtempSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Hosts with systemd in a container mount hierarchies of control groups (version 1) that this machine does not use. What an engine
 * leaves in them keeps them alive, and as long as they are, Docker 20.10 measures no container: "no metrics received". This empties
 * them, and the kernel lets go of them.
 */
export async function dropStrayHierarchies(): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return;
  // A group that was removed lives on for a moment, and the last one that lets go of a hierarchy ends it.
  for (let tries = 3; tries > 0 && emptyStray(); tries--) await Bun.sleep(SETTLE_MS);
}

const SETTLE_MS = 2000;

/** @returns whether there were any */
function emptyStray(): boolean {
  const used = new Set(read('/proc/self/mountinfo').filter((line) => / - cgroup /.test(line)).flatMap((line) => line.split(' ').at(-1)!.split(',')));
  // `27:net_cls,net_prio:/`; those with a name have no controller, and version 2 has neither.
  const stray = read('/proc/self/cgroup').flatMap((line) => line.split(':')[1] ?? []).filter((names) => names !== '' && !names.startsWith('name=') && !names.split(',').some((name) => used.has(name)));
  for (const names of stray) {
    const folder = mkdtempSync(join(tmpdir(), 'mantou-cgroup-'));
    if (runs('mount', '-t', 'cgroup', '-o', names, 'none', folder)) {
      empty(folder, true);
      runs('umount', folder);
    }
    rmdirSync(folder);
  }
  return stray.length > 0;
}

/** Groups that processes are in stay. */
function empty(folder: string, top = false): void {
  for (const one of readdirSync(folder, { withFileTypes: true })) if (one.isDirectory()) empty(join(folder, one.name));
  try {
    if (!top) rmdirSync(folder);
  } catch {
    // Somebody is in it.
  }
}

const read = (path: string) => readFileSync(path, 'utf8').split('\n').filter(Boolean);
const runs = (...argv: string[]) => Bun.spawnSync(argv, { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', timeout: 10_000 }).exitCode === 0;
