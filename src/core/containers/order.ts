import { CONTAINER_STATES, type Container } from './container.ts';
import type { ContainerUse } from './stats.ts';

/** What a list of containers may be sorted by; `-cpu` descends. */
export const CONTAINER_SORTS = ['name', 'state', 'createdAt', 'restarts', 'cpu', 'memory'] as const;
export type ContainerSort = (typeof CONTAINER_SORTS)[number];

/** What runs first, and what is wrong before what is well. */
const rank = ({ state, health }: Container) => CONTAINER_STATES.indexOf(state) * 2 + (health === 'unhealthy' ? 0 : 1);

/** How each sorts: what is not known counts as nothing. */
export const orderBy = (use: (id: string) => ContainerUse | undefined): Record<ContainerSort, (one: Container) => string | number> => ({
  name: ({ name }) => name,
  state: rank,
  createdAt: ({ createdAt }) => createdAt,
  restarts: ({ restarts }) => restarts ?? 0,
  cpu: ({ id }) => use(id)?.cpu ?? 0,
  memory: ({ id }) => use(id)?.memory ?? 0,
});

/** @param grouped stacks stay together, in order of their names, and single containers come last */
export function orderContainers(containers: readonly Container[], sort: ContainerSort | `-${ContainerSort}`, grouped: boolean, use: (id: string) => ContainerUse | undefined): Container[] {
  const descending = sort.startsWith('-');
  const key = orderBy(use)[(descending ? sort.slice(1) : sort) as ContainerSort];
  const stack = (a: Container, b: Container) => (grouped ? Number(a.stack === null) - Number(b.stack === null) || compare(a.stack ?? '', b.stack ?? '') : 0);
  return containers.toSorted((a, b) => stack(a, b) || (descending ? -1 : 1) * compare(key(a), key(b)) || compare(a.name, b.name));
}

const compare = (a: string | number, b: string | number) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true }));
