import type { Hono } from 'hono';
import { inTheWay, notThere, type FakeWorld } from './world.ts';

interface FakeVolume {
  name: string;
  driver: string;
  /** ms since 1970. */
  createdAt: number;
  labels: Record<string, string>;
  options: Record<string, string> | null;
}

const DAY = 86_400_000;

/** Which container has which. */
const MOUNTS: Readonly<Record<string, readonly string[]>> = {
  'shop-db-1': ['shop_db'], 'shop-redis-1': ['shop_cache'], 'shop-web-1': ['shop_uploads'], 'shop-worker-1': ['shop_uploads'],
  'blog-app-1': ['blog_content'], 'blog-mysql-1': ['blog_mysql'], gitea: ['gitea'], registry: ['registry'],
};

export const volumesOf = (container: string): readonly string[] => MOUNTS[container] ?? [];

const UNUSED = ['shop_db_2025', '5e1f3c0a9b7d4826e1f05a3c8d7b69421f0e3d5c7a9b8e6f4d2c1b0a9f8e7d6c'];

function fakeVolumes(now: number): FakeVolume[] {
  const used = [...new Set(Object.values(MOUNTS).flat())];
  return [...used, ...UNUSED].map((name, i): FakeVolume => {
    const stack = /^(shop|blog)_/.exec(name)?.[1];
    return { name, driver: 'local', createdAt: now - (12 + i * 3) * DAY, labels: stack ? { 'com.docker.compose.project': stack } : {}, options: null };
  });
}

export function addVolumes(engine: Hono, { clock, containers, notice }: FakeWorld) {
  const volumes = fakeVolumes(clock.now());
  const shown = ({ name, driver, createdAt, labels, options }: FakeVolume) => ({
    Name: name, Driver: driver, Mountpoint: `/var/lib/docker/volumes/${name}/_data`, Scope: 'local', CreatedAt: new Date(createdAt).toISOString(), Labels: labels, Options: options,
  });

  engine.get('/volumes', (c) => c.json({ Volumes: volumes.map(shown), Warnings: null }));

  engine.post('/volumes/create', async (c) => {
    const { Name, Driver, DriverOpts, Labels } = (await c.req.json()) as { Name: string; Driver: string; DriverOpts: Record<string, string>; Labels: Record<string, string> };
    if (Driver !== 'local') return notThere(`create ${Name}: error looking up volume plugin ${Driver}: plugin "${Driver}" not found`);
    const made: FakeVolume = { name: Name, driver: Driver, createdAt: clock.now(), labels: Labels, options: Object.keys(DriverOpts).length ? DriverOpts : null };
    volumes.push(made);
    notice('volume', 'create', Name);
    return c.json(shown(made), 201);
  });

  engine.get('/volumes/:name', (c) => {
    const one = volumes.find(({ name }) => name === c.req.param('name'));
    return one ? c.json(shown(one)) : notThere(`get ${c.req.param('name')}: no such volume`);
  });

  engine.delete('/volumes/:name', (c) => {
    const at = volumes.findIndex(({ name }) => name === c.req.param('name'));
    const [one] = volumes.slice(at, at + 1);
    if (at < 0 || !one) return notThere(`get ${c.req.param('name')}: no such volume`);
    const users = containers.filter(({ name }) => volumesOf(name).includes(one.name));
    if (users.length) return inTheWay(`remove ${one.name}: volume is in use - [${users.map(({ id }) => id).join(', ')}]`);
    volumes.splice(at, 1);
    notice('volume', 'destroy', one.name);
    return new Response(null, { status: 204 });
  });
}
