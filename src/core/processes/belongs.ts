import { z } from 'zod';
import type { App } from '../app.ts';
import { hostPort } from '../../lib/host-port.ts';

/** An engine that hangs must not hold up a list of processes. */
const ANSWER_MS = 1500;
/** Names seldom change. */
const KEPT_MS = 10_000;

const Named = z.array(z.object({ Id: z.string(), Names: z.array(z.string()).catch([]) }));
const known = new WeakMap<object, { at: number; names: Map<string, string> }>();

/** Id → name of each container; empty without an engine of this machine. */
export async function containerNames(app: Pick<App, 'host' | 'clock'>): Promise<Map<string, string>> {
  const { docker } = app.host;
  const old = known.get(docker);
  const now = app.clock.monotonic();
  if (old && now - old.at < KEPT_MS) return old.names;
  const answer = await docker.ask({ path: '/containers/json', query: { all: true }, timeout: ANSWER_MS }).catch(() => []);
  const names = new Map((Named.safeParse(answer).data ?? []).map(({ Id, Names }) => [Id, (Names[0] ?? '').replace(/^\//, '')]));
  known.set(docker, { at: now, names });
  return names;
}

export interface Belongings {
  /** pid → where it waits for others: "0.0.0.0:80", "[::]:443", of UDP "0.0.0.0:53/udp". */
  ports: Record<number, string[]>;
  /** Id → name, of the containers that these processes run in. */
  containers: Record<string, string>;
}

export const portText = ({ protocol, ...place }: { protocol: string; address: string; port: number }) => `${hostPort(place)}${protocol === 'udp' ? '/udp' : ''}`;

/** What the processes of a list belong to beyond what their rows say. */
export async function belongingsOf(app: Pick<App, 'host' | 'clock'>, containers: ReadonlySet<string>): Promise<Belongings> {
  const [listeners, names] = await Promise.all([app.host.processes.listeners(), containers.size ? containerNames(app) : new Map<string, string>()]);
  const ports: Record<number, string[]> = {};
  for (const listener of listeners) {
    if (listener.pid === null) continue;
    const text = portText(listener);
    const mine = (ports[listener.pid] ??= []);
    if (!mine.includes(text)) mine.push(text);
  }
  return { ports, containers: Object.fromEntries([...containers].flatMap((id) => (names.has(id) ? [[id, names.get(id)!]] : []))) };
}
