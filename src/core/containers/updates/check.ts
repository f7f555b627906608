import { and, inArray, lt, notInArray } from 'drizzle-orm';
import { containerUpdates, imageChecks, type CheckFault } from '../../../db/schema/updates.ts';
import { AppError } from '../../../lib/errors.ts';
import { DockerError } from '../../../platform/docker.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { parseReference } from '../../images/reference.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { runningTask } from '../../tasks/tasks.ts';
import { allContainers } from '../containers.ts';
import { registryDigest } from '../recreate/newer.ts';
import { roleOf } from '../recreate/names.ts';
import { digestsOf } from './digests.ts';
import { nameOfNote } from './names.ts';
import { askedAs } from './state.ts';
import { rowsOf } from './updates.ts';

/** Questions to one registry at once. */
const AT_ONCE = 3;
const ASK_MS = 30_000;
const KNOWN_MS = 30_000;
/** What was said of an image that no container has any more. */
const FORGET_MS = 90 * 86_400_000;

const CHECK_KEY = 'containers.check';

/** The task that checks now; null for none. */
export const checkTask = (app: Pick<App, 'db'>) => runningTask(app, CHECK_KEY);

/** Asks the registries what they have now, once for each image and not for each container. @returns the task @throws AppError denied, conflict while it goes on */
export function startCheck(app: App, actor: Actor): string {
  need(actor, 'containers.write');
  const task = app.tasks.start(actor, { kind: 'containers.check', key: CHECK_KEY, steps: ['updatesAsk'], run: (context) => checkAll(app, context) });
  // Its own row is the last to change.
  void app.tasks.settled(task).then(() => app.bus.emit('containers.changed', { up: true }));
  record(app, actor, { action: 'containers.check', params: { task } });
  return task;
}

/** @throws AppError unavailable: the engine itself cannot be asked */
async function checkAll(app: App, task: TaskContext): Promise<void> {
  task.step('updatesAsk');
  const containers = await allContainers(app, KNOWN_MS);
  const digests = await digestsOf(app, [], { fresh: true });
  const references = new Set<string>();
  for (const { name, image, imageId } of containers) {
    const asked = askedAs(image, digests.get(imageId));
    if ('reference' in asked) references.add(asked.reference);
    else task.log(`${name}: not asked for, ${NOT_ASKED[asked.why]}`);
  }
  const rows = rowsOf(app);
  // Those first that were not asked for longest: a registry that stops answering in the middle does not stop at the same ones each time.
  const oldest = [...references].toSorted((a, b) => (rows.get(a)?.checkedAt ?? 0) - (rows.get(b)?.checkedAt ?? 0) || a.localeCompare(b));
  let done = 0;
  const tell = () => task.progress(++done / references.size);
  await Promise.all([...Map.groupBy(oldest, (reference) => parseReference(reference)!.domain)].map(([domain, mine]) => askOne(app, task, domain, mine, tell)));
  task.signal.throwIfAborted();
  forget(app, containers.map(({ name }) => name), references);
}

const NOT_ASKED = { byId: 'as its image is named by an id', pinned: 'as its image is pinned to a digest', local: 'as its image came from no registry' };

/** One registry: the first question alone, then a few at once, until it says that it wants no more. */
async function askOne(app: App, task: TaskContext, domain: string, references: readonly string[], tell: () => void): Promise<void> {
  let answered = false;
  let over: { said: string; told: string } | null = null;
  const ask = async (reference: string) => {
    try {
      const digest = await registryDigest(app, reference, ASK_MS);
      answered = true;
      keepDigest(app, reference, digest);
      task.log(`${reference}: ${digest}`);
    } catch (error) {
      const { fault, said } = faultOf(error);
      keepFault(app, reference, fault, said);
      task.log(`${reference}: ${said || task.tell(error)}`);
      if (ends(fault, domain, answered)) over ??= { said, told: said || task.tell(error) };
    }
  };
  const queue = [...references];
  const work = async (most = Infinity) => {
    for (let i = 0; i < most && queue.length && !task.signal.aborted; i++) {
      const reference = queue.shift()!;
      if (over === null) await ask(reference);
      else {
        keepFault(app, reference, 'stopped', over.said);
        task.log(`${reference}: not asked for: ${over.told}`);
      }
      tell();
    }
  };
  await work(1);
  await Promise.all(Array.from({ length: AT_ONCE }, () => work()));
}

/**
 * Who asked too often asks no more; nor does whoever a registry does not know, as further tries lock an account, or whoever
 * nobody answers. A registry that has answered others refuses only this image, and Docker Hub says of names that it does not
 * know that they are denied.
 */
const ends = (fault: CheckFault, domain: string, answered: boolean) =>
  fault === 'limited' || (!answered && (fault === 'away' || (fault === 'denied' && domain !== 'docker.io')));

/** `said` is kept, so it has words of others only: what we say of it is in the reader's language. @throws whatever is not about a registry: an engine that is away answers nothing */
function faultOf(error: unknown): { fault: CheckFault; said: string } {
  if (!(error instanceof AppError)) throw error;
  const status = error.cause instanceof DockerError ? error.cause.status : null;
  if (typeof status === 'string' && status !== 'silent') throw error;
  const said = error.cause instanceof DockerError && typeof status === 'number' ? error.cause.message.slice(0, 500) : '';
  return { fault: kindOf(status, said), said };
}

/**
 * The engine hands on what the registry said, and not always its status (20.10.24).
 *
 *     429 toomanyrequests: You have reached your pull rate limit.
 *     403 denied: requested access to the resource is denied
 *     404 manifest unknown: manifest unknown
 *     500 Head "http://127.0.0.1:40693/v2/a/manifests/1": no basic auth credentials
 *     500 Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused
 */
function kindOf(status: DockerError['status'] | null, said: string): CheckFault {
  if (status === 429 || /toomanyrequests|too many requests|rate limit|\b429\b/i.test(said)) return 'limited';
  if (/unauthorized|denied|authentication required|no basic auth|incorrect username|forbidden/i.test(said)) return 'denied';
  if (/manifest unknown|name unknown|not found|no such/i.test(said)) return 'missing';
  if (status === 401 || status === 403) return 'denied';
  return status === 404 ? 'missing' : 'away';
}

export function keepDigest(app: App, reference: string, digest: string) {
  const row = { digest, checkedAt: app.clock.now(), fault: null, said: '' };
  app.db.insert(imageChecks).values({ reference, ...row }).onConflictDoUpdate({ target: imageChecks.reference, set: row }).run();
}

/** What was said before stays: it is older, and no less true. */
function keepFault(app: App, reference: string, fault: CheckFault, said: string) {
  // One that was not asked keeps the time when it was: it is the first of the next round.
  const set = { fault, said, ...(fault === 'stopped' ? {} : { checkedAt: app.clock.now() }) };
  app.db.insert(imageChecks).values({ reference, checkedAt: 0, ...set }).onConflictDoUpdate({ target: imageChecks.reference, set }).run();
}

function forget(app: App, names: readonly string[], references: ReadonlySet<string>) {
  app.db.delete(imageChecks).where(and(notInArray(imageChecks.reference, [...references]), lt(imageChecks.checkedAt, app.clock.now() - FORGET_MS))).run();
  // Between two containers, the name is another's for a moment.
  const there = new Set(names.flatMap((name) => [name, roleOf(name)?.name ?? name]));
  const gone = app.db.select({ name: containerUpdates.name }).from(containerUpdates).all().map(({ name }) => name).filter((key) => {
    const name = nameOfNote(app, key);
    return name !== null && !there.has(name);
  });
  if (gone.length) app.db.delete(containerUpdates).where(inArray(containerUpdates.name, gone)).run();
}
