import { realpath } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import type { Actor, App } from '../../app.ts';
import { withEntry, type Entry } from '../entry.ts';
import { isInside, joinPath, normalPath } from '../paths.ts';
import type { Plan } from './plan.ts';

/** File systems of the kernel itself: what looks like a file there is a switch. */
const KERNEL = new Set([
  'proc', 'sysfs', 'devtmpfs', 'devpts', 'cgroup', 'cgroup2', 'securityfs', 'debugfs', 'tracefs', 'configfs', 'efivarfs',
  'bpf', 'pstore', 'fusectl', 'mqueue', 'hugetlbfs', 'binfmt_misc', 'selinuxfs', 'nsfs', 'rpc_pipefs', 'autofs',
]);

/** One mode or owner for all that is in one of these leaves a machine that starts no program and lets nobody in. */
const SYSTEM = new Set([
  '/bin', '/boot', '/dev', '/etc', '/lib', '/lib32', '/lib64', '/libx32', '/opt', '/proc', '/root', '/run', '/sbin', '/sys', '/usr', '/var',
  '/usr/bin', '/usr/lib', '/usr/lib32', '/usr/lib64', '/usr/libexec', '/usr/local', '/usr/sbin', '/usr/share', '/var/lib', '/home', '/nix', '/snap',
]);

export interface Guard {
  /** @throws AppError denied when this entry must not be changed like that */
  check(entry: Pick<Entry, 'name' | 'real'>): void;
  /** Passed over while going through a tree. */
  keeps(real: string): boolean;
}

/** What the panel refuses to change whoever asks: reach.ts says who may reach what, this says what breaks a machine. */
export async function guardOf(app: App, plan: Pick<Plan, 'recursive'>): Promise<Guard> {
  const { kind } = app.host.files;
  const kernel = (await app.host.files.volumes()).filter((volume) => KERNEL.has(volume.type)).map((volume) => volume.path);
  const data = await realpath(app.config.dataDir).catch(() => app.config.dataDir);
  return {
    check({ name, real }) {
      if (real === '/' || (name === '' && kind === 'windows')) throw new AppError('denied', (t) => t.modes.errors.root);
      if (kernel.some((mount) => isInside(kind, mount, real))) throw new AppError('denied', (t) => t.modes.errors.kernel);
      if (plan.recursive && kind === 'posix' && SYSTEM.has(real)) throw new AppError('denied', (t) => t.modes.errors.system({ path: real }));
    },
    keeps: (real) => !app.config.demo && isInside(kind, data, real),
  };
}

/** Gives `run` each entry of a selection in turn, after its checks; the first refusal ends it. */
export async function eachEntry(app: App, actor: Actor, selection: Selection, guard: Guard, run: (entry: Entry, name: string) => Promise<void>): Promise<void> {
  for (const name of selection.names) {
    await withEntry(app, actor, entryPath(app, selection.folder, name), 'write', async (entry) => {
      guard.check(entry);
      await run(entry, name);
    });
  }
}

/** Entries of one folder. */
export interface Selection {
  folder: string;
  names: string[];
}

export function entryPath(app: App, folder: string, name: string): string {
  const { kind } = app.host.files;
  const base = normalPath(kind, folder);
  // A name is one part: what would lead elsewhere is no name. Names that are there already need not be ones we would give.
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name) || (kind === 'windows' && name.includes('\\') && base !== '/')) {
    throw new AppError('invalid', (t) => t.files.errors.badName, { field: 'name' });
  }
  return joinPath(kind, base, name);
}
