import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerError } from '../docker.ts';
import { createDocker } from './engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'mantou-engine-'));
const servers: { stop(now?: boolean): unknown }[] = [];
afterAll(async () => {
  for (const server of servers) await server.stop(true);
  rmSync(folder, { recursive: true });
});

let count = 0;
/** An engine that answers as a test says, on a socket of its own. */
function answering(scheme: string, fetch: (request: Request) => Response | Promise<Response>) {
  const path = join(folder, `${count++}.sock`);
  servers.push(Bun.serve({ unix: path, fetch, idleTimeout: 0 } as never));
  return createDocker(() => `${scheme}://${path}`);
}

// The way over pipes is the same over sockets; over a pipe it is tried under Wine (test/real/wine.test.ts).
describe.each(['unix', 'npipe'])('%s', (scheme) => {

  const statusOf = (promise: Promise<unknown>) => promise.then(() => 'done', (error: unknown) => (error instanceof DockerError ? [error.status, error.message] : error));

  test('what is asked goes as the engine wants it, and its own words come back', async () => {
    const asked: string[] = [];
    const docker = answering(scheme, async (request) => {
      asked.push(`${request.method} ${new URL(request.url).pathname}${new URL(request.url).search} ${await request.text()}`);
      if (request.url.endsWith('/gone')) return Response.json({ message: 'No such container: gone' }, { status: 404 });
      return request.method === 'GET' ? Response.json([1]) : new Response(null, { status: 204 });
    });
    expect(await docker.ask({ path: '/containers/json', query: { all: true, limit: undefined, filters: { status: ['running'] } } })).toEqual([1]);
    expect(await docker.ask({ method: 'POST', path: '/containers/create', body: { Image: 'a' } })).toBeNull();
    expect(await statusOf(docker.ask({ path: '/gone' }))).toEqual([404, 'No such container: gone']);
    expect(asked).toEqual(['GET /containers/json?all=true&filters=%7B%22status%22%3A%5B%22running%22%5D%7D ', 'POST /containers/create {"Image":"a"}', 'GET /gone ']);
  });

  test('a tar is sent as it comes, with what the engine is told beside it', async () => {
    const docker = answering(scheme, async (request) => Response.json([request.headers.get('content-type'), request.headers.get('x-registry-auth'), await request.text()]));
    const pieces = ['a'.repeat(100_000), 'b'];
    const data = new ReadableStream<Uint8Array>({ pull: (controller) => (pieces.length ? controller.enqueue(new TextEncoder().encode(pieces.shift())) : controller.close()) });
    expect(await docker.ask({ method: 'POST', path: '/build', content: { type: 'application/x-tar', data }, headers: { 'x-registry-auth': 'e30=' } })).toEqual(['application/x-tar', 'e30=', `${'a'.repeat(100_000)}b`]);
  });

  test('S22 an answer without an end is not kept, whatever it says of itself', async () => {
    let sent = 0;
    const endless = (status: number) => answering(scheme, () => {
      const piece = new Uint8Array(1 << 20).fill(0x20);
      return new Response(new ReadableStream<Uint8Array>({ pull: (controller) => void ((sent += piece.length), controller.enqueue(piece)) }), { status });
    });
    expect(await statusOf(endless(200).ask({ path: '/version' }))).toEqual(['broken', expect.stringContaining('bytes')]);
    expect(await statusOf(endless(500).ask({ path: '/version' }))).toEqual([500, 'HTTP 500']);
    const before = sent;
    await Bun.sleep(200);
    expect([sent < 200 << 20, sent - before < 8 << 20]).toEqual([true, true]);
  });

  test('nobody there, or somebody who says nothing, or not all of it', async () => {
    expect(await statusOf(createDocker(() => `${scheme}://${folder}/none.sock`).ask({ path: '/version' }))).toEqual(['absent', expect.any(String)]);
    expect(await statusOf(createDocker(() => 'tcp://127.0.0.1:1').ask({ path: '/version' }))).toEqual(['absent', expect.any(String)]);
    expect(await statusOf(createDocker(() => 'carrier-pigeon://x').ask({ path: '/version' }))).toEqual(['broken', expect.any(String)]);
    const silent = answering(scheme, () => new Promise<Response>(() => {}));
    expect(await statusOf(silent.ask({ path: '/version', timeout: 100 }))).toEqual(['silent', 'no answer in time']);
    expect(await statusOf(silent.stream({ path: '/events', timeout: 100 }))).toEqual(['silent', 'no answer in time']);
    const half = answering(scheme, () => new Response(new ReadableStream({ start: (controller) => controller.enqueue('{"a":') })));
    expect(await statusOf(half.ask({ path: '/version', timeout: 200 }))).toEqual(['silent', 'no answer in time']);
    const proxy = answering(scheme, () => new Response('<h1>Bad Gateway</h1>', { status: 502 }));
    expect(await statusOf(proxy.ask({ path: '/version' }))).toEqual([502, '<h1>Bad Gateway</h1>']);
  });

  test('a stream ends when whoever reads it stops, and the engine knows', async () => {
    const ended = Promise.withResolvers<void>();
    const docker = answering(scheme, () => new Response(new ReadableStream({
      async pull(controller) {
        controller.enqueue('line\n');
        await Bun.sleep(5);
      },
      cancel: () => ended.resolve(),
    })));
    for await (const piece of await docker.stream({ path: '/events' })) {
      expect(piece.toString()).toContain('line\n');
      break;
    }
    await ended.promise;
    const over = new AbortController();
    let bytes = 0;
    for await (const piece of await docker.stream({ path: '/events', signal: over.signal })) {
      bytes += piece.length;
      over.abort();
    }
    expect(bytes).toBeGreaterThan(0);
  });
});
