import { z } from 'zod';
import { getImage, IMAGE_ORDER, IMAGE_SHOWS, IMAGE_SORTS, listImages, NewTag, removeImage, tagImage } from '../core/images/images.ts';
import { previewPrune, PRUNE_KINDS, PruneInput, startPrune } from '../core/images/prune.ts';
import { PullInput, startPull } from '../core/images/pull.ts';
import { ImageKey } from '../core/images/reference.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { patient } from '../http/patient.ts';
import { pageOfRows } from '../lib/page.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, MaybeTime, means, Time } from './schemas.ts';

/** Containers that use something. */
export const UsedBy = means(z.array(z.object({ id: z.string(), name: z.string(), running: z.boolean() })), 'usedBy');
const Id = means(z.string(), 'imageId');
const Size = means(z.number(), 'imageSize');

const Image = z
  .object({
    key: means(z.string(), 'imageRow'),
    id: Id,
    reference: means(z.string().nullable(), 'imageReference'),
    repository: means(z.string().nullable(), 'imageRepository'),
    tag: z.string().nullable(),
    digests: means(z.array(z.string()), 'imageDigests'),
    size: Size,
    createdAt: Time,
    usedBy: UsedBy,
  })
  .meta({ id: 'Image' });

const ImageWhole = z
  .object({
    id: Id,
    references: z.array(z.string()),
    digests: means(z.array(z.string()), 'imageDigests'),
    size: Size,
    createdAt: MaybeTime,
    os: z.string(),
    architecture: z.string(),
    author: z.string(),
    entrypoint: z.array(z.string()),
    command: z.array(z.string()),
    user: z.string(),
    folder: z.string(),
    ports: z.array(z.string()),
    volumes: z.array(z.string()),
    labels: means(z.record(z.string(), z.string()), 'imageLabels'),
    layers: z.number().int(),
    usedBy: UsedBy,
    history: z.array(z.object({ command: z.string(), size: z.number(), createdAt: MaybeTime, comment: z.string() })),
  })
  .meta({ id: 'ImageDetails' });

const Params = z.strictObject({ id: means(ImageKey, 'imageKey') });
/** Of what was started about images. */
export const ImageTask = z.object({ task: means(z.uuid(), 'startedTask') }).meta({ id: 'ImageTask' });

export const images = [
  endpoint({
    id: 'images.list', method: 'get', path: '/images', permission: 'images.read', status: 200,
    query: z.strictObject({ ...listFields(IMAGE_SORTS, 'reference'), q: means(z.string().max(200).optional(), 'imageFilter'), show: means(z.enum(IMAGE_SHOWS).optional(), 'imageShow') }),
    response: collection(Image),
    refusals: ['unavailable'],
    example: { query: 'show=unused&sort=-size' },
    async run(app, actor, { query }) {
      const all = await listImages(app, actor, { q: query.q ?? '', show: query.show });
      return answer(pageOfRows(all, IMAGE_ORDER, ({ key }) => key, pageQuery(query)), query.sort);
    },
  }),
  endpoint({
    id: 'images.pull', method: 'post', path: '/images/pull', permission: 'images.write', status: 202,
    body: z.strictObject({ reference: means(PullInput.shape.reference, 'imagePull') }),
    response: ImageTask, refusals: ['conflict'],
    example: { body: { reference: 'redis:7-alpine' } },
    run: (app, actor, { body }) => ({ task: startPull(app, actor, body) }),
  }),
  endpoint({
    id: 'images.prunable', method: 'get', path: '/images/prune', permission: 'images.admin', status: 200,
    query: z.strictObject({ kind: means(z.enum(PRUNE_KINDS).default('dangling'), 'pruneKind') }),
    response: z.object({ images: z.array(Image), atLeast: means(z.number(), 'pruneAtLeast') }).meta({ id: 'PrunableImages' }),
    refusals: ['unavailable'],
    run(app, actor, { query }, c) {
      patient(c);
      return previewPrune(app, actor, query.kind);
    },
  }),
  endpoint({
    id: 'images.prune', method: 'post', path: '/images/prune', permission: 'images.admin', status: 202,
    body: z.strictObject({ keys: means(PruneInput.shape.keys, 'pruneKeys') }),
    response: ImageTask, refusals: ['conflict'],
    example: { body: { keys: ['acme/shop:1 sha256:0123…'] } },
    run: (app, actor, { body }) => ({ task: startPrune(app, actor, body) }),
  }),
  endpoint({
    id: 'images.get', method: 'get', path: '/images/{id}', permission: 'images.read', status: 200,
    params: Params, response: ImageWhole, refusals: ['unavailable'],
    run: (app, actor, { params }) => getImage(app, actor, params.id),
  }),
  endpoint({
    id: 'images.tag', method: 'post', path: '/images/{id}/tag', permission: 'images.write', status: 200,
    params: Params,
    body: z.strictObject({ reference: means(NewTag.shape.reference, 'imagePull') }),
    response: z.object({ reference: z.string() }).meta({ id: 'ImageName' }),
    refusals: ['unavailable', 'conflict'],
    example: { body: { reference: 'acme/shop:stable' } },
    run: async (app, actor, { params, body }) => ({ reference: await tagImage(app, actor, params.id, body) }),
  }),
  endpoint({
    id: 'images.remove', method: 'delete', path: '/images/{id}', permission: 'images.admin', status: 200,
    params: Params,
    query: z.strictObject({ force: means(z.enum(['true', 'false']).default('false'), 'imageForce') }),
    response: z.object({ untagged: z.array(z.string()), deleted: z.array(z.string()) }).meta({ id: 'RemovedImage' }),
    refusals: ['conflict', 'unavailable'],
    run(app, actor, { params, query }, c) {
      patient(c);
      return removeImage(app, actor, params.id, { force: query.force === 'true' });
    },
  }),
];
