import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { Hono } from 'hono';
import { endSession } from '../core/sessions/sessions.ts';
import { sessions } from '../db/schema/sessions.ts';
import type { AppError } from '../lib/errors.ts';
import type { Env } from './env.ts';
import { createStreams, frame, type Stream, type Streams } from './sse.ts';
import { testApp, type Browser, type TestApp } from '../../test/support/app.ts';
import { until } from '../../test/support/until.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test('a frame keeps every line of the payload inside the event', () => {
  expect(text(frame('log', 'one\ntwo', '7'))).toBe('id: 7\nevent: log\ndata: one\ndata: two\n\n');
  expect(text(frame('log', ''))).toBe('event: log\ndata: \n\n');
});

describe('streams on a real socket', () => {
  let panel: TestApp;
  let browser: Browser;
  let streams: Streams;
  let live: Stream[];
  let ended: number;
  let server: ReturnType<typeof Bun.serve>;

  beforeEach(() => {
    panel = testApp();
    browser = panel.as('viewer');
    streams = createStreams(panel.app, 100);
    live = [];
    ended = 0;
    const hono = new Hono<Env>().onError((error, c) => c.text('', (error as AppError).status)).get('/stream', (c) => {
      c.set('actor', { kind: 'user', userId: browser.userId, name: 'viewer', role: 'viewer', sessionId: browser.sessionId, tokenId: null, ip: '' });
      return streams.open(c, (stream) => {
        live.push(stream);
        stream.onEnd(() => ended++);
        stream.send('hello', '{}');
      });
    });
    server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: (request, server) => hono.fetch(request, { server }) });
  });
  afterEach(async () => {
    streams.stop('stop');
    await server.stop(true);
    await panel.close();
  });

  const connect = async () => {
    const abort = new AbortController();
    const answer = await fetch(new URL('/stream', server.url), { signal: abort.signal });
    return { answer, reader: answer.body!.getReader(), abort };
  };

  test('S10 when the time of a session is over, so is what it has open', async () => {
    const { reader } = await connect();
    const held = Promise.withResolvers<string>();
    const context = { get: (name: string) => (name === 'actor' ? { kind: 'user', userId: browser.userId, name: 'viewer', role: 'viewer', sessionId: browser.sessionId, tokenId: null, ip: '' } : ''), req: { header: () => undefined } };
    const letGo = streams.hold(context as never, (reason) => held.resolve(reason));
    await until(() => live.length === 1);
    await Bun.sleep(250);
    expect(ended).toBe(0);
    panel.clock.advance(31 * 86_400_000);
    expect(await rest(reader)).toContain('event: signed-out');
    expect(await held.promise).toBe('signed-out');
    letGo();
  });

  const rest = async (reader: { read(): Promise<{ value?: Uint8Array; done: boolean }> }) => {
    let all = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return all;
      all += text(value!);
    }
  };

  test('S10 ending the session ends its streams with a word, and only those', async () => {
    const mine = await connect();
    await until(() => live.length === 1);
    panel.app.bus.emit('sessions.ended', { ids: ['another'] });
    live[0]!.send('still', '{}');
    endSession(panel.app, browser.sessionId);
    const all = await rest(mine.reader);
    expect(all).toContain('event: still');
    expect(all).toContain('event: signed-out');
    expect(streams.count()).toBe(0);
    expect(ended).toBe(1);
  });

  test('S10 a session that another process removed ends its streams when the database changed', async () => {
    const mine = await connect();
    await until(() => live.length === 1);
    panel.app.bus.emit('database.changed', {});
    expect(streams.count()).toBe(1);
    panel.app.db.delete(sessions).run();
    panel.app.bus.emit('database.changed', {});
    expect(await rest(mine.reader)).toContain('event: signed-out');
  });

  test('the page going away ends the stream and what fed it', async () => {
    const mine = await connect();
    await until(() => live.length === 1);
    mine.abort.abort();
    await until(() => ended === 1);
    expect(streams.count()).toBe(0);
    live[0]!.send('late', '{}'); // nobody hears; nothing breaks
  });

  test('S22 a page that stops reading is let go before it fills the memory', async () => {
    await connect();
    await until(() => live.length === 1);
    const mebibyte = new Uint8Array(1 << 20);
    for (let i = 0; i < 200 && streams.count(); i++) {
      live[0]!.sendFrame(mebibyte);
      await Bun.sleep(0);
    }
    expect(streams.count()).toBe(0);
    expect(ended).toBe(1);
  });

  test('stopping says goodbye with the reason', async () => {
    const mine = await connect();
    await until(() => live.length === 1);
    streams.stop('restart');
    const all = await rest(mine.reader);
    expect(all).toContain('event: bye');
    expect(all).toContain('"reason":"restart"');
  });

  test('S22 a HEAD opens nothing that nobody would end', async () => {
    const answer = await fetch(new URL('/stream', server.url), { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toStartWith('text/event-stream');
    expect(streams.count()).toBe(0);
    expect(live).toEqual([]);
  });

  test('S22 one session has so many streams and no more', async () => {
    const open = await Promise.all(Array.from({ length: 100 }, connect));
    expect(streams.count()).toBe(100);
    const one = await fetch(new URL('/stream', server.url));
    expect(one.status).toBe(503);
    expect(streams.count()).toBe(100);
    open[0]!.abort.abort();
    await until(() => streams.count() === 99);
    const again = await connect();
    expect(again.answer.status).toBe(200);
    for (const { abort } of [...open, again]) abort.abort();
    await until(() => streams.count() === 0);
  });
});
