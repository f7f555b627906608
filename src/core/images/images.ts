import { z } from 'zod';
import { can, need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { listHolders } from '../containers/holders.ts';
import { askDocker, orMissing, streamDocker, tellDocker } from '../docker/ask.ts';
import type { DockerStream } from '../../platform/docker.ts';
import { naturalKey } from '../../lib/natural.ts';
import { AppError } from '../../lib/errors.ts';
import { detailsOf, History, imagesOf, Inspected, isUnused, layerOf, ListedImages, type Image, type ImageDetails, type Layer } from './image.ts';
import { ImageKey, ImageTag, parseReference, referenceText } from './reference.ts';

export const IMAGE_SHOWS = ['used', 'unused', 'dangling'] as const;
export const IMAGE_SORTS = ['reference', 'size', 'createdAt'] as const;
export type ImageSort = (typeof IMAGE_SORTS)[number];

export const ImageFilter = z.object({
  /** In names, digests, names of containers, and as the beginning of the id. */
  q: z.string().max(200).default(''),
  show: z.enum(IMAGE_SHOWS).optional(),
});

/** How rows stand: what has no name comes after everything that has one. */
export const IMAGE_ORDER: Readonly<Record<ImageSort, (image: Image) => string | number>> = {
  reference: ({ repository, tag, reference }) => `${reference === null ? '1' : '0'}${naturalKey(repository ?? '')} ${naturalKey(tag ?? '')}`,
  size: ({ size }) => size,
  createdAt: ({ createdAt }) => createdAt,
};

export const isShown = (image: Image, show: (typeof IMAGE_SHOWS)[number] | undefined) =>
  !show || (show === 'dangling' ? image.reference === null : isUnused(image) === (show === 'unused'));

/** All there are, a row for each name, by name. */
export async function listImages(app: App, actor: Actor, { q = '', show }: Partial<z.output<typeof ImageFilter>> = {}): Promise<Image[]> {
  need(actor, 'images.read');
  const [raw, holders] = await Promise.all([askDocker(app, { path: '/images/json' }, ListedImages), listHolders(app)]);
  const words = q.trim().toLowerCase();
  const all = raw.flatMap((one) => imagesOf(one, holders)).filter((one) => isShown(one, show) && (!words || matches(one, words)));
  const key = IMAGE_ORDER.reference;
  return all.map((image) => ({ image, at: `${key(image)} ${image.id}` })).sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ image }) => image);
}

function matches({ id, reference, digests, usedBy }: Image, words: string): boolean {
  const texts = [reference ?? '', ...digests, ...usedBy.map(({ name }) => name)];
  return texts.some((text) => text.toLowerCase().includes(words)) || (words.length >= 4 && id.replace('sha256:', '').startsWith(words));
}

export interface ImageWhole extends ImageDetails {
  usedBy: Image['usedBy'];
  /** How it was made, newest first. */
  history: Layer[];
}

/** @throws AppError not_found */
export async function getImage(app: App, actor: Actor, key: string): Promise<ImageWhole> {
  need(actor, 'images.read');
  const path = `/images/${accepted(key)}`;
  const [raw, history, holders] = await Promise.all([askDocker(app, { path: `${path}/json` }, Inspected), askDocker(app, { path: `${path}/history` }, History), listHolders(app)]);
  return {
    ...detailsOf(raw),
    usedBy: holders.filter(({ imageId }) => imageId === raw.Id).map(({ id, name, running }) => ({ id, name, running })),
    history: history.map(layerOf),
  };
}

/** An id or name that is none is one that is not there. */
function accepted(key: string): string {
  const parsed = ImageKey.safeParse(key);
  if (!parsed.success) throw new AppError('not_found', (t) => t.images.notFound);
  return parsed.data;
}

export const NewTag = z.strictObject({ reference: ImageTag });

/**
 * Gives an image a further name; one that another image had leaves it, which is for administrators: what a container of theirs
 * is made of next would be somebody else's choice (S18). @throws AppError denied, not_found
 */
export async function tagImage(app: App, actor: Actor, key: string, { reference }: z.output<typeof NewTag>): Promise<string> {
  need(actor, 'images.write');
  const { name, tag } = parseReference(reference)!;
  const whole = referenceText({ name, tag: tag ?? 'latest', digest: null });
  if (!can(actor, 'images.admin') && (await orMissing(askDocker(app, { path: `/images/${whole}/json` }, Inspected)))) {
    throw new AppError('denied', (t) => t.images.nameTaken({ name: whole }), { field: 'reference' });
  }
  await tellDocker(app, { path: `/images/${accepted(key)}/tag`, query: { repo: name, tag: tag ?? 'latest' } });
  record(app, actor, { action: 'images.tag', target: whole, params: { image: key } });
  return whole;
}

const Removed = z.array(z.object({ Untagged: z.string().optional(), Deleted: z.string().optional() }));

/** Files of large images are deleted one by one. */
const REMOVE_MS = 120_000;

export interface RemovedImage {
  /** Names that were taken off. */
  untagged: string[];
  /** Ids of images and layers that are gone. */
  deleted: string[];
}

/**
 * By a name: takes the name off, and the image with its last one. By an id: the image; one with several names, or that a
 * stopped container uses, only with `force`.
 * @throws AppError not_found, conflict in the engine's words
 */
export async function removeImage(app: App, actor: Actor, key: string, { force = false }: { force?: boolean } = {}): Promise<RemovedImage> {
  need(actor, 'images.admin');
  try {
    const items = await askDocker(app, { method: 'DELETE', path: `/images/${accepted(key)}`, query: { force }, timeout: REMOVE_MS }, Removed);
    record(app, actor, { action: 'images.remove', target: key, ...(force ? { params: { force } } : {}) });
    return { untagged: items.flatMap(({ Untagged }) => Untagged ?? []), deleted: items.flatMap(({ Deleted }) => Deleted ?? []) };
  } catch (error) {
    if (error instanceof AppError) record(app, actor, { action: 'images.remove', target: key, result: 'failed' });
    throw error;
  }
}

/** Images that go into one tar. */
const EXPORT_MOST = 100;
export const ExportInput = z.strictObject({ images: z.array(ImageKey).min(1).max(EXPORT_MOST) });

/** Several in one tar, each layer once; those that are named by a name keep it. @throws AppError not_found for the first that is not there */
export async function exportImages(app: App, actor: Actor, { images }: z.output<typeof ExportInput>, signal?: AbortSignal): Promise<{ name: string; body: DockerStream }> {
  need(actor, 'images.write');
  const keys = [...new Set(images)];
  if (keys.length === 1) return exportImage(app, actor, keys[0]!, signal);
  // The engine would say so only when the answer has begun.
  for (const key of keys) await askDocker(app, { path: `/images/${accepted(key)}/json` }, Inspected);
  const body = await streamDocker(app, { path: '/images/get', query: { names: keys }, timeout: REMOVE_MS, ...(signal ? { signal } : {}) });
  record(app, actor, { action: 'images.export', target: keys.slice(0, 20).join(', '), params: { count: keys.length } });
  return { name: `images-${keys.length}.tar`, body };
}

/** The image as `docker save` writes it, a tar on its way. @throws AppError not_found */
export async function exportImage(app: App, actor: Actor, key: string, signal?: AbortSignal): Promise<{ name: string; body: DockerStream }> {
  need(actor, 'images.write');
  const path = `/images/${accepted(key)}`;
  const { Id, RepoTags } = await askDocker(app, { path: `${path}/json` }, Inspected);
  const body = await streamDocker(app, { path: `${path}/get`, timeout: REMOVE_MS, ...(signal ? { signal } : {}) });
  record(app, actor, { action: 'images.export', target: key });
  const shown = parseReference(key) ? key : (RepoTags?.[0] ?? Id.replace('sha256:', '').slice(0, 12));
  return { name: `${shown.replace(/[^\w.-]+/g, '-')}.tar`, body };
}
