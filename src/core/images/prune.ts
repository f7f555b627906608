import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { measureUsage } from '../docker/usage.ts';
import type { TaskContext } from '../tasks/runner.ts';
import { isUnused, type Image } from './image.ts';
import { listImages, removeImage } from './images.ts';

export const PRUNE_KINDS = ['dangling', 'unused'] as const;
export type PruneKind = (typeof PRUNE_KINDS)[number];

export interface PrunePreview {
  /** An image with several names is there once for each. */
  images: Image[];
  /** Bytes that no other image has a part in: at least so many are freed. */
  atLeast: number;
}

/** What would go: images without a name that no container uses, or all that no container uses. */
export async function previewPrune(app: App, actor: Actor, kind: PruneKind): Promise<PrunePreview> {
  need(actor, 'images.admin');
  const [all, usage] = await Promise.all([listImages(app, actor), measureUsage(app)]);
  const images = all.filter((image) => isUnused(image) && (kind === 'unused' || image.reference === null));
  const atLeast = [...new Set(images.map(({ id }) => id))].reduce((sum, id) => sum + (usage.images.get(id) ?? 0), 0);
  return { images, atLeast };
}

export const PruneInput = z.strictObject({
  /** Of the rows that were shown. */
  keys: z.array(z.string().max(600)).min(1).max(5000),
});

/**
 * Removes these images, as a task: each is looked at again, and one that a container has come to use, or whose name means
 * another image now, stays. The engine's own prune would remove whatever is unused at that moment, which nobody has seen.
 */
export function startPrune(app: App, actor: Actor, { keys }: z.output<typeof PruneInput>): string {
  need(actor, 'images.admin');
  const wanted = new Set(keys);
  return app.tasks.start(actor, {
    kind: 'images.prune', key: 'images.prune', params: { count: wanted.size }, steps: ['imageRemove'],
    run: (task) => prune(app, actor, task, wanted),
  });
}

async function prune(app: App, actor: Actor, task: TaskContext, wanted: ReadonlySet<string>) {
  task.step('imageRemove');
  const before = await measureUsage(app);
  const images = (await listImages(app, actor)).filter((image) => wanted.has(image.key) && isUnused(image));
  if (images.length < wanted.size) task.log(`kept, in use or gone meanwhile: ${wanted.size - images.length}`);
  let failed = 0;
  for (const [i, { id, reference }] of images.entries()) {
    if (task.signal.aborted) return;
    try {
      const { untagged, deleted } = await removeImage(app, actor, reference ?? id);
      for (const name of untagged) task.log(`untagged: ${name}`);
      for (const name of deleted) task.log(`deleted: ${name}`);
    } catch (error) {
      if (!(error instanceof AppError) || !['conflict', 'not_found'].includes(error.code)) throw error;
      failed++;
      task.log(`${reference ?? id}: ${task.tell(error)}`);
    }
    task.progress((i + 1) / images.length);
  }
  const freed = Math.max(0, before.layers - (await measureUsage(app)).layers);
  task.log(`removed: ${images.length - failed}, failed: ${failed}, freed: ${freed} bytes`);
  record(app, actor, { action: 'images.prune', target: String(images.length - failed), params: { freed } });
}
