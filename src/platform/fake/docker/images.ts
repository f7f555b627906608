import { createHash } from 'node:crypto';
import type { Hono } from 'hono';
import { ndjson } from './stream.ts';
import { inTheWay, notThere, type FakeWorld } from './world.ts';

export interface FakeImage {
  id: string;
  names: string[];
  digests: string[];
  size: number;
  /** ms since 1970. */
  createdAt: number;
}

const DAY = 86_400_000;
const MB = 1e6;

export const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
export const imageIdOf = (name: string) => digestOf(`image ${name}`);

const MADE: readonly [name: string, mb: number, days: number][] = [
  ['ghcr.io/acme/shop:2026.11.3', 412, 12], ['ghcr.io/acme/shop:2026.10.1', 409, 54], ['postgres:17.2-alpine', 274, 33], ['redis:7.4-alpine', 41, 40],
  ['ghost:6-alpine', 538, 47], ['mysql:8.4', 611, 60], ['gitea/gitea:1.24', 178, 44], ['registry:2.8', 26, 400], ['prom/node-exporter:v1.7', 23, 380], ['alpine:3.20', 8, 120],
];

function fakeImages(now: number): FakeImage[] {
  const named = MADE.map(([name, mb, days]): FakeImage => ({
    id: imageIdOf(name), names: [name], digests: [`${repositoryOf(name)}@${digestOf(name)}`], size: mb * MB, createdAt: now - days * DAY,
  }));
  const dangling = [1, 2].map((n): FakeImage => ({ id: imageIdOf(`dangling ${n}`), names: [], digests: [], size: (398 + n) * MB, createdAt: now - n * 20 * DAY }));
  return [...named, ...dangling];
}

const repositoryOf = (name: string) => name.slice(0, name.indexOf(':', name.lastIndexOf('/')));
const SHARED = 7.8 * MB;
/** Layers of a made-up pull, with their bytes. */
const LAYERS = [3.6 * MB, 28 * MB, 9.4 * MB, 1200];
const STEPS = 12;
const STEP_MS = 120;

/** What registries have under these names by now is another image than the one that is here. */
const NEWER = ['gitea/gitea:1.24', 'postgres:17.2-alpine', 'registry:2.8'];
const newerOf = (name: string) => digestOf(`newer ${name}`);

/** @returns those that there are, to which builds and loads add, and what finds the id of one by one of its names */
export function addImages(engine: Hono, { clock, containers, notice }: FakeWorld): { images: FakeImage[]; imageOf: (name: string) => string | undefined } {
  const images = fakeImages(clock.now());
  const find = (key: string) => images.find(({ id, names, digests }) => names.includes(key) || names.includes(`${key}:latest`) || digests.includes(key) || id === key || id.slice(7).startsWith(key));
  const users = (one: FakeImage) => containers.filter(({ image, imageId }) => (imageId ?? imageIdOf(image)) === one.id);

  engine.get('/images/json', (c) => c.json(images.map((one) => ({ Id: one.id, RepoTags: one.names, RepoDigests: one.digests, Size: one.size, Created: Math.floor(one.createdAt / 1000) }))));

  engine.get('/images/:name{.+}/json', (c) => {
    const one = find(c.req.param('name'));
    if (!one) return notThere(`No such image: ${c.req.param('name')}`);
    return c.json({
      Id: one.id, RepoTags: one.names, RepoDigests: one.digests, Created: new Date(one.createdAt).toISOString(), Author: '', Architecture: 'amd64', Os: 'linux', Size: one.size,
      Config: { User: '', ...(NEWER.some((name) => one.id === imageIdOf(`newer ${name}`)) ? { Env: ['VERSION=2'], ExposedPorts: { '8080/tcp': {}, '9090/tcp': {} } } : { Env: ['VERSION=1'], ExposedPorts: { '8080/tcp': {} } }), Cmd: ['serve', '--port', '8080'], Entrypoint: ['docker-entrypoint.sh'], WorkingDir: '/srv', Volumes: null, Labels: { 'org.opencontainers.image.source': 'https://example.org/source' } },
      RootFS: { Layers: [digestOf('a'), digestOf('b'), one.id] },
    });
  });

  engine.get('/distribution/:name{.+}/json', (c) => {
    const name = c.req.param('name');
    if (name.startsWith('ghcr.io/')) return Response.json({ message: 'unauthorized: authentication required' }, { status: 401 });
    return c.json({ Descriptor: { digest: NEWER.includes(name) ? newerOf(name) : digestOf(name) } });
  });

  engine.get('/images/:name{.+}/history', (c) => {
    const one = find(c.req.param('name'));
    if (!one) return notThere(`No such image: ${c.req.param('name')}`);
    const step = (by: string, size: number) => ({ Created: Math.floor(one.createdAt / 1000), CreatedBy: by, Size: size, Comment: 'buildkit.dockerfile.v0' });
    return c.json([
      step('CMD ["serve" "--port" "8080"]', 0), step('EXPOSE map[8080/tcp:{}]', 0), step('COPY /out /srv # buildkit', one.size - SHARED - 2 * MB),
      step('RUN apk add --no-cache ca-certificates tzdata # buildkit', 2 * MB), step('ADD alpine-minirootfs-3.20.3-x86_64.tar.gz / # buildkit', SHARED),
    ]);
  });

  engine.get('/images/get', (c) => new Response(new Uint8Array(1024 * (c.req.queries('names') ?? []).length), { headers: { 'content-type': 'application/x-tar' } }));

  engine.get('/images/:name{.+}/get', (c) => {
    const one = find(c.req.param('name'));
    // An archive without anything in it: two blocks of zeros.
    return one ? new Response(new Uint8Array(1024), { headers: { 'content-type': 'application/x-tar' } }) : notThere(`No such image: ${c.req.param('name')}`);
  });

  engine.post('/images/create', (c) => {
    const { fromImage = '', tag = 'latest' } = c.req.query();
    const name = tag.startsWith('sha256:') ? fromImage : `${fromImage}:${tag}`;
    if (/missing/.test(name)) return notThere(`manifest for ${name} not found: manifest unknown: manifest unknown`);
    return ndjson((send, end) => {
      const say = (value: object) => send(`${JSON.stringify(value)}\n`);
      const ids = LAYERS.map((_, i) => digestOf(`${name} ${i}`).slice(7, 19));
      say({ status: `Pulling from ${fromImage.includes('/') ? fromImage : `library/${fromImage}`}`, id: tag });
      for (const id of ids) say({ status: 'Pulling fs layer', progressDetail: {}, id });
      let at = 0;
      const timer = setInterval(() => {
        at++;
        for (const [i, id] of ids.entries()) say({ status: 'Downloading', progressDetail: { current: (LAYERS[i]! * at) / STEPS, total: LAYERS[i] }, id });
        if (at < STEPS) return;
        clearInterval(timer);
        for (const id of ids) say({ status: 'Pull complete', progressDetail: {}, id });
        const had = find(name);
        const other = NEWER.includes(name) && !had?.digests.some((digest) => digest.endsWith(newerOf(name)));
        say({ status: `Digest: ${other ? newerOf(name) : digestOf(name)}` });
        say({ status: `Status: ${had ? 'Image is up to date' : 'Downloaded newer image'} for ${name}` });
        if (had && other) had.names = had.names.filter((each) => each !== name);
        if (had && other) images.push({ id: imageIdOf(`newer ${name}`), names: [name], digests: [`${fromImage}@${newerOf(name)}`], size: had.size, createdAt: clock.now() });
        if (!had) images.push({ id: imageIdOf(name), names: [name], digests: [`${fromImage}@${digestOf(name)}`], size: LAYERS.reduce((sum, size) => sum + size, 0), createdAt: clock.now() });
        notice('image', 'pull', name);
        end();
      }, STEP_MS);
      return () => clearInterval(timer);
    });
  });

  engine.post('/images/:name{.+}/tag', (c) => {
    const one = find(c.req.param('name'));
    if (!one) return notThere(`No such image: ${c.req.param('name')}`);
    const name = `${c.req.query('repo')}:${c.req.query('tag')}`;
    for (const other of images) other.names = other.names.filter((each) => each !== name);
    one.names.push(name);
    notice('image', 'tag', one.id);
    return new Response(null, { status: 201 });
  });

  engine.delete('/images/:name{.+}', (c) => {
    const key = c.req.param('name');
    const one = find(key);
    if (!one) return notThere(`No such image: ${key}`);
    const named = one.names.includes(key);
    const force = c.req.query('force') === 'true';
    const [user] = users(one);
    if (user && (!named || one.names.length === 1) && (user.state === 'running' || !force)) {
      const how = user.state === 'running' ? 'cannot be forced' : 'must be forced';
      return inTheWay(`conflict: unable to ${named ? 'remove repository reference' : 'delete'} "${key}" (${how}) - container ${user.id.slice(0, 12)} is using its referenced image ${one.id.slice(7, 19)}`);
    }
    if (!named && one.names.length > 1 && !force) return inTheWay(`conflict: unable to delete ${one.id.slice(7, 19)} (must be forced) - image is referenced in multiple repositories`);
    const untagged = named ? [key] : one.names;
    one.names = one.names.filter((name) => !untagged.includes(name));
    if (one.names.length === 0) images.splice(images.indexOf(one), 1);
    notice('image', one.names.length ? 'untag' : 'delete', one.id);
    return c.json([...untagged.map((name) => ({ Untagged: name })), ...(one.names.length ? [] : [{ Deleted: one.id }])]);
  });

  engine.get('/system/df', async (c) => {
    const volumes = (await (await engine.request('/volumes')).json()) as { Volumes: { Name: string }[] };
    return c.json({
      LayersSize: images.reduce((sum, { size }) => sum + size - SHARED, SHARED),
      Images: images.map((one) => ({ Id: one.id, Size: one.size, SharedSize: SHARED, Containers: users(one).length })),
      Volumes: volumes.Volumes.map(({ Name }) => ({ Name, UsageData: { Size: Math.round(((Name.length * 7919) % 4000) * 1.3 * MB), RefCount: 0 } })),
    });
  });
  return { images, imageOf: (name) => find(name)?.id };
}
