import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { Semaphore } from '../../lib/semaphore.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { askDocker, tellDocker, type DockerApp } from '../docker/ask.ts';
import { CONTAINER_STATES, ContainerId, containerOf, Listed, type Container } from './container.ts';
import { knownOf } from './known.ts';

export const ContainerFilter = z.object({
  /** In name, image, stack, id, and as a port. */
  q: z.string().max(200).default(''),
  state: z.enum([...CONTAINER_STATES, 'stopped', 'unhealthy']).optional(),
});

/** How long a list waits for what the engine says of each container alone; the rest comes with the next one. */
const KNOWN_MS = 300;

/**
 * All there are, by stack and name: containers of a stack stand together, single ones last.
 * @param waitMs for counts of restarts
 */
export async function listContainers(app: App, actor: Actor, { q = '', state }: Partial<z.output<typeof ContainerFilter>> = {}, waitMs = KNOWN_MS): Promise<Container[]> {
  need(actor, 'containers.read');
  const all = await allContainers(app, waitMs);
  const words = q.trim().toLowerCase();
  const found = all.filter((one) => (!words || matches(one, words)) && (!state || isIn(one, state)));
  return found.toSorted((a, b) => Number(a.stack === null) - Number(b.stack === null) || compare(a.stack ?? '', b.stack ?? '') || compare(a.name, b.name));
}

/** Every container, as it was named; in the engine's order. */
export async function allContainers(app: DockerApp, waitMs = KNOWN_MS, timeout?: number): Promise<Container[]> {
  const all = (await askDocker(app, { path: '/containers/json', query: { all: true }, ...(timeout ? { timeout } : {}) }, Listed)).map(containerOf);
  const known = await knownOf(app, all, waitMs);
  return all.map((one) => {
    const more = known.get(one.id);
    return more ? { ...one, image: more.image || one.image, restarts: more.restarts } : one;
  });
}

const compare = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });

function matches({ id, name, image, stack, ports }: Container, words: string): boolean {
  if ([name, image, stack ?? ''].some((text) => text.toLowerCase().includes(words)) || (words.length >= 4 && id.startsWith(words))) return true;
  return ports.some(({ host, container }) => String(host) === words || String(container) === words);
}

export function isIn(container: Container, state: NonNullable<z.output<typeof ContainerFilter>['state']>): boolean {
  if (state === 'stopped') return ['created', 'exited', 'dead'].includes(container.state);
  if (state === 'unhealthy') return container.health === 'unhealthy' || container.state === 'restarting' || container.state === 'dead';
  return container.state === state;
}

/** What can be done with containers, how the engine calls it, and who may. */
const ACTIONS = {
  start: { path: 'start', permission: 'containers.write' },
  stop: { path: 'stop', permission: 'containers.write' },
  restart: { path: 'restart', permission: 'containers.write' },
  pause: { path: 'pause', permission: 'containers.write' },
  unpause: { path: 'unpause', permission: 'containers.write' },
  kill: { path: 'kill', permission: 'containers.write' },
  remove: { path: '', permission: 'containers.admin' },
} as const;

export const CONTAINER_ACTIONS = Object.keys(ACTIONS) as [ContainerAction, ...ContainerAction[]];
export type ContainerAction = keyof typeof ACTIONS;

export const actionPermission = (action: ContainerAction) => ACTIONS[action].permission;

export const ContainerAct = z.strictObject({
  action: z.enum(CONTAINER_ACTIONS),
  ids: z.array(ContainerId).min(1).max(500),
});

export interface Acted {
  id: string;
  name: string;
  /** Why it was not done. */
  error: AppError | null;
}

/** A container that does not stop by itself is ended after ten seconds. */
const STOP_MS = 60_000;
const AT_ONCE = 8;

/** Does it with each, several at once; one that fails does not keep the others. @throws AppError denied, unavailable */
export async function actOnContainers(app: App, actor: Actor, { action, ids }: z.output<typeof ContainerAct>): Promise<Acted[]> {
  const { path, permission } = ACTIONS[action];
  need(actor, permission);
  const known = new Map((await askDocker(app, { path: '/containers/json', query: { all: true } }, Listed)).map(containerOf).flatMap((one) => [[one.id, one.name], [one.name, one.name]]));
  const wanted = [...new Set(ids)];
  const line = new Semaphore(AT_ONCE, wanted.length);
  const act = async (id: string): Promise<Acted> => {
    const name = known.get(id) ?? id;
    try {
      if (action === 'remove') await tellDocker(app, { method: 'DELETE', path: `/containers/${id}`, query: { force: true }, timeout: STOP_MS });
      else await tellDocker(app, { path: `/containers/${id}/${path}`, timeout: STOP_MS });
      record(app, actor, { action: `containers.${action}`, target: name });
      return { id, name, error: null };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      record(app, actor, { action: `containers.${action}`, target: name, result: 'failed' });
      return { id, name, error };
    }
  };
  return Promise.all(wanted.map(async (id) => (await line.run(() => act(id)))!.value));
}
