import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { tellDocker } from '../docker/ask.ts';
import { followName } from './updates/names.ts';
import { getContainer, RESTART_POLICIES, type ContainerDetail } from './detail.ts';

export const ContainerRename = z.strictObject({
  name: z.string().trim().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/, say('container.name', (t) => t.container.nameBad)),
});

/** @throws AppError denied, not_found, conflict (the name is taken), unavailable */
export async function renameContainer(app: App, actor: Actor, id: string, { name }: z.output<typeof ContainerRename>): Promise<void> {
  need(actor, 'containers.admin');
  const before = await getContainer(app, actor, id);
  if (before.name === name) return;
  try {
    await tellDocker(app, { path: `/containers/${before.id}/rename`, query: { name } });
  } catch (error) {
    // The engine names the other container by 64 digits.
    if (error instanceof AppError && error.code === 'conflict') throw new AppError('conflict', (t) => t.container.nameTaken({ name }), { field: 'name', cause: error });
    throw error;
  }
  followName(app, before.name, name);
  record(app, actor, { action: 'containers.rename', target: name, params: { from: before.name } });
}

const MIB = 2 ** 20;
/** An empty field is no limit. */
const empty = (value: unknown) => (value === '' ? undefined : value);
const badMemory = say('container.memory', (t) => t.container.memoryBad);
const badCpus = say('container.cpus', (t) => t.container.cpusBad);

export const ContainerLimits = z.strictObject({
  /** MiB. */
  memory: z.preprocess(empty, z.coerce.number(badMemory).int(badMemory).min(6, badMemory).max(2 ** 30, badMemory).optional()),
  cpus: z.preprocess(empty, z.coerce.number(badCpus).min(0.01, badCpus).max(4096, badCpus).optional()),
  restart: z.enum(RESTART_POLICIES),
  /** Of on-failure. */
  retries: z.preprocess(empty, z.coerce.number().int().min(0).max(1000).default(0)),
});

/** Changes what it may use, and when it is started again, while it runs. @throws AppError denied, invalid (the engine says what), not_found, unavailable */
export async function changeLimits(app: App, actor: Actor, id: string, limits: z.output<typeof ContainerLimits>): Promise<void> {
  need(actor, 'containers.admin');
  const before = await getContainer(app, actor, id);
  const body = { ...memoryBody(before, limits.memory), ...cpuBody(before, limits.cpus), RestartPolicy: { Name: limits.restart, MaximumRetryCount: limits.restart === 'on-failure' ? limits.retries : 0 } };
  await tellDocker(app, { path: `/containers/${before.id}/update`, body });
  record(app, actor, { action: 'containers.limits', target: before.name, params: { memory: limits.memory ?? null, cpus: limits.cpus ?? null, restart: limits.restart } });
}

/** Swap is asked for as `docker run` does: as much again. */
function memoryBody({ memoryLimit }: ContainerDetail, mib: number | undefined) {
  if (mib === undefined) return stays(memoryLimit, 'memory');
  return mib * MIB === memoryLimit ? {} : { Memory: mib * MIB, MemorySwap: 2 * mib * MIB };
}

function cpuBody({ cpuLimit }: ContainerDetail, cpus: number | undefined) {
  if (cpus === undefined) return stays(cpuLimit, 'cpus');
  return cpus === cpuLimit ? {} : { NanoCpus: Math.round(cpus * 1e9) };
}

/** To the engine 0 is as it was, and -1 too little (20.10): it takes no limit away. */
function stays(limit: number | null, field: 'memory' | 'cpus') {
  if (limit !== null) throw new AppError('invalid', (t) => t.container.limitStays, { field });
  return {};
}
