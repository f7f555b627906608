import { z } from 'zod';
import { hideCommand } from './redact.ts';

/** An id, the beginning of one, or a name, as Docker allows them: what is none never reaches a path (S18). */
export const ContainerId = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/);

export const CONTAINER_STATES = ['running', 'paused', 'restarting', 'created', 'exited', 'removing', 'dead'] as const;
export type ContainerState = (typeof CONTAINER_STATES)[number];
export type Health = 'healthy' | 'unhealthy' | 'starting';

export interface Port {
  /** Address of the machine where it listens; null: not published, other containers reach it. */
  address: string | null;
  /** Of the machine. */
  host: number | null;
  container: number;
  protocol: string;
}

export interface Container {
  id: string;
  name: string;
  image: string;
  imageId: string;
  command: string;
  state: ContainerState;
  health: Health | null;
  /** Of the last run; null while it runs, or never has. */
  exitCode: number | null;
  /** Roughly since when it is as it is, ms: the engine says "3 hours". null where it does not say. */
  sinceMs: number | null;
  createdAt: number;
  /** How often the engine started it again by itself; null where that is not known yet. */
  restarts: number | null;
  ports: Port[];
  /** Compose project that it belongs to, and its service there. */
  stack: string | null;
  service: string | null;
  networks: string[];
}

/** GET /containers/json, of each what is used. */
export const Listed = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()).nullish(),
    Image: z.string(),
    ImageID: z.string(),
    Command: z.string(),
    Created: z.number(),
    State: z.enum(CONTAINER_STATES).catch('dead'),
    Status: z.string(),
    Ports: z.array(z.object({ IP: z.string().optional(), PrivatePort: z.number(), PublicPort: z.number().optional(), Type: z.string() })).nullish(),
    Labels: z.record(z.string(), z.string()).nullish(),
    NetworkSettings: z.object({ Networks: z.record(z.string(), z.unknown()).nullish() }).nullish(),
  }),
);

export function containerOf(raw: z.output<typeof Listed>[number]): Container {
  const labels = raw.Labels ?? {};
  const { health, exitCode, sinceMs } = readStatus(raw.Status);
  return {
    id: raw.Id,
    // Links of old give a container further names: `/web/db`.
    name: (raw.Names?.find((name) => name.lastIndexOf('/') === 0) ?? raw.Names?.[0] ?? raw.Id.slice(0, 12)).replace(/^\//, ''),
    image: raw.Image, imageId: raw.ImageID, command: hideCommand(raw.Command), state: raw.State, health, exitCode, sinceMs,
    createdAt: raw.Created * 1000, restarts: null,
    ports: portsOf((raw.Ports ?? []).map(({ IP, PrivatePort, PublicPort, Type }) => ({ address: IP ?? null, host: PublicPort ?? null, container: PrivatePort, protocol: Type }))),
    stack: labels['com.docker.compose.project'] ?? null,
    service: labels['com.docker.compose.service'] ?? null,
    networks: Object.keys(raw.NetworkSettings?.Networks ?? {}),
  };
}

/** In order, and the same of IPv4 and IPv6 as one. */
export function portsOf(ports: Port[]): Port[] {
  const seen = new Map<string, Port>();
  for (const port of ports) {
    const all = port.address === '::' ? { ...port, address: '0.0.0.0' } : port;
    seen.set(JSON.stringify(all), all);
  }
  return [...seen.values()].toSorted((a, b) => a.container - b.container || (a.host ?? 0) - (b.host ?? 0));
}

const MINUTE = 60_000;
const UNITS: Record<string, number> = { second: 1000, minute: MINUTE, hour: 60 * MINUTE, day: 1440 * MINUTE, week: 7 * 1440 * MINUTE, month: 30 * 1440 * MINUTE, year: 365 * 1440 * MINUTE };

/**
 * `Up 3 hours (healthy)`, `Up About a minute (health: starting)`, `Exited (137) 2 weeks ago`, `Restarting (1) 5 seconds ago`,
 * `Up 4 minutes (Paused)`, `Created`: the engine tells no more in a list (go-units, duration.go).
 */
export function readStatus(status: string): Pick<Container, 'health' | 'exitCode' | 'sinceMs'> {
  const health = /\((?:health: )?(healthy|unhealthy|starting)\)/.exec(status)?.[1] as Health | undefined;
  const code = /^(?:Exited|Restarting) \((-?\d+)\)/.exec(status)?.[1];
  const amount = /(?:(\d+)|Less than a|About an?) (second|minute|hour|day|week|month|year)s?\b/.exec(status);
  const sinceMs = amount ? (amount[1] === undefined ? (amount[0].startsWith('Less') ? 0 : 1) : Number(amount[1])) * UNITS[amount[2]!]! : null;
  return { health: health ?? null, exitCode: code === undefined ? null : Number(code), sinceMs };
}
