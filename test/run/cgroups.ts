import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Hosts with systemd in a container mount hierarchies of control groups (version 1) that this machine has not mounted, and as long
 * as these live Docker 20.10 measures no container: "no metrics received". So they are mounted before the engine starts, and
 * systemd finds them there. Where version 2 is used alone there is nothing to do.
 */
export function mountHierarchies(): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return;
  const mounts = read('/proc/self/mountinfo').map((line) => line.split(' - ')).map(([where = '', what = '']) => ({ place: where.split(' ')[4]!, type: what.split(' ')[0]!, options: what.split(' ').at(-1)!.split(',') }));
  const used = new Set(mounts.filter(({ type }) => type === 'cgroup').flatMap(({ options }) => options));
  const folder = mounts.find(({ place, type }) => place === '/sys/fs/cgroup' && type === 'tmpfs')?.place;
  if (!folder || used.size === 0) return;
  // `net_cls	3	1	1`: name, hierarchy, groups, enabled
  const missing = read('/proc/cgroups').map((line) => line.split('\t')).filter(([name = '', , , enabled]) => enabled === '1' && !used.has(name)).map(([name]) => name!);
  // As systemd joins them (mount-setup.c): whoever is joined to another is so for everybody.
  const joined = new Set(missing.map((name) => JOINED.find((names) => names.every((one) => missing.includes(one)) && names.includes(name))?.join(',') ?? name));
  if (joined.size === 0) return;
  runs('mount', '-o', 'remount,rw', folder);
  for (const names of joined) {
    mkdirSync(join(folder, names), { recursive: true });
    if (!runs('mount', '-t', 'cgroup', '-o', names, 'none', join(folder, names))) console.log(`Control groups not mounted: ${names}.`);
  }
  runs('mount', '-o', 'remount,ro', folder);
}

const JOINED = [['cpu', 'cpuacct'], ['net_cls', 'net_prio']];

const read = (path: string) => readFileSync(path, 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));
const runs = (...argv: string[]) => Bun.spawnSync(argv, { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', timeout: 10_000 }).exitCode === 0;
