import type { Hono } from 'hono';
import { digestOf, imageIdOf, type FakeImage } from './images.ts';
import { ndjson } from './stream.ts';
import { notThere, type FakeWorld } from './world.ts';

const STEP_MS = 150;
const MB = 1e6;
/** Layers of a made-up push, with their bytes. */
const LAYERS = [4 * MB, 30 * MB, 900];
const STEPS = 30;

type Say = (value: object) => void;

/** One word after the other, for as long as somebody listens. `last` says the end. */
function told(words: readonly ((say: Say) => void)[], last: (say: Say) => void = () => {}): Response {
  return ndjson((send, end) => {
    const say: Say = (value) => send(`${JSON.stringify(value)}\n`);
    let at = 0;
    const timer = setInterval(() => {
      if (at < words.length) return words[at++]!(say);
      clearInterval(timer);
      last(say);
      end();
    }, STEP_MS);
    return () => clearInterval(timer);
  });
}

const refused = (message: string) => (say: Say) => say({ errorDetail: { message }, error: message });

/** What is sent, built and loaded on the engine that does not exist, and who signs in to registries that do not either. */
export function addImageWork(engine: Hono, { clock, notice }: FakeWorld, images: FakeImage[]) {
  const add = (names: readonly string[], size: number) => {
    const id = imageIdOf(`${names.join(' ')} ${clock.now()}`);
    for (const other of images) other.names = other.names.filter((name) => !names.includes(name));
    images.push({ id, names: [...names], digests: [], size, createdAt: clock.now() });
    notice('image', 'tag', id);
    return id;
  };

  engine.post('/auth', async (c) => {
    const { password } = (await c.req.json()) as { password?: string };
    if (password === 'wrong') return c.json({ message: 'Get "https://registry.example.org/v2/": unauthorized: incorrect username or password' }, 401);
    return c.json({ Status: 'Login Succeeded', IdentityToken: '' });
  });

  engine.post('/images/:name{.+}/push', (c) => {
    const name = `${c.req.param('name')}:${c.req.query('tag')}`;
    if (!images.some(({ names }) => names.includes(name))) return notThere(`An image does not exist locally with the tag: ${c.req.param('name')}`);
    const ids = LAYERS.map((_, i) => digestOf(`${name} ${i}`).slice(7, 19));
    const denied = /denied/.test(name);
    const pieces = Array.from({ length: denied ? 2 : STEPS }, (_, n) => (say: Say) => ids.forEach((id, i) => say({ status: 'Pushing', progressDetail: { current: (LAYERS[i]! * (n + 1)) / STEPS, total: LAYERS[i] }, id })));
    return told(
      [(say) => say({ status: `The push refers to repository [${c.req.param('name')}]` }), (say) => ids.forEach((id) => say({ status: 'Preparing', progressDetail: {}, id })), ...pieces],
      denied ? refused('denied: requested access to the resource is denied') : (say) => {
        ids.forEach((id) => say({ status: 'Pushed', progressDetail: {}, id }));
        say({ status: `${c.req.query('tag')}: digest: ${digestOf(name)} size: 949` });
      },
    );
  });

  engine.post('/build', async (c) => {
    // The folder is read to its end, as the real one does.
    const { byteLength } = await c.req.arrayBuffer();
    const names = c.req.queries('t') ?? [];
    const lines = ['FROM alpine:3.20', 'RUN apk add --no-cache ca-certificates', 'COPY . /srv', 'CMD ["/srv/run"]'];
    const steps = lines.map((line, i) => (say: Say) => {
      say({ stream: `Step ${i + 1}/${lines.length} : ${line}` });
      say({ stream: `\n ---> ${digestOf(line).slice(7, 19)}\n` });
    });
    if (c.req.query('target') === 'missing') return c.json({ message: 'failed to reach build target missing in Dockerfile' }, 400);
    return told(steps, (say) => {
      const id = add(names, 8 * MB + byteLength);
      say({ aux: { ID: id } });
      say({ stream: `Successfully built ${id.slice(7, 19)}\n` });
      for (const name of names) say({ stream: `Successfully tagged ${name}\n` });
    });
  });

  engine.post('/images/load', async (c) => {
    const { byteLength } = await c.req.arrayBuffer();
    const name = 'acme/loaded:1';
    const id = digestOf('loaded').slice(7, 19);
    return told([(say) => say({ status: 'Loading layer', progressDetail: { current: byteLength, total: byteLength }, id })], (say) => {
      add([name], byteLength);
      say({ stream: `Loaded image: ${name}\n` });
    });
  });
}
