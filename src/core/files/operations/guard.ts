import { realpath } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import type { Actor, App } from '../../app.ts';
import { isInside, type PathKind } from '../paths.ts';
import { rootsOf } from '../reach.ts';

/** Folders that a Linux system is made of: without one of them it does not start again. What is in them may be changed. */
const SYSTEM = new Set([
  '/bin', '/boot', '/dev', '/etc', '/home', '/lib', '/lib32', '/lib64', '/libx32', '/mnt', '/opt', '/proc', '/root', '/run', '/sbin', '/srv', '/sys', '/tmp', '/usr', '/usr/bin',
  '/usr/lib', '/usr/lib64', '/usr/local', '/usr/sbin', '/usr/share', '/var', '/var/lib', '/var/log', '/var/run',
]);
const SYSTEM_WINDOWS = /^[A-Z]:\\(windows(\\system32)?|program files( \(x86\))?|programdata|users)?$/i;

/** What must stay where it is (S22), looked up once for one operation. */
export interface Guard {
  /** May it be renamed, moved or deleted? @throws AppError denied, conflict */
  check(real: string): void;
  /** Does it belong to the panel itself? Copies leave it out, and nothing is written there. */
  isOwn(real: string): boolean;
  isMount(real: string): boolean;
}

export async function openGuard(app: App, actor: Actor): Promise<Guard> {
  const { kind } = app.host.files;
  const [volumes, own, roots] = await Promise.all([
    app.host.files.volumes(),
    app.config.demo ? null : realOr(app.config.dataDir),
    Promise.all(rootsOf(app, actor).map(realOr)),
  ]);
  const mounts = volumes.map((volume) => volume.path);
  const same = (a: string, b: string) => isInside(kind, a, b) && isInside(kind, b, a);
  return {
    isOwn: (real) => own !== null && isInside(kind, own, real),
    isMount: (real) => mounts.some((mount) => same(mount, real)),
    check(real) {
      if (real === '/' || isSystem(kind, real)) throw new AppError('denied', (t) => t.transfers.errors.system, { detail: real });
      if (roots.some((root) => isInside(kind, real, root))) throw new AppError('denied', (t) => t.transfers.errors.root, { detail: real });
      if (own !== null && (isInside(kind, real, own) || isInside(kind, own, real))) throw new AppError('denied', (t) => t.transfers.errors.own, { detail: real });
      if (mounts.some((mount) => mount !== '/' && isInside(kind, real, mount))) throw new AppError('conflict', (t) => t.transfers.errors.mount, { detail: real });
    },
  };
}

const isSystem = (kind: PathKind, real: string) => (kind === 'windows' ? SYSTEM_WINDOWS.test(real) : SYSTEM.has(real));

const realOr = (path: string) => realpath(path).catch(() => path);
