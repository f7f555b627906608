import { z } from 'zod';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { streamDocker, type DockerApp } from '../docker/ask.ts';
import { registryAuth, type AuthApp } from '../registries/auth.ts';
import type { TaskContext } from '../tasks/runner.ts';
import { followLines } from './lines.ts';
import { PullProgress } from './pull-progress.ts';
import { ImageReference, parseReference, referenceText } from './reference.ts';

export const PullInput = z.strictObject({ reference: ImageReference });

/** A registry that is far away may need a while for its first word. */
const BEGIN_MS = 120_000;

/** What is fetched: without a tag or a digest the engine would fetch every tag that there is. */
function wantedOf(reference: string) {
  const { name, tag, digest } = parseReference(reference)!;
  return { name, wanted: digest ?? tag ?? 'latest', whole: referenceText({ name, tag: tag ?? (digest ? null : 'latest'), digest }) };
}

/** One run at a time on each. */
export const pullKey = (reference: string) => `images.pull ${wantedOf(reference).whole}`;

/** Fetches an image from its registry, as a task. @throws AppError conflict while the same one is fetched */
export function startPull(app: App, actor: Actor, { reference }: z.output<typeof PullInput>): string {
  need(actor, 'images.write');
  const { whole } = wantedOf(reference);
  const id = app.tasks.start(actor, {
    kind: 'images.pull', key: pullKey(reference), params: { reference: whole }, steps: ['imagePull'],
    run: (task) => pullImage(app, task, reference),
  });
  record(app, actor, { action: 'images.pull', target: whole, params: { task: id } });
  return id;
}

/** A step of a task: fetches what `reference` means now. @throws AppError unavailable in the engine's words */
export async function pullImage(app: DockerApp & AuthApp, task: TaskContext, reference: string): Promise<void> {
  const { name, wanted } = wantedOf(reference);
  task.step('imagePull');
  // The engine ends a pull when nobody listens any longer: the task's signal ends the stream.
  const stream = await streamDocker(app, { method: 'POST', path: '/images/create', query: { fromImage: name, tag: wanted }, headers: await registryAuth(app, reference), signal: task.signal, timeout: BEGIN_MS });
  const progress = new PullProgress();
  await followLines(stream, (line) => {
    const said = progress.read(line);
    if (said !== null) task.log(said);
    task.progress(progress.value());
  });
  // Of a pull that was cancelled the stream only ends.
  task.signal.throwIfAborted();
}
