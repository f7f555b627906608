import { desc, eq } from 'drizzle-orm';
import { tasks } from '../../../db/schema/tasks.ts';
import { AppError } from '../../../lib/errors.ts';
import type { App } from '../../app.ts';
import { askDocker, tellDocker } from '../../docker/ask.ts';
import { containerOf, Listed, type Container } from '../container.ts';
import { inspectContainer } from './inspected.ts';
import { roleOf } from './names.ts';
import { back, rename, recreationKey } from './recreate.ts';

/** The engine's clock may be another machine's. */
const SKEW_MS = 300_000;

interface Between {
  /** What has the name itself now. */
  named?: Container | undefined;
  new?: Container;
  old?: Container;
}

/**
 * After a panel that was killed in the middle: each container that was made anew is finished, or the old one is back.
 * What has the name of an old one was well before (`takeName` begins with it); anything else was not known to be.
 * Anybody may give a container such a name: one that no run of this panel's made is left alone (S18).
 */
export async function settleRecreations(app: App): Promise<void> {
  const all = (await askDocker(app, { path: '/containers/json', query: { all: true } }, Listed)).map(containerOf);
  const between = new Map<string, Between>();
  for (const one of all) {
    const found = roleOf(one.name);
    if (found) between.set(found.name, { ...between.get(found.name), [found.role]: one, named: all.find(({ name }) => name === found.name) });
  }
  for (const [name, found] of between) {
    try {
      if (await settle(app, name, found)) app.log.info('a container that was being made anew is settled', { name });
    } catch (error) {
      // One that cannot be (its name is taken by now) does not keep the others.
      if (!(error instanceof AppError)) throw error;
      app.log.warn('a container that was being made anew is not settled', { name, error });
    }
  }
}

/** @returns false: these are not ours */
async function settle(app: App, name: string, { named, new: made, old }: Between): Promise<boolean> {
  const run = app.db.select().from(tasks).where(eq(tasks.key, recreationKey(app, name))).orderBy(desc(tasks.createdAt), desc(tasks.id)).limit(1).get();
  if (!run || ['done', 'running'].includes(run.state)) return false;
  const isOld = (one: Container | undefined) => one?.id === run.params.old;
  const isMade = (one: Container | undefined) => one !== undefined && !isOld(one) && one.createdAt > run.createdAt - SKEW_MS;
  const remove = (id: string) => tellDocker(app, { method: 'DELETE', path: `/containers/${id}`, query: { force: true } });
  if ((made && !isMade(made)) || (old && !isOld(old))) return false;
  if (made && old) {
    await rename(app, made.id, name);
    await remove(old.id);
  } else if (old && named) {
    if (!isMade(named)) return false;
    await remove(old.id);
  } else if (old) await rename(app, old.id, name);
  else if (made && named) {
    if (!isOld(named)) return false;
    const [before, after] = await Promise.all([inspectContainer(app, named.id), inspectContainer(app, made.id)]);
    // It was stopped for the new one, or it did not run in the first place.
    const ran = before.State.Running || Date.parse(before.State.FinishedAt) > Date.parse(after.Created);
    await back(app, named.id, made.id, ran && !before.State.Running);
  } else if (made) await rename(app, made.id, name);
  return true;
}
