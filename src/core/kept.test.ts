import { expect, test } from 'bun:test';
import { createFakeHost } from '../platform/fake/host.ts';
import { kept } from './kept.ts';

function stand() {
  let now = 0;
  const asked: PromiseWithResolvers<string>[] = [];
  const ask = kept(100, () => {
    const next = Promise.withResolvers<string>();
    asked.push(next);
    return next.promise;
  });
  const app = { host: createFakeHost(), clock: { now: () => now, monotonic: () => now } };
  return { asked, app, ask, pass: (ms: number) => void (now += ms) };
}

test('a fault is not kept, and takes nothing away that was asked for after it', async () => {
  const { asked, app, ask } = stand();
  const old = ask(app).catch(String);
  ask.forget(app);
  const fresh = ask(app);
  asked[0]!.reject(new Error('broken'));
  expect(await old).toBe('Error: broken');
  asked[1]!.resolve('good');
  expect([await fresh, await ask(app), asked.length]).toEqual(['good', 'good', 2]);
  ask.forget(app);
  const again = ask(app).catch(String);
  asked[2]!.reject(new Error('again'));
  await again;
  void ask(app);
  expect(asked).toHaveLength(4);
});

test('what takes longer than it is kept is shared all the same, and kept from its end on; each machine by itself', async () => {
  const { asked, app, ask, pass } = stand();
  const first = ask(app);
  pass(500);
  const second = ask(app);
  asked[0]!.resolve('slow');
  expect([await first, await second, asked.length]).toEqual(['slow', 'slow', 1]);
  pass(99);
  await ask(app);
  void ask({ ...app, host: createFakeHost() });
  expect(asked).toHaveLength(2);
  pass(1);
  void ask(app);
  expect(asked).toHaveLength(3);
});
