import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { askDocker } from '../../docker/ask.ts';
import { isInside, normalPath } from '../../files/paths.ts';
import { ASK_MS, detailOf, Inspected, type ContainerDetail } from '../detail.ts';

/** What the files of a container depend on, of GET /containers/{id}/json. */
const Where = z.object({
  Platform: z.string().nullish(),
  HostConfig: z.object({ ReadonlyRootfs: z.boolean().nullish(), Tmpfs: z.record(z.string(), z.unknown()).nullish() }),
  HostnamePath: z.string().nullish(),
});

export interface MountPoint {
  /** Path in the container, without a slash at its end. */
  path: string;
  /** `memory` is tmpfs; `engine` are the files that the engine itself puts there. */
  kind: 'bind' | 'volume' | 'memory' | 'engine' | 'kernel' | 'other';
  /** Path on the machine, or name of a volume; ''. */
  source: string;
  writable: boolean;
}

/** A container whose files are looked at. */
export interface Place {
  id: string;
  name: string;
  running: boolean;
  readOnlyRoot: boolean;
  mounts: MountPoint[];
  one: ContainerDetail;
}

const ENGINE_FILES = ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf'];
const KERNEL = ['/proc', '/sys', '/dev'];

/** Whoever reaches the files of a container is root in it, and often enough of the machine. @throws AppError denied, not_found, unsupported, unavailable */
export async function findPlace(app: App, actor: Actor, id: string): Promise<Place> {
  need(actor, 'containers.admin');
  const found = await askDocker(app, { path: `/containers/${id}/json`, timeout: ASK_MS }, z.intersection(Inspected, Where));
  if (found.Platform === 'windows') throw new AppError('unsupported', (t) => t.containerFiles.errors.windows);
  const one = detailOf(found, app.clock.now());
  const kinds: Record<string, MountPoint['kind']> = { bind: 'bind', volume: 'volume', tmpfs: 'memory' };
  const mounts = [
    ...one.mounts.map(({ kind, source, target, writable }): MountPoint => ({ path: trimmed(target), kind: kinds[kind] ?? 'other', source, writable })),
    ...Object.keys(found.HostConfig.Tmpfs ?? {}).map((path): MountPoint => ({ path: trimmed(path), kind: 'memory', source: '', writable: true })),
    ...ENGINE_FILES.map((path): MountPoint => ({ path, kind: 'engine', source: '', writable: true })),
    ...KERNEL.map((path): MountPoint => ({ path, kind: 'kernel', source: '', writable: false })),
  ];
  return { id: one.id, name: one.name, running: one.state === 'running', readOnlyRoot: found.HostConfig.ReadonlyRootfs ?? false, mounts: mounts.toSorted((a, b) => b.path.length - a.path.length), one };
}

const trimmed = (path: string) => (path.length > 1 ? path.replace(/\/+$/, '') : path);

/** An absolute path in one spelling; `..` is refused. @throws AppError invalid */
export const pathIn = (path: string) => normalPath('posix', path);

/** The mount that a path lies in, the innermost; null: the container's own files. */
export const mountOf = ({ mounts }: Place, path: string): MountPoint | null => mounts.find((mount) => isInside('posix', mount.path, path)) ?? null;

/** Mounts at or below a path: what is removed with it would be lost elsewhere. */
export const mountsBelow = ({ mounts }: Place, path: string): MountPoint[] => mounts.filter((mount) => isInside('posix', path, mount.path));

export type Hindrance = 'read_only_root' | 'read_only_mount' | 'memory' | 'kernel' | 'engine' | 'mount_point';

/** Why nothing can be written at a path; null: it can. What lies in memory is not seen by the engine's archives. */
export function hindranceAt(place: Place, path: string): Hindrance | null {
  const mount = mountOf(place, path);
  if (!mount) return place.readOnlyRoot ? 'read_only_root' : null;
  if (mount.kind === 'memory' || mount.kind === 'kernel' || mount.kind === 'engine') return mount.kind;
  return mount.writable ? null : 'read_only_mount';
}

/** The same of a file: one that is mounted by itself cannot be taken away, which the engine does before it writes. */
export const fileHindrance = (place: Place, path: string): Hindrance | null => hindranceAt(place, path) ?? (place.mounts.some((mount) => mount.path === path) ? 'mount_point' : null);

/** Memory and the kernel's own trees: only the running container itself sees what is in them. */
export const isUnseen = (place: Place, path: string) => ['memory', 'kernel', 'engine'].includes(mountOf(place, path)?.kind ?? '');
