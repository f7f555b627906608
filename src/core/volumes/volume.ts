import { z } from 'zod';
import type { Holder } from '../containers/holders.ts';
import { say } from '../../lib/issue.ts';

const named = say('volume.name', (t) => t.volumes.badName);

/** As the local driver allows names; what is none never reaches a path (S18). */
export const VolumeName = z.string().trim().max(255, named).regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/, named);

export interface Volume {
  name: string;
  driver: string;
  mountpoint: string;
  scope: string;
  /** null: an engine that does not say it. */
  createdAt: number | null;
  labels: Record<string, string>;
  options: Record<string, string>;
  usedBy: { id: string; name: string; running: boolean }[];
  /** The engine made its name up: nobody named it, and nothing finds it again. */
  anonymous: boolean;
  /** Compose project that made it. */
  stack: string | null;
}

const Map = z.record(z.string(), z.string()).nullish();

export const RawVolume = z.object({
  Name: z.string(), Driver: z.string(), Mountpoint: z.string().catch(''), Scope: z.string().catch(''), CreatedAt: z.string().nullish(), Labels: Map, Options: Map,
});

/** GET /volumes */
export const ListedVolumes = z.object({ Volumes: z.array(RawVolume).nullish() });

export function volumeOf(raw: z.output<typeof RawVolume>, holders: readonly Holder[]): Volume {
  const createdAt = Date.parse(raw.CreatedAt ?? '');
  return {
    name: raw.Name, driver: raw.Driver, mountpoint: raw.Mountpoint, scope: raw.Scope,
    createdAt: createdAt > 0 ? createdAt : null,
    labels: raw.Labels ?? {}, options: raw.Options ?? {},
    usedBy: holders.filter(({ volumes }) => volumes.includes(raw.Name)).map(({ id, name, running }) => ({ id, name, running })),
    anonymous: /^[0-9a-f]{64}$/.test(raw.Name),
    stack: raw.Labels?.['com.docker.compose.project'] ?? null,
  };
}
