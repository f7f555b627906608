import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { hideSecrets } from '../../../platform/command-line.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { askDocker, orMissing, tellDocker } from '../../docker/ask.ts';
import { pullImage } from '../../images/pull.ts';
import { isPullable } from '../../images/reference.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { hideInspected, hideWords, variablesOf } from '../redact.ts';
import { imageConfig, imageId, inspectContainer, nameOf, type Inspected } from '../recreate/inspected.ts';
import { bodyOf, ownConfig } from '../recreate/body.ts';
import { exchangeable, recreationKey, replace } from '../recreate/recreate.ts';
import { followName } from '../updates/names.ts';
import { bodyOfInput, changed } from './body.ts';
import { fieldsOf, unsaidOf } from './fields.ts';
import type { ContainerInput } from './input.ts';
import { refuseTakenPorts } from './port-taken.ts';
import { asRunLine } from './shown.ts';

const Created = z.object({ Id: z.string() });
const START_MS = 60_000;

/** What is written down: the command without what is told in secret. */
const shown = (input: ContainerInput) => {
  const hidden = (pairs: Record<string, string>) => hideInspected(pairs) as Record<string, string>;
  return asRunLine({
    ...input, env: variablesOf(input.env).map(({ name, value }) => `${name}=${value}`), labels: hidden(input.labels), logOptions: hidden(input.logOptions),
    command: hideWords(input.command), entrypoint: hideWords(input.entrypoint), health: hideSecrets(input.health),
  });
};

/** Makes a container, and pulls its image first where it is not here. @returns the task. @throws AppError denied, conflict (the name or a port is taken) */
export async function createContainer(app: App, actor: Actor, input: ContainerInput): Promise<string> {
  need(actor, 'containers.admin');
  await refuseTaken(app, input.name);
  if (input.start) await refuseTakenPorts(app, input, null);
  const task = app.tasks.start(actor, {
    kind: 'containers.create', key: `containers.create ${input.name}`, params: { name: input.name }, steps: ['imagePull', 'create', 'start'],
    async run(context) {
      await pullMissing(app, input.image, context);
      context.step('create');
      const { config, host } = bodyOfInput(input);
      const { Id } = await askDocker(app, { method: 'POST', path: '/containers/create', query: { name: input.name }, body: { ...config, HostConfig: host } }, Created);
      if (!input.start) return;
      context.step('start');
      try {
        await tellDocker(app, { path: `/containers/${Id}/start`, timeout: START_MS });
      } catch (error) {
        // One that cannot start (a port is taken) would only hold its name.
        await tellDocker(app, { method: 'DELETE', path: `/containers/${Id}`, query: { force: true, v: true } });
        throw error;
      }
    },
  });
  record(app, actor, { action: 'containers.create', target: input.name, params: { task, image: input.image }, commands: [shown(input)] });
  return task;
}

/** Field `name`. */
async function refuseTaken(app: App, name: string) {
  if (await orMissing(inspectContainer(app, name))) throw new AppError('conflict', (t) => t.containerForm.taken({ name }), { field: 'name' });
}

async function pullMissing(app: App, image: string, task: TaskContext) {
  // An id names what is here, and nothing that a registry has: of one that is missing the engine says so.
  const here = isPullable(image) ? await orMissing(imageId(app, image)) : await imageId(app, image);
  if (!here) await pullImage(app, task, image);
}

/** What the form shows of one that is there. @throws AppError denied, not_found */
export async function editableContainer(app: App, actor: Actor, id: string) {
  need(actor, 'containers.admin');
  const one = await inspectContainer(app, id);
  const own = ownConfig(one.Config, await imageConfig(app, one.Image));
  return { id: one.Id, name: nameOf(one), fields: fieldsOf(one, own), unsaid: unsaidOf(one, own) };
}

/** Makes it anew as the form says: the new one beside the old one, gated by health, and back. @returns the task. @throws AppError denied, not_found, conflict */
export async function editContainer(app: App, actor: Actor, id: string, input: ContainerInput): Promise<string> {
  const { old, name } = await exchangeable(app, actor, id);
  if (input.name !== name) await refuseTaken(app, input.name);
  // One that does not run is not started either.
  if (old.State.Running) await refuseTakenPorts(app, input, old.Id);
  const task = app.tasks.start(actor, {
    kind: 'containers.edit', key: recreationKey(app, name), params: { name: input.name, old: old.Id }, steps: ['imagePull', 'create', 'switch', 'health', 'finish'],
    async run(context) {
      await pullMissing(app, input.image, context);
      const from = await imageConfig(app, old.Image);
      // Not as it was before the image came: it may have been started, stopped or joined to a network since.
      const now = await inspectContainer(app, old.Id);
      const base = bodyOf(now, { image: input.image, from });
      const { config, host } = changed(ownConfig(now.Config, from), base.body.HostConfig, input);
      host.Binds = [...input.mounts, ...nameless(now, base.body.HostConfig.Binds ?? [], input.mounts)];
      // Another network: what the old one had joined belongs to the old one.
      const moved = host.NetworkMode !== now.HostConfig.NetworkMode;
      const networking = moved ? { EndpointsConfig: {} } : base.body.NetworkingConfig;
      await replace(app, context, now, { body: { ...config, Image: input.image, HostConfig: host, NetworkingConfig: networking }, networks: moved ? [] : base.networks }, input.name);
      followName(app, name, input.name);
    },
  });
  record(app, actor, { action: 'containers.edit', target: name, params: { task, image: input.image }, commands: [shown(input)] });
  return task;
}

/** Volumes that no line of the form names: they go on, but where another one takes their place. */
function nameless({ HostConfig }: Inspected, binds: readonly string[], mounts: readonly string[]): string[] {
  const places = new Set(mounts.map((mount) => mount.split(':')[1]));
  return binds.filter((bind) => !(HostConfig.Binds ?? []).includes(bind) && !places.has(bind.split(':')[1]));
}
