import { afterEach, beforeEach, expect, test } from 'bun:test';
import { Hono } from 'hono';
import { testApp, ORIGIN, type TestApp } from '../../test/support/app.ts';
import { live } from '../../test/support/live.ts';
import { endSession } from '../core/sessions/sessions.ts';
import { users } from '../db/schema/users.ts';
import { AppError } from '../lib/errors.ts';
import { wholeBody } from './body.ts';
import type { Env } from './env.ts';

let t: TestApp;
beforeEach(() => void (t = testApp()));
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

/** A body that is sent in two halves; `between` runs after the first. */
function halves(text: string, between: () => void): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent++ === 0) return controller.enqueue(bytes.slice(0, 7));
      between();
      controller.enqueue(bytes.slice(7));
      controller.close();
    },
  });
}

const FORM = { name: 'ghost', role: 'admin', password: 'ghost in the shell 99' };
const names = () => t.app.db.select({ name: users.name }).from(users).all().map((row) => row.name);

for (const length of [true, false]) {
  test(`S10 a request that is half sent when its session ends does nothing (${length ? 'content-length' : 'chunked'})`, async () => {
    const admin = t.as('admin');
    const body = new URLSearchParams(FORM).toString();
    const answer = await admin.request('/users', {
      method: 'POST',
      body: halves(body, () => endSession(t.app, admin.sessionId)),
      headers: { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded', ...(length ? { 'content-length': String(body.length) } : {}) },
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/signin');
    expect(names()).toEqual(['admin']);
  });
}

test('S10 the same over a real socket', async () => {
  const admin = t.as('admin');
  const door = live(t);
  const body = new URLSearchParams(FORM).toString();
  const head = [
    'POST /users HTTP/1.1', `Host: 127.0.0.1:${door.port}`, `Origin: ${door.origin}`, `Cookie: mantou_session=${admin.token}`,
    'Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`, 'Connection: close', '', '',
  ].join('\r\n');
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = await Bun.connect({ hostname: '127.0.0.1', port: door.port, socket: { data: (_, bytes) => resolve(bytes.toString()), close: () => resolve(''), error: () => resolve('') } });
  socket.write(head + body.slice(0, 7));
  socket.flush();
  await Bun.sleep(100);
  endSession(t.app, admin.sessionId);
  socket.write(body.slice(7));
  socket.flush();
  expect(await promise).toContain('303');
  expect(names()).toEqual(['admin']);
  socket.end();
  door.stop();
});

test('S22 a body that is too long or never ends is let go', async () => {
  const app = new Hono<Env>();
  app.onError((error, c) => c.text(error instanceof AppError ? error.code : String(error), 422));
  app.use(wholeBody({ most: 100, waitMs: 50 }));
  app.post('/', async (c) => c.text(await c.req.text()));
  const post = async (body: ReadableStream<Uint8Array> | string, headers: Record<string, string> = {}) =>
    (await app.fetch(new Request('http://panel/', { method: 'POST', body: body as never, headers }))).text();
  let dropped = false;
  const drip = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await Bun.sleep(5);
      if (!dropped) controller.enqueue(new Uint8Array(1));
    },
    cancel: () => void (dropped = true),
  });
  expect(await post(drip)).toBe('invalid');
  expect(dropped).toBe(true);
  expect(await post('x'.repeat(101))).toBe('invalid');
  expect(await post('short', { 'content-length': '101' })).toBe('invalid');
  expect(await post('x'.repeat(100))).toBe('x'.repeat(100));
});
