import { readdirSync, readFileSync } from 'node:fs';
import { endTree } from '../exec.ts';

/** How long a program may take to save its work when its terminal hangs up. */
const HANGUP_MS = 2000;
const LOOK_MS = 25;
/** What is killed is gone at once, but for what waits for a disk. */
const KILLED_MS = 300;
const ROUNDS = 3;

interface Process {
  pid: number;
  parent: number;
  session: number;
  /** Clock ticks since boot: tells a process from a later one with the same number. */
  since: string;
}

/** Fields of proc(5), /proc/pid/stat, from the third on: `4711 (a) b) S 1 4711 4711 34816 4720 …` → S, ppid, pgrp, session, tty, tpgid. */
function stat(pid: number | string): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** null for one that has ended, also when nobody has asked for its exit code yet. */
function processOf(pid: number | string): Process | null {
  const fields = stat(pid);
  return fields && fields[0] !== 'Z' ? { pid: Number(pid), parent: Number(fields[1]), session: Number(fields[3]), since: fields[19]! } : null;
}

/** What has the keyboard: its process group, which bears the number of its leader; null where there is no /proc. */
export const foregroundGroup = (shell: number): string | null => stat(shell)?.[5] ?? null;

/** Name of what has the keyboard: of the leader of the terminal's foreground group. '' where there is no /proc. */
export function foreground(shell: number): string {
  const group = foregroundGroup(shell);
  if (!group) return '';
  try {
    return readFileSync(`/proc/${group}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

function all(): Process[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (processOf(name) ?? []) : []));
  } catch {
    return [];
  }
}

/**
 * Everything that belongs to a terminal: the session of its leader (setsid(2)), also what a program in it left behind, all
 * children and their children, and the sessions that those began. A daemon that gave up its parent is none of it.
 */
function belonging(leader: number, known: ReadonlySet<number> = new Set()): Process[] {
  const sessions = new Set([leader, ...known]);
  const pids = new Set([leader, ...known]);
  const processes = all();
  for (let before = -1; before !== pids.size; ) {
    before = pids.size;
    for (const { pid, parent, session } of processes) {
      if (!pids.has(pid) && !pids.has(parent) && !sessions.has(session)) continue;
      pids.add(pid);
      if (session === pid) sessions.add(session);
    }
  }
  return processes.filter(({ pid }) => pids.has(pid) && pid !== process.pid);
}

const signal = ({ pid }: Process, name: NodeJS.Signals) => {
  try {
    process.kill(pid, name);
  } catch {
    // It went first.
  }
};

const lives = ({ pid, since }: Process) => processOf(pid)?.since === since;

/** Hangs up on a terminal, and after two seconds ends what is left of it. `over` says when its leader has ended. */
export async function endSession(leader: number, over: () => boolean): Promise<void> {
  const found = belonging(leader);
  if (found.length === 0) return over() ? undefined : endTree(leader);
  for (const one of found) signal(one, 'SIGHUP');
  // A stopped job hears nothing before it goes on.
  for (const one of found) signal(one, 'SIGCONT');
  let left = await survivors(found, HANGUP_MS);
  // Again for what they have started meanwhile.
  for (let round = 0; left.length > 0 && round < ROUNDS; round++) {
    const rest = belonging(leader, new Set(left.map(({ pid }) => pid))).filter((one) => one.pid !== leader || !over());
    for (const one of rest) signal(one, 'SIGKILL');
    left = await survivors(rest, KILLED_MS);
  }
}

/** Waits until all have ended. @returns those that have not after so many ms */
async function survivors(processes: Process[], ms: number): Promise<Process[]> {
  let left = processes.filter(lives);
  for (const until = performance.now() + ms; left.length > 0 && performance.now() < until; left = left.filter(lives)) await Bun.sleep(LOOK_MS);
  return left;
}
