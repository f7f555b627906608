import { z } from 'zod';
import type { Volume as CoreVolume } from '../core/volumes/volume.ts';
import { VolumeName } from '../core/volumes/volume.ts';
import { measureVolumes } from '../core/volumes/sizes.ts';
import { createVolume, getVolume, listVolumes, NewVolume, removeVolume, VOLUME_SHOWS } from '../core/volumes/volumes.ts';
import { naturalKey } from '../lib/natural.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { patient } from '../http/patient.ts';
import { pageOfRows } from '../lib/page.ts';
import { endpoint } from './endpoint.ts';
import { UsedBy } from './images.ts';
import { answer, collection, MaybeTime, means } from './schemas.ts';

const Volume = z
  .object({
    name: means(z.string(), 'volumeName'),
    driver: means(z.string(), 'volumeDriver'),
    mountpoint: means(z.string(), 'volumeMountpoint'),
    scope: z.string(),
    createdAt: MaybeTime,
    labels: means(z.record(z.string(), z.string()), 'labelPairs'),
    options: means(z.array(z.string()), 'volumeOptionNames'),
    anonymous: means(z.boolean(), 'volumeAnonymous'),
    stack: means(z.string().nullable(), 'stackOf'),
    usedBy: UsedBy,
  })
  .meta({ id: 'Volume' });

/** Options may hold the password of a share (S13). */
const show = (volume: CoreVolume) => ({ ...volume, options: Object.keys(volume.options) });

const Params = z.strictObject({ name: means(VolumeName, 'volumeName') });
const ORDER = { name: ({ name }: CoreVolume) => naturalKey(name), createdAt: ({ createdAt }: CoreVolume) => createdAt ?? 0 };

export const volumes = [
  endpoint({
    id: 'volumes.list', method: 'get', path: '/volumes', permission: 'volumes.read', status: 200,
    query: z.strictObject({ ...listFields(['name', 'createdAt'], 'name'), q: means(z.string().max(200).optional(), 'volumeFilter'), show: z.enum(VOLUME_SHOWS).optional() }),
    response: collection(Volume),
    refusals: ['unavailable'],
    example: { query: 'show=unused' },
    async run(app, actor, { query }) {
      const page = pageOfRows(await listVolumes(app, actor, { q: query.q ?? '', show: query.show }), ORDER, ({ name }) => name, pageQuery(query));
      return answer({ ...page, items: page.items.map(show) }, query.sort);
    },
  }),
  endpoint({
    id: 'volumes.create', method: 'post', path: '/volumes', permission: 'volumes.write', status: 201,
    body: z.strictObject({
      name: means(NewVolume.shape.name, 'volumeName'),
      driver: means(NewVolume.shape.driver, 'volumeDriver'),
      options: means(NewVolume.shape.options, 'volumeOptions'),
      labels: means(NewVolume.shape.labels, 'labelPairs'),
    }),
    response: Volume, refusals: ['conflict', 'unavailable', 'not_found'],
    example: { body: { name: 'shop-data', labels: { owner: 'shop' } } },
    async run(app, actor, { body }, c) {
      patient(c);
      return show(await createVolume(app, actor, body));
    },
  }),
  endpoint({
    id: 'volumes.sizes', method: 'get', path: '/volume-sizes', permission: 'volumes.read', status: 200,
    response: z.object({ sizes: means(z.record(z.string(), z.number().nullable()), 'volumeSizes') }).meta({ id: 'VolumeSizes' }),
    refusals: ['unavailable'],
    async run(app, actor, _input, c) {
      patient(c);
      return { sizes: Object.fromEntries(await measureVolumes(app, actor)) };
    },
  }),
  endpoint({
    id: 'volumes.get', method: 'get', path: '/volumes/{name}', permission: 'volumes.read', status: 200,
    params: Params, response: Volume, refusals: ['unavailable'],
    run: async (app, actor, { params }) => show(await getVolume(app, actor, params.name)),
  }),
  endpoint({
    id: 'volumes.remove', method: 'delete', path: '/volumes/{name}', permission: 'volumes.write', status: 204,
    params: Params, refusals: ['conflict', 'unavailable'],
    run(app, actor, { params }, c) {
      patient(c);
      return removeVolume(app, actor, params.name);
    },
  }),
];
