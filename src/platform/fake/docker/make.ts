import { randomBytes } from 'node:crypto';
import type { Hono } from 'hono';
import type { FakeContainer } from './containers.ts';
import { inTheWay, notThere, type FakeWorld } from './world.ts';

interface Body {
  Image?: string;
  Labels?: Record<string, string>;
  HostConfig?: { PortBindings?: Record<string, { HostIp?: string; HostPort?: string }[] | null> | null };
}

const PROJECT = 'com.docker.compose.project';

interface Needs extends FakeWorld {
  /** Id of the image that has this name; undefined for none. */
  imageOf(name: string): string | undefined;
  tell(one: FakeContainer, action: string): void;
}

/** What makes containers of images, and images of containers. */
export function addMaking(engine: Hono, { clock, containers, imageOf, tell, notice }: Needs) {
  const find = (id: string) => containers.find((one) => one.id === id || one.name === id || one.id.startsWith(id));

  engine.post('/containers/create', async (c) => {
    const name = c.req.query('name') ?? '';
    const body = (await c.req.json()) as Body;
    const imageId = imageOf(body.Image ?? '');
    if (imageId === undefined) return notThere(`No such image: ${body.Image}`);
    const taken = containers.find((one) => one.name === name);
    if (taken) return inTheWay(`Conflict. The container name "/${name}" is already in use by container "${taken.id}". You have to remove (or rename) that container to be able to reuse that name.`);
    // Made anew, it uses what the old one used.
    const like = containers.find((one) => name.startsWith(one.name));
    const now = clock.now();
    const made: FakeContainer = {
      id: randomBytes(32).toString('hex'), name, image: body.Image ?? '', imageId, stack: body.Labels?.[PROJECT] ?? null, service: body.Labels?.['com.docker.compose.service'] ?? null,
      state: 'created', health: like?.health ? 'healthy' : null, exitCode: 0, createdAt: now, changedAt: now, ports: like?.ports ?? portsOf(body), cpu: like?.cpu ?? 0.02, memory: like?.memory ?? 48 << 20,
    };
    containers.push(made);
    tell(made, 'create');
    return c.json({ Id: made.id, Warnings: [] }, 201);
  });

  engine.post('/commit', (c) => {
    const { container = '', repo = '', tag = 'latest' } = c.req.query();
    const one = find(container);
    if (!one) return notThere(`No such container: ${container}`);
    const id = `sha256:${randomBytes(32).toString('hex')}`;
    notice('image', 'tag', `${repo}:${tag}`);
    return c.json({ Id: id }, 201);
  });

  engine.get('/containers/:id/export', (c) => {
    const one = find(c.req.param('id'));
    // An archive without anything in it: two blocks of zeros.
    return one ? new Response(new Uint8Array(1024), { headers: { 'content-type': 'application/x-tar' } }) : notThere(`No such container: ${c.req.param('id')}`);
  });
}

const portsOf = ({ HostConfig }: Body): FakeContainer['ports'] =>
  Object.entries(HostConfig?.PortBindings ?? {}).flatMap(([key, bindings]) => (bindings ?? []).map(({ HostIp, HostPort }) => ({ address: HostIp || '0.0.0.0', host: Number(HostPort) || 49_153, container: Number(key.split('/')[0]) })));
