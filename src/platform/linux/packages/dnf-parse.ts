import { z } from 'zod';
import type { PackageUpdate } from '../../packages.ts';

/** Names of RPM; never an option. */
export const NAME = /^[A-Za-z0-9_][\w+.-]*$/;

/**
 * `dnf -q -C check-update`: name and architecture, version, repository; what replaces others stands below a heading.
 *
 *     kernel-core.x86_64          6.8.9-300.fc40          updates
 *     Obsoleting Packages
 */
export const parseCheckUpdate = (text: string): { name: string; arch: string; to: string; origin: string }[] =>
  [...text.split(/^Obsoleting Packages/im)[0]!.matchAll(/^(\S+)\.(\w+)\s+(\S+)\s+(\S+)\s*$/gm)].map(([, name, arch, to, origin]) => ({ name: name!, arch: arch!, to: to!, origin: origin! }));

/** dnf 4, `dnf -q updateinfo list --updates security`: `FEDORA-2024-1a2b Important/Sec. kernel-core-6.8.9-300.fc40.x86_64` */
export const parseAdvisories = (text: string): Set<string> => new Set([...text.matchAll(/^\S+\s+\S+\s+(\S+)\s*(?:\d.*)?$/gm)].map(([, nevra]) => nevra!));

/** `rpm -qa --qf '%{NAME}.%{ARCH}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\n'`; an epoch of 0 is left out, as dnf does. */
export const parseInstalled = (text: string): Map<string, string> =>
  new Map(text.split('\n').filter((line) => line.includes('\t')).map((line) => line.split('\t')).map(([name = '', version = '']) => [name, withoutEpoch(version)]));

const Advisories = z.array(z.object({ type: z.string(), nevra: z.string() }));

/**
 * dnf 5, `dnf -q advisory list --security --updates --json` (dnf5-advisory(8)); null: it is none.
 *
 *     [{ "name": "FEDORA-2024-1a2b", "type": "security", "severity": "Important", "nevra": "kernel-core-6.8.9-300.fc40.x86_64", "buildtime": 1715000000 }]
 */
export function parseAdvisories5(text: string): Set<string> | null {
  try {
    return new Set(Advisories.parse(JSON.parse(text)).filter(({ type }) => type === 'security').map(({ nevra }) => nevra));
  } catch {
    return null;
  }
}

/** What is held, by its name or (dnf 5) a pattern, and at which versions; none: dnf 4 tells names only, dnf 5 knows ranges as well. */
export type Locks = Map<string, string[]>;

/** dnf 4, `dnf versionlock list`: `kernel-core-0:6.8.5-301.fc40.*` */
export const parseLocks = (text: string): Locks => new Map([...text.matchAll(/^(\S+?)-(?:\d+:)?\d\S*-\S+\.\*$/gm)].map(([, name]) => [name!, []]));

const LockFile = z.object({
  version: z.literal('1.0'),
  packages: z.array(z.object({ name: z.string(), conditions: z.array(z.object({ key: z.string(), comparator: z.string(), value: z.string() })).default([]) })).default([]),
});

/**
 * dnf 5 keeps them in /etc/dnf/versionlock.toml (dnf5-versionlock(8)); null: it cannot be read. One that only keeps a version out holds
 * nothing.
 *
 *     version = "1.0"
 *     [[packages]]
 *     name = "bash"
 *     [[packages.conditions]]
 *     key = "evr"
 *     comparator = "="
 *     value = "0:5.2.15-5.fc39"
 */
export function parseLockFile(text: string): Locks | null {
  try {
    const locks: Locks = new Map();
    for (const { name, conditions } of LockFile.parse(Bun.TOML.parse(text)).packages) {
      if (conditions.every(({ comparator }) => comparator === '!=')) continue;
      const at = conditions.filter(({ key, comparator }) => key === 'evr' && comparator === '=').map(({ value }) => withoutEpoch(value));
      locks.set(name, [...(locks.get(name) ?? []), ...at]);
    }
    return locks;
  } catch {
    return null;
  }
}

/** The packages among them: a pattern is none that could be let go. */
export const heldNames = (locks: Locks) => [...locks.keys()].filter((name) => NAME.test(name));

const lockOf = (locks: Locks, name: string) => [...locks].find(([pattern]) => pattern === name || (!NAME.test(pattern) && new Bun.Glob(pattern).match(name)))?.[1];

/** 0 is left out by some and not by others. */
const withoutEpoch = (version: string) => version.replace(/^0:/, '');

/** `all`: also those that are held, which `now` leaves out; `safe` null: nobody knows. */
export function dnfUpdates({ now, all, safe, installed, locks }: { now: string; all: string; safe: Set<string> | null; installed: string; locks: Locks }): PackageUpdate[] {
  const [have, open] = [parseInstalled(installed), parseCheckUpdate(now)];
  const key = ({ name, arch }: (typeof open)[number]) => `${name}.${arch}`;
  const known = new Set(open.map(key));
  // Of several versions the last one is the newest.
  const held = [...new Map(parseCheckUpdate(all).filter((one) => !known.has(key(one)) && lockOf(locks, one.name)).map((one) => [key(one), one])).values()];
  const pinned = ({ name, to }: (typeof open)[number]) => lockOf(locks, name)?.some((at) => at !== withoutEpoch(to)) ?? false;
  return [...open, ...held]
    .map((each): PackageUpdate => ({
      ...each, title: null, from: have.get(key(each)) ?? '', size: null, stays: held.includes(each) || pinned(each) ? 'held' : null,
      security: [each.to, each.to.replace(/^\d+:/, '')].some((to) => safe?.has(`${each.name}-${to}.${each.arch}`) ?? false),
    }))
    .sort(bySecurity);
}

const bySecurity = (a: PackageUpdate, b: PackageUpdate) => Number(b.security) - Number(a.security) || (a.name < b.name ? -1 : 1);
