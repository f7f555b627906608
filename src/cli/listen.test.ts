import { expect, test } from 'bun:test';
import { Hono } from 'hono';
import { connect as connect2 } from 'node:http2';
import { connect } from 'node:net';
import { until } from '../../test/support/until.ts';
import { issueSelfSigned } from '../core/certificate/issue.ts';
import type { Env } from '../http/env.ts';
import { systemRandom } from '../lib/random.ts';
import { listen } from './listen.ts';

/** A connection as a browser keeps it: it is used again. */
function keepAlive(port: number) {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  let closed = false;
  socket.on('data', (bytes) => (said += bytes.toString('latin1')));
  socket.on('close', () => (closed = true));
  return { ask: (path: string) => socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`), said: () => said, closed: () => closed, end: () => socket.destroy() };
}

test('whoever was connected has to come in anew; what is under way is answered first', async () => {
  const [asked, slow] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const hono = new Hono<Env>();
  hono.get('/now', (c) => c.text('now'));
  hono.get('/slow', async (c) => {
    asked.resolve();
    await slow.promise;
    return c.text('in the end');
  });
  const listener = await listen({ config: { host: '127.0.0.1', port: 0 }, pair: null, assets: {} as never, hono, waitMs: 0 });
  const [idle, busy] = [keepAlive(listener.port), keepAlive(listener.port)];
  idle.ask('/now');
  busy.ask('/slow');
  await until(() => idle.said().endsWith('now'));
  await asked.promise;
  await listener.renew();
  await until(() => idle.closed());
  expect(busy.closed()).toBe(false);
  slow.resolve();
  await until(() => busy.said().endsWith('in the end') && busy.closed());
  expect(await (await fetch(`http://127.0.0.1:${listener.port}/now`)).text()).toBe('now');
  for (const each of [idle, busy]) each.end();
  await listener.close();
});

test('over HTTP/2 as well, also while a stream goes on: the next request finds no way over the old connection', async () => {
  const pair = await issueSelfSigned(['127.0.0.1'], Date.now(), systemRandom);
  const hono = new Hono<Env>();
  hono.get('/now', (c) => c.text('now'));
  hono.get('/stream', () => new Response(new ReadableStream({ start: (controller) => controller.enqueue('begun') })));
  const listener = await listen({ config: { host: '127.0.0.1', port: 0 }, pair, assets: {} as never, hono, waitMs: 0 });
  const session = connect2(`https://127.0.0.1:${listener.port}`, { rejectUnauthorized: false });
  let gone = false;
  session.on('goaway', () => (gone = true)).on('error', () => {});
  const ask = (path: string) => {
    const request = session.request({ ':path': path });
    let said = '';
    request.on('data', (bytes: Buffer) => (said += bytes.toString())).on('error', () => {});
    request.end();
    return { said: () => said, destroyed: () => request.destroyed };
  };
  const [now, stream] = [ask('/now'), ask('/stream')];
  await until(() => now.said() === 'now' && stream.said() === 'begun');
  await listener.renew();
  await until(() => gone);
  expect(stream.destroyed()).toBe(false);
  expect(() => ask('/now')).toThrow();
  const fresh = await fetch(`https://127.0.0.1:${listener.port}/now`, { tls: { rejectUnauthorized: false } });
  expect(await fresh.text()).toBe('now');
  session.destroy();
  listener.abort();
});
