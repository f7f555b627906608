import { z } from 'zod';
import { NetworkName } from '../core/networks/network.ts';
import { Attachment, connectContainer, createNetwork, disconnectContainer, getNetwork, listNetworks, removeNetwork, type NetworkRow } from '../core/networks/networks.ts';
import { NewNetwork } from '../core/networks/new.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { naturalKey } from '../lib/natural.ts';
import { pageOfRows } from '../lib/page.ts';
import { endpoint } from './endpoint.ts';
import { UsedBy } from './images.ts';
import { answer, collection, MaybeTime, means } from './schemas.ts';

const facts = {
  id: z.string(),
  name: z.string(),
  driver: z.string(),
  scope: z.string(),
  internal: means(z.boolean(), 'networkInternal'),
  ipv6: z.boolean(),
  predefined: means(z.boolean(), 'networkPredefined'),
  subnets: z.array(z.object({ subnet: z.string(), gateway: z.string().nullable() })),
  labels: means(z.record(z.string(), z.string()), 'labelPairs'),
  options: means(z.record(z.string(), z.string()), 'volumeOptions'),
  createdAt: MaybeTime,
  stack: means(z.string().nullable(), 'stackOf'),
};
const Network = z.object({ ...facts, usedBy: UsedBy }).meta({ id: 'Network' });
const Member = z.object({ id: z.string(), name: z.string(), running: z.boolean(), ipv4: z.string().nullable(), ipv6: z.string().nullable(), mac: z.string().nullable() });
const NetworkWhole = z.object({ ...facts, members: means(z.array(Member), 'networkMembers') }).meta({ id: 'NetworkDetails' });

const Params = z.strictObject({ id: means(NetworkName, 'networkKey') });
const Body = z.strictObject({ container: means(Attachment.shape.container, 'containerKey') });
const ORDER = { name: ({ name }: NetworkRow) => naturalKey(name), createdAt: ({ createdAt }: NetworkRow) => createdAt ?? 0 };

export const networks = [
  endpoint({
    id: 'networks.list', method: 'get', path: '/networks', permission: 'networks.read', status: 200,
    query: z.strictObject({ ...listFields(['name', 'createdAt'], 'name'), q: means(z.string().max(200).optional(), 'networkFilter') }),
    response: collection(Network),
    refusals: ['unavailable'],
    async run(app, actor, { query }) {
      return answer(pageOfRows(await listNetworks(app, actor, { q: query.q ?? '' }), ORDER, ({ id }) => id, pageQuery(query)), query.sort);
    },
  }),
  endpoint({
    id: 'networks.create', method: 'post', path: '/networks', permission: 'networks.write', status: 201,
    body: NewNetwork.safeExtend({ subnets: means(NewNetwork.shape.subnets, 'networkSubnets'), parent: means(NewNetwork.shape.parent, 'networkParent'), labels: means(NewNetwork.shape.labels, 'labelPairs') }),
    response: NetworkWhole, refusals: ['conflict', 'unavailable', 'not_found'],
    example: { body: { name: 'shop', subnets: [{ subnet: '172.30.0.0/24', gateway: '172.30.0.1' }] } },
    run: async (app, actor, { body }) => getNetwork(app, actor, await createNetwork(app, actor, body)),
  }),
  endpoint({
    id: 'networks.get', method: 'get', path: '/networks/{id}', permission: 'networks.read', status: 200,
    params: Params, response: NetworkWhole, refusals: ['unavailable'],
    run: (app, actor, { params }) => getNetwork(app, actor, params.id),
  }),
  endpoint({
    id: 'networks.remove', method: 'delete', path: '/networks/{id}', permission: 'networks.write', status: 204,
    params: Params, refusals: ['conflict', 'unavailable'],
    run: (app, actor, { params }) => removeNetwork(app, actor, params.id),
  }),
  endpoint({
    id: 'networks.connect', method: 'post', path: '/networks/{id}/connect', permission: 'networks.write', status: 204,
    params: Params, body: Body, refusals: ['conflict', 'unavailable'],
    example: { body: { container: 'gitea' } },
    run: (app, actor, { params, body }) => connectContainer(app, actor, params.id, body),
  }),
  endpoint({
    id: 'networks.disconnect', method: 'post', path: '/networks/{id}/disconnect', permission: 'networks.write', status: 204,
    params: Params, body: Body, refusals: ['conflict', 'unavailable'],
    example: { body: { container: 'gitea' } },
    run: (app, actor, { params, body }) => disconnectContainer(app, actor, params.id, body),
  }),
];
