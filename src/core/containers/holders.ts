import { z } from 'zod';
import { askDocker, type DockerApp } from '../docker/ask.ts';

/** A container, and what it holds on to: none of that can be removed while the container is there, running or not. */
export interface Holder {
  id: string;
  name: string;
  running: boolean;
  /** `sha256:…` */
  imageId: string;
  /** Names of volumes. */
  volumes: string[];
  networks: string[];
}

const Holders = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()).nullish(),
    ImageID: z.string(),
    State: z.string(),
    Mounts: z.array(z.object({ Type: z.string().optional(), Name: z.string().optional() })).nullish(),
    NetworkSettings: z.object({ Networks: z.record(z.string(), z.unknown()).nullish() }).nullish(),
  }),
);

/** Every container of the engine, by name. */
export async function listHolders(app: DockerApp): Promise<Holder[]> {
  const all = await askDocker(app, { path: '/containers/json', query: { all: true } }, Holders);
  const holders = all.map((raw) => ({
    id: raw.Id,
    name: (raw.Names?.[0] ?? raw.Id.slice(0, 12)).replace(/^\//, ''),
    running: ['running', 'paused', 'restarting'].includes(raw.State),
    imageId: raw.ImageID,
    volumes: (raw.Mounts ?? []).flatMap(({ Type, Name }) => (Type === 'volume' && Name ? [Name] : [])),
    networks: Object.keys(raw.NetworkSettings?.Networks ?? {}),
  }));
  return holders.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}
