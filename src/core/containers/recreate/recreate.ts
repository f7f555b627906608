import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { askDocker, orMissing, tellDocker, type DockerApp } from '../../docker/ask.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { pullImage, pullKey } from '../../images/pull.ts';
import { runningTask } from '../../tasks/tasks.ts';
import { isPullable } from '../../images/reference.ts';
import { createFrameReader } from '../log-frames.ts';
import { bodyOf, type CreateBody } from './body.ts';
import { untilWell } from './health.ts';
import { imageConfig, imageId, inspectContainer, nameOf, type Inspected } from './inspected.ts';
import { keepDigest } from '../updates/check.ts';
import { askedAs, hasNewer, stateOf } from '../updates/state.ts';
import { rowsOf } from '../updates/updates.ts';
import { askRegistry, differences, repoDigests } from './newer.ts';
import { newName, oldName, roleOf } from './names.ts';

const STOP_MS = 60_000;
const Created = z.object({ Id: z.string() });

/** The lines of its log that are kept of one that did not become well. */
const LINES = 200;

/**
 * Makes a container anew of the image that its name means now, and goes back to the old one when the new one is not well.
 * Nothing is removed before. @returns the task
 * @throws AppError denied, not_found, conflict (it removes itself, or another run is on)
 */
export async function recreateContainer(app: App, actor: Actor, id: string, { pull = false } = {}): Promise<string> {
  const { old, name } = await exchangeable(app, actor, id);
  const task = app.tasks.start(actor, {
    kind: 'containers.recreate', key: recreationKey(app, name), params: { name, old: old.Id }, steps: [...(pull ? ['imagePull'] : []), 'create', 'switch', 'health', 'finish'],
    async run(context) {
      const image = old.Config.Image ?? old.Image;
      // An id names what is here, and nothing that a registry has.
      if (pull && isPullable(image)) await pullImage(app, context, image);
      const from = await imageConfig(app, old.Image);
      // Not as it was before the image came: it may have been started, stopped or joined to a network since.
      const now = await inspectContainer(app, old.Id);
      await replace(app, context, now, bodyOf(now, { image, from }));
    },
  });
  record(app, actor, { action: 'containers.recreate', target: name, params: { task, image: old.Config.Image ?? old.Image } });
  return task;
}

/** One run at a time on each, of one engine. Its row says which container was the old one, should the panel be killed meanwhile (settle.ts). */
export const recreationKey = ({ engines }: Pick<App, 'engines'>, name: string) => ['containers.recreate', name, engines.chosen() ?? []].flat().join(' ');

/** One that can be made anew, as it is now. @throws AppError denied, not_found, conflict */
export async function exchangeable(app: App, actor: Actor, id: string) {
  need(actor, 'containers.admin');
  const old = await inspectContainer(app, id);
  const name = nameOf(old);
  const refusal = refusalOf(old, name);
  if (refusal) throw refusal;
  return { old, name };
}

/** Why it cannot be made anew. */
function refusalOf({ HostConfig }: Inspected, name: string): AppError | null {
  if (HostConfig.AutoRemove) return new AppError('conflict', (t) => t.containers.recreate.removesItself({ name }));
  return roleOf(name) ? new AppError('conflict', (t) => t.containers.recreate.between({ name })) : null;
}

/** What its registry has: `unasked` where nobody asked yet, null where there is none to ask. */
type Registry = { state: 'same' | 'newer' | 'unasked' } | { state: 'unknown'; why: AppError } | null;

/** What is known of its registry from before; nobody is asked, unless somebody wants it. */
async function registryOf(app: App, image: string, id: string, ask: boolean): Promise<Registry> {
  const mine = await orMissing(repoDigests(app, id)) ?? undefined;
  const asked = askedAs(image, mine);
  if ('why' in asked) return null;
  if (!ask) {
    const known = stateOf(mine, rowsOf(app).get(asked.reference));
    return { state: hasNewer(known) ? 'newer' : known.state === 'current' ? 'same' : 'unasked' };
  }
  const answer = await askRegistry(app, asked.reference, id);
  if (answer.state === 'unknown') return answer;
  keepDigest(app, asked.reference, answer.digest);
  return { state: answer.state };
}

/** What making it anew would change. @param ask the registry, too: only when somebody wants it @throws AppError denied, not_found */
export async function planRecreation(app: App, actor: Actor, id: string, { ask = false } = {}) {
  need(actor, 'containers.admin');
  const old = await inspectContainer(app, id);
  const name = nameOf(old);
  const image = old.Config.Image ?? old.Image;
  const newest = await orMissing(imageId(app, image));
  const [registry, changes] = await Promise.all([
    registryOf(app, image, old.Image, ask),
    newest && newest !== old.Image ? Promise.all([imageConfig(app, old.Image), imageConfig(app, newest)]).then(([before, after]) => differences(before, after)) : [],
  ]);
  const fetching = isPullable(image) ? runningTask(app, pullKey(image)) : null;
  // Of one that was made here, a registry may well have something else that is called the same.
  const pulls = isPullable(image) && (registry !== null || newest === null);
  return { id: old.Id, name, image, running: old.Image, newest, registry, pulls, changes, fetching, refusal: refusalOf(old, name) };
}

/**
 * Beside → instead: the old one is stopped only when the new one is there, and removed only when that is well.
 * @param becomes another name that it has in the end
 */
export async function replace(app: DockerApp, task: Pick<TaskContext, 'step' | 'log' | 'tell' | 'signal'>, old: Inspected, { body, networks }: CreateBody, becomes?: string): Promise<void> {
  const name = nameOf(old);
  const ran = old.State.Running;
  task.step('create');
  const { Id: made } = await askDocker(app, { method: 'POST', path: '/containers/create', query: { name: newName(name) }, body }, Created);
  try {
    for (const { name: network, endpoint } of networks) await tellDocker(app, { path: `/networks/${encodeURIComponent(network)}/connect`, body: { Container: made, EndpointConfig: endpoint } });
    task.signal.throwIfAborted();
    if (ran) {
      task.step('switch');
      await tellDocker(app, { path: `/containers/${old.Id}/stop`, timeout: STOP_MS });
      await tellDocker(app, { path: `/containers/${made}/start`, timeout: STOP_MS });
      task.step('health');
      await untilWell(app, made, task.signal);
    }
    task.step('finish');
    await takeName(app, { name, old: old.Id, made });
  } catch (error) {
    task.log(`${task.tell(error)}\n`);
    if (ran) task.log(await lastLines(app, { id: made, tty: old.Config.Tty === true }));
    await back(app, old.Id, made, ran);
    throw error;
  }
  // Its volumes stay: the new one has them.
  await tellDocker(app, { method: 'DELETE', path: `/containers/${old.Id}`, query: { force: true } });
  if (becomes && becomes !== name) await rename(app, made, becomes);
}

/** The new one is well and takes the name. Where it cannot, as somebody else has one of the two by now, the old one keeps it. */
async function takeName(app: DockerApp, { name, old, made }: { name: string; old: string; made: string }): Promise<void> {
  await rename(app, old, oldName(name));
  try {
    await rename(app, made, name);
  } catch (error) {
    await rename(app, old, name).catch(() => {});
    throw error;
  }
}

/** As it was: whatever happens, the old one runs again if it ran. */
export async function back(app: DockerApp, old: string, made: string, ran: boolean): Promise<void> {
  try {
    await tellDocker(app, { method: 'DELETE', path: `/containers/${made}`, query: { force: true } });
  } catch (error) {
    // Somebody else removed it, or does so now: why it was given up is what matters.
    if (!(error instanceof AppError) || !['not_found', 'conflict'].includes(error.code)) throw error;
  } finally {
    if (ran) await tellDocker(app, { path: `/containers/${old}/start`, timeout: STOP_MS });
  }
}

export const rename = (app: DockerApp, id: string, name: string) => tellDocker(app, { path: `/containers/${id}/rename`, query: { name } });

/** What it said before it failed, as far as it can be had. */
async function lastLines(app: DockerApp, { id, tty }: { id: string; tty: boolean }): Promise<string> {
  const frames = createFrameReader(tty);
  let text = '';
  try {
    for await (const piece of await app.host.docker.stream({ path: `/containers/${id}/logs`, query: { stdout: true, stderr: true, tail: LINES } })) {
      for (const { bytes } of frames(piece)) text += bytes.toString();
    }
  } catch {
    // One that never ran has said nothing, and its driver may keep nothing.
  }
  return text;
}
