import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kernelUnits } from '../auxv.ts';
import { parseBootTime } from '../proc.ts';
import { parseProcessStat } from '../processes/stat.ts';

/** What the control group of a service tells: its first process, and what all of them use. */
export interface GroupFacts {
  pid: number | null;
  /** ms since 1970 */
  startedAt: number | null;
  memory: number | null;
}

/** Below a service there may be groups of its own, a level or two. */
const DEPTH = 3;
/** Of more processes than these, the first that is listed is taken for the first. */
const LOOK_MOST = 64;

/**
 * Reads the tree of control groups (cgroups(7)), in which systemd gives each service its own: asking systemd for the same
 * makes it tell two hundred and fifty things of each.
 * @param root before /proc and /sys, for tests
 */
export function createGroups(root = '') {
  const { ticks } = kernelUnits();
  const booted = parseBootTime(read(`${root}/proc/stat`) ?? '') ?? 0;
  /** Name → its first process as it was found, for as long as that runs. */
  let firsts = new Map<string, { pid: number; startedAt: number }>();

  const startOf = (pid: number): number | null => {
    const stat = parseProcessStat(read(`${root}/proc/${pid}/stat`) ?? '');
    return stat && booted + Math.round((stat.started / ticks) * 1000);
  };

  function firstOf(name: string, pids: readonly number[]): { pid: number; startedAt: number } | null {
    const before = firsts.get(name);
    if (before && pids.includes(before.pid) && startOf(before.pid) === before.startedAt) return before;
    let first: { pid: number; startedAt: number } | null = null;
    for (const pid of pids.slice(0, LOOK_MOST)) {
      const startedAt = startOf(pid);
      if (startedAt !== null && (!first || startedAt < first.startedAt || (startedAt === first.startedAt && pid < first.pid))) first = { pid, startedAt };
    }
    return first;
  }

  return function look(): Map<string, GroupFacts> {
    const place = placeOf(root);
    const found = new Map<string, GroupFacts>();
    const next: typeof firsts = new Map();
    if (!place) return found;
    for (const { name, path } of services(place.tree + place.own, place.own)) {
      const first = firstOf(name, pidsOf(place.tree + path, DEPTH));
      if (first) next.set(name, first);
      found.set(name, { pid: first?.pid ?? null, startedAt: first?.startedAt ?? null, memory: figure(place.memory(path)) });
    }
    firsts = next;
    return found;
  };
}

/**
 * Where systemd's own tree begins, in version 2 and in version 1 (where memory has a tree of its own). /proc/1/cgroup:
 *
 *     0::/init.scope                                  1:name=systemd:/init.scope
 */
function placeOf(root: string) {
  const base = `${root}/sys/fs/cgroup`;
  const unified = existsSync(`${base}/cgroup.controllers`);
  const line = (read(`${root}/proc/1/cgroup`) ?? '').split('\n').find((each) => each.startsWith(unified ? '0::' : '1:name=systemd:') || /^\d+:name=systemd:/.test(each));
  if (!line) return null;
  const own = line.slice(line.indexOf(':', line.indexOf(':') + 1) + 1).replace(/\/init\.scope$/, '').replace(/\/$/, '');
  return unified
    ? { tree: base, own, memory: (path: string) => `${base}${path}/memory.current` }
    : { tree: `${base}/systemd`, own, memory: (path: string) => `${base}/memory${path}/memory.usage_in_bytes` };
}

/** Slices hold services; what a service holds is its own business (the services of somebody who is signed in, containers). */
function* services(folder: string, path: string): Generator<{ name: string; path: string }> {
  let entries: string[] = [];
  try {
    entries = readdirSync(folder);
  } catch {
    return;
  }
  for (const entry of entries) {
    if (entry.endsWith('.slice')) yield* services(join(folder, entry), `${path}/${entry}`);
    // A name that could be one of the kernel's own files has a line before it (systemd, cg_escape).
    else if (entry.endsWith('.service')) yield { name: entry.replace(/^_/, ''), path: `${path}/${entry}` };
  }
}

function pidsOf(folder: string, depth: number): number[] {
  const own = (read(join(folder, 'cgroup.procs')) ?? '').split('\n').filter(Boolean).map(Number);
  if (own.length || depth === 0) return own;
  try {
    return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).flatMap((entry) => pidsOf(join(folder, entry.name), depth - 1));
  } catch {
    return [];
  }
}

function figure(path: string): number | null {
  const text = read(path);
  return text === null ? null : Number(text);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
