import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import type { DockerStream } from '../../platform/docker.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { askDocker, orMissing, streamDocker } from '../docker/ask.ts';
import { ImageTag, parseReference, referenceText } from '../images/reference.ts';
import { getContainer } from './detail.ts';
import { imageId } from './recreate/inspected.ts';

const text = z.string().trim().max(500, say('commit.long', (t) => t.containerCommit.tooLong)).regex(/^[^\p{Cc}]*$/u, say('commit.long', (t) => t.containerCommit.tooLong)).default('');

export const CommitInput = z.strictObject({
  reference: ImageTag,
  author: text,
  message: text,
  /** Files that change while they are copied may be half of each. */
  pause: z.boolean().default(true),
  /** The name may be another image's: that one goes on without it. */
  replace: z.boolean().default(false),
});

/** Large file systems take their time, and the engine says nothing meanwhile. */
const COMMIT_MS = 3_600_000;
const Committed = z.object({ Id: z.string() });

/** Makes an image of what a container is now. @returns the task @throws AppError denied, not_found, conflict (field `reference`: the name is taken) */
export async function commitContainer(app: App, actor: Actor, id: string, input: z.output<typeof CommitInput>): Promise<string> {
  need(actor, 'containers.admin');
  const one = await getContainer(app, actor, id);
  const { name, tag } = parseReference(input.reference)!;
  const reference = referenceText({ name, tag: tag ?? 'latest', digest: null });
  const refuse = async () => {
    if (!input.replace && (await orMissing(imageId(app, reference)))) throw new AppError('conflict', (t) => t.containerCommit.taken({ reference }), { field: 'reference' });
  };
  await refuse();
  const task = app.tasks.start(actor, {
    kind: 'containers.commit', key: `containers.commit ${reference}`, params: { name: one.name, reference }, steps: ['commit'],
    async run({ step, log, signal }) {
      step('commit');
      await refuse();
      const query = { container: one.id, repo: name, tag: tag ?? 'latest', author: input.author, comment: input.message, pause: input.pause };
      // It wants a body to be there, and takes from it what the container has.
      const { Id } = await askDocker(app, { method: 'POST', path: '/commit', query, body: {}, timeout: COMMIT_MS, signal }, Committed);
      log(`${reference}: ${Id}`);
    },
  });
  record(app, actor, { action: 'containers.commit', target: one.name, params: { task, reference } });
  return task;
}

/** The engine packs nothing before its first byte: it is quick to begin. */
const BEGIN_MS = 60_000;

/** Its file system without volumes, as a tar on its way. @throws AppError denied, not_found, unavailable */
export async function exportContainer(app: App, actor: Actor, id: string, signal?: AbortSignal): Promise<{ name: string; body: DockerStream }> {
  need(actor, 'containers.admin');
  const one = await getContainer(app, actor, id);
  const body = await streamDocker(app, { path: `/containers/${one.id}/export`, timeout: BEGIN_MS, ...(signal ? { signal } : {}) });
  record(app, actor, { action: 'containers.export', target: one.name });
  return { name: `${one.name}-${new Date(app.clock.now()).toISOString().slice(0, 10)}.tar`, body };
}
