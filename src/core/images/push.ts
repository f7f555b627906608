import { z } from 'zod';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { askDocker, streamDocker, tellDocker } from '../docker/ask.ts';
import { NOBODY, registryAuth } from '../registries/auth.ts';
import type { TaskContext } from '../tasks/runner.ts';
import { Inspected } from './image.ts';
import { followLines } from './lines.ts';
import { PushProgress } from './push-progress.ts';
import { ImageKey, ImageTag, parseReference, referenceText } from './reference.ts';

export const PushInput = z.strictObject({
  /** The image that is sent. */
  image: ImageKey,
  /** Where to and as what; an image that is not called so yet gets the name. */
  reference: ImageTag,
});

/** A registry that is far away may need a while for its first word. */
const BEGIN_MS = 120_000;

/** Sends an image to a registry, as a task. @throws AppError denied, not_found, conflict while something is sent under this name */
export async function startPush(app: App, actor: Actor, { image, reference }: z.output<typeof PushInput>): Promise<string> {
  need(actor, 'images.admin');
  const { name, tag } = parseReference(reference)!;
  const target = { name, tag: tag ?? 'latest', whole: referenceText({ name, tag: tag ?? 'latest', digest: null }) };
  // The very image: its name may mean another one by the time that the task begins.
  const { Id, RepoTags } = await askDocker(app, { path: `/images/${image}/json` }, Inspected);
  const named = (RepoTags ?? []).includes(target.whole);
  const id = app.tasks.start(actor, {
    kind: 'images.push', key: `images.push ${target.whole}`, params: { reference: target.whole }, steps: [...(named ? [] : ['imageTag']), 'imagePush'],
    async run(task) {
      if (!named) {
        task.step('imageTag');
        await tellDocker(app, { path: `/images/${Id}/tag`, query: { repo: name, tag: target.tag } });
        task.log(`${Id} is ${target.whole} now`);
      }
      task.step('imagePush');
      await push(app, task, target);
    },
  });
  record(app, actor, { action: 'images.push', target: target.whole, params: { task: id, image: Id } });
  return id;
}

async function push(app: App, task: TaskContext, { name, tag, whole }: { name: string; tag: string; whole: string }): Promise<void> {
  const headers = { ...NOBODY, ...(await registryAuth(app, whole)) };
  // The engine ends a push when nobody listens any longer: the task's signal ends the stream.
  const stream = await streamDocker(app, { method: 'POST', path: `/images/${name}/push`, query: { tag }, headers, signal: task.signal, timeout: BEGIN_MS });
  const progress = new PushProgress();
  await followLines(stream, (line) => {
    const said = progress.read(line);
    if (said !== null) task.log(said);
    task.progress(progress.value());
  });
  // Of a push that was cancelled the stream only ends.
  task.signal.throwIfAborted();
}
