import { afterEach, beforeEach, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { SYSTEM } from '../app.ts';
import { followedLogs } from './follow.ts';
import { LogQuery } from './query.ts';

let panel: TestApp;
beforeEach(() => void (panel = testApp()));
afterEach(() => panel.close());

const query = { ...LogQuery.parse({}), regex: false };

test('nobody is answered before the place is taken from which on all is told', async () => {
  const { page } = panel.app.host.logs;
  const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  panel.app.host.logs.page = async (...words) => {
    asked.resolve();
    await go.promise;
    return page(...words);
  };
  const over = new AbortController();
  const following = followedLogs(panel.app, SYSTEM, query, null, over.signal);
  await asked.promise;
  expect(Bun.peek.status(following)).toBe('pending');
  go.resolve();
  const told = (await following)[Symbol.asyncIterator]();
  panel.clock.advance(40_000);
  expect((await told.next()).value!.length).toBeGreaterThan(0);
  over.abort();
});

test('whoever goes before, or may not, is not waited for', async () => {
  panel.app.host.logs.page = () => new Promise(() => {});
  const over = new AbortController();
  const following = followedLogs(panel.app, SYSTEM, query, null, over.signal);
  over.abort();
  expect(await Array.fromAsync(await following)).toEqual([]);
  await expect(followedLogs(panel.app, { ...SYSTEM, kind: 'user', role: null } as never, query, null, over.signal)).rejects.toMatchObject({ code: 'denied' });
});
