import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import type { Hono } from 'hono';
import { extract, pack, type Header } from 'tar-stream';
import { notThere, type FakeWorld } from './world.ts';

interface Entry {
  /** Below the volume: `` for itself, `data/`. */
  header: Header;
  bytes: Buffer;
}

const IMAGE = 'mantou-carrier:1';
const MOUNT = 'volume';

/** What is in a made-up volume until something else is put there. */
function madeUp(volume: string, now: number): Entry[] {
  const mtime = new Date(now - 86_400_000);
  const of = (name: string, text: string | null): Entry => {
    const bytes = Buffer.from(text ?? '');
    return { header: { name, type: text === null ? 'directory' : 'file', mode: text === null ? 0o755 : 0o644, uid: 999, gid: 999, size: bytes.length, mtime } as Header, bytes };
  };
  return [of('', null), of('README.txt', `This volume is made up: ${volume}\n`), of('data/', null), of('data/records.db', `${volume}\n`.repeat(5000))];
}

/** Containers that only lend their mounts, and what is in volumes: it can be read and replaced, and lasts as long as the process. */
export function addCarriers(engine: Hono, { clock }: FakeWorld) {
  const volumes = new Map<string, Entry[]>();
  /** Name of a container → name of its volume. */
  const carriers = new Map<string, string>();
  let image = false;

  engine.post('/images/create', async (c, next) => {
    if (c.req.query('fromSrc') !== '-') return next();
    image = true;
    return c.json({ status: 'sha256:0' });
  });
  engine.get('/images/:name/json', async (c, next) => {
    if (c.req.param('name') !== IMAGE) return next();
    return image ? c.json({ Id: 'sha256:0' }) : notThere(`No such image: ${IMAGE}`);
  });
  engine.delete('/images/:name', async (c, next) => {
    if (c.req.param('name') !== IMAGE) return next();
    if (!image) return notThere(`No such image: ${IMAGE}`);
    image = false;
    return c.json([]);
  });

  engine.post('/containers/create', async (c, next) => {
    const { Image, HostConfig } = (await c.req.raw.clone().json()) as { Image: string; HostConfig?: { Mounts?: { Source: string }[] } };
    if (Image !== IMAGE) return next();
    carriers.set(c.req.query('name')!, HostConfig!.Mounts![0]!.Source);
    return c.json({ Id: c.req.query('name'), Warnings: [] }, 201);
  });
  engine.delete('/containers/:id', (c, next) => (carriers.delete(c.req.param('id')) ? Promise.resolve(new Response(null, { status: 204 })) : next()));

  engine.get('/containers/:id/archive', async (c, next) => {
    const volume = carriers.get(c.req.param('id'));
    if (volume === undefined) return next();
    const prefix = c.req.query('path') === `/${MOUNT}` ? `${MOUNT}/` : './';
    const tar = pack();
    for (const { header, bytes } of volumes.get(volume) ?? madeUp(volume, clock.now())) tar.entry({ ...header, name: `${prefix}${header.name}` }, bytes);
    tar.finalize();
    return new Response(Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Buffer>)));
  });

  engine.put('/containers/:id/archive', async (c, next) => {
    const volume = carriers.get(c.req.param('id'));
    if (volume === undefined) return next();
    const named = c.req.query('path') === '/';
    const kept = new Map((volumes.get(volume) ?? []).map((entry) => [entry.header.name, entry]));
    const reader = extract();
    reader.on('entry', (header, stream, done) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece) => void pieces.push(piece as Buffer));
      stream.on('end', () => {
        const name = named ? header.name.replace(/^volume\/?/, '') : header.name.replace(/^\.\//, '');
        kept.set(name, { header: { ...header, name }, bytes: Buffer.concat(pieces) });
        done();
      });
    });
    await pipeline(Readable.fromWeb(c.req.raw.body as unknown as NodeReadableStream), reader as never);
    volumes.set(volume, [...kept.values()]);
    return new Response(null, { status: 200 });
  });
}
