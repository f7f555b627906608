import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../../db/open.ts';
import { tasks, type TaskState } from '../../../db/schema/tasks.ts';
import { containerUpdates, imageChecks } from '../../../db/schema/updates.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Told } from '../../../lib/told.ts';
import { can, need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { hasFiles } from '../../stacks/stack.ts';
import { listStacks } from '../../stacks/stacks.ts';
import type { Container } from '../container.ts';
import { allContainers } from '../containers.ts';
import { knownOf } from '../known.ts';
import { roleOf } from '../recreate/names.ts';
import { noteKey } from './names.ts';
import { digestsOf, type Digests } from './digests.ts';
import { askedAs, stateOf, UPDATE_STATES, type CheckRow, type Unknown, type UpdateState } from './state.ts';

/** A container, and whether its registry has something newer under the name of its image. */
export interface ContainerUpdate {
  id: string;
  name: string;
  image: string;
  /** What the registry is asked for; null: nothing can be asked. */
  reference: string | null;
  running: boolean;
  stack: string | null;
  /** `itself`: made anew of the newer image; `stack`: by its stack, whose files say what it is; `none`: the engine removes it when it stops. */
  way: 'itself' | 'stack' | 'none';
  state: UpdateState;
  why: Unknown | null;
  /** In the registry's or the engine's own words, where it refused. */
  said: string;
  /** What the registry has. */
  digest: string | null;
  checkedAt: number | null;
  /** It is updated after a scheduled check. */
  automatic: boolean;
  last: { task: string; state: TaskState; error: Told | null; at: number } | null;
}

export const UpdateFilter = z.object({
  /** In name, image and stack. */
  q: z.string().max(200).default(''),
  state: z.enum(UPDATE_STATES).optional(),
});

const WAIT_MS = 4000;

/** Every container, those with something newer first. @throws AppError denied, unavailable */
export async function listUpdates(app: App, actor: Actor): Promise<ContainerUpdate[]> {
  need(actor, 'containers.read');
  const [containers, stacks] = await Promise.all([allContainers(app, WAIT_MS), listStacks(app, actor)]);
  const [digests, known] = await Promise.all([digestsOf(app, [], { fresh: true }), knownOf(app, containers, WAIT_MS)]);
  // One whose files are gone cannot be started by them: it is updated by itself.
  const byFiles = new Set(stacks.filter(hasFiles).map(({ name }) => name));
  const rows = rowsOf(app);
  const notes = notesOf(app);
  // What a container said before it failed may stand in it.
  const tells = can(actor, 'containers.inspect');
  const all = containers.filter(({ name }) => !roleOf(name)).map((one): ContainerUpdate => {
    const { row, reference, ...state } = check(one, digests, rows);
    const note = notes.get(noteKey(app, one.name));
    return {
      id: one.id, name: one.name, image: one.image, reference, running: one.state === 'running', stack: one.stack,
      way: one.stack !== null && byFiles.has(one.stack) ? 'stack' : known.get(one.id)?.removesItself ? 'none' : 'itself',
      ...state, said: row?.fault ? row.said : '', digest: row?.digest ?? null, checkedAt: row?.checkedAt ?? null,
      automatic: note?.automatic ?? false, last: note?.last && !tells ? { ...note.last, error: null } : (note?.last ?? null),
    };
  });
  const rank = (one: ContainerUpdate) => UPDATE_STATES.indexOf(one.state);
  return all.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en', { numeric: true }));
}

export function matchesUpdate({ name, image, stack, state }: ContainerUpdate, filter: Partial<z.output<typeof UpdateFilter>>): boolean {
  const words = (filter.q ?? '').trim().toLowerCase();
  return (!filter.state || state === filter.state) && (!words || [name, image, stack ?? ''].some((text) => text.toLowerCase().includes(words)));
}

function check(one: Container, digests: Digests, rows: ReadonlyMap<string, CheckRow>) {
  const mine = digests.get(one.imageId);
  const asked = askedAs(one.image, mine);
  if ('why' in asked) return { row: undefined, reference: null, state: 'unknown' as const, why: asked.why };
  const row = rows.get(asked.reference);
  return { row, reference: asked.reference, ...stateOf(mine, row) };
}

/** Which of these have something newer that nobody skipped: their ids. Costs nothing where no registry was ever asked; none, where the engine does not say. */
export async function newerAmong(app: Pick<App, 'db' | 'host'>, containers: readonly Container[]): Promise<ReadonlySet<string>> {
  const rows = rowsOf(app);
  if (rows.size === 0) return new Set();
  const digests = await digestsOf(app, containers.map(({ imageId }) => imageId)).catch((error: unknown) => {
    if (error instanceof AppError) return null;
    throw error;
  });
  if (!digests) return new Set();
  return new Set(containers.filter((one) => !roleOf(one.name) && check(one, digests, rows).state === 'newer').map(({ id }) => id));
}

/** A page waits so long for an engine that says nothing. */
const NOTICE_MS = 1500;

/** Names of the containers that have something newer. Nothing is asked where no registry ever was. @throws AppError unavailable */
export async function newerNames(app: Pick<App, 'db' | 'host'>): Promise<string[]> {
  if (rowsOf(app).size === 0) return [];
  const containers = await allContainers(app, NOTICE_MS, NOTICE_MS);
  const newer = await Promise.race([newerAmong(app, containers), Bun.sleep(NOTICE_MS).then(() => new Set<string>())]);
  return containers.filter(({ id }) => newer.has(id)).map(({ name }) => name).toSorted();
}

export const rowsOf = ({ db }: { db: Db }): Map<string, CheckRow> => new Map(db.select().from(imageChecks).all().map((row) => [row.reference, row]));

/** What is kept of each container, with how its last update went. */
function notesOf({ db }: { db: Db }) {
  const rows = db.select().from(containerUpdates).leftJoin(tasks, eq(tasks.id, containerUpdates.taskId)).all();
  return new Map(rows.map(({ container_updates: { name, automatic, digest }, tasks: task }) => [name, {
    automatic, digest, last: task ? { task: task.id, state: task.state, error: task.error, at: task.endedAt ?? task.createdAt } : null,
  }]));
}

/** Digest that an update of this container was tried to last; null for none. */
export const triedOf = (app: Pick<App, 'db' | 'engines'>, name: string): string | null =>
  app.db.select().from(containerUpdates).where(eq(containerUpdates.name, noteKey(app, name))).get()?.digest ?? null;
