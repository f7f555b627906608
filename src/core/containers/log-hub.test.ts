import { expect, test } from 'bun:test';
import { testApp } from '../../../test/support/app.ts';
import { until } from '../../../test/support/until.ts';
import type { DockerCall, DockerDriver } from '../../platform/docker.ts';
import { SYSTEM } from '../app.ts';
import { followLog } from './log-follow.ts';
import type { LogLine } from './log-lines.ts';

const ID = 'a'.repeat(64);
const timeOf = (n: number) => `2026-01-01T00:00:${String(Math.floor(n / 1e6)).padStart(2, '0')}.${String(n % 1e6).padStart(9, '0')}Z`;

/** An engine that says as many lines as it is told to. */
function saying() {
  const calls: DockerCall[] = [];
  let next = 1;
  let wake = () => {};
  let until = 0;
  let over = false;
  const docker: DockerDriver = {
    endpoint: () => 'unix:///nowhere',
    ask: async () => ({ Id: ID, Name: '/x', Created: '2026-01-01T00:00:00Z', Path: 'x', Image: 'sha256:1', State: { Status: 'running', ExitCode: 0 }, Config: { Image: 'x', Tty: false }, HostConfig: {} }),
    async stream(call) {
      calls.push(call);
      async function* pieces() {
        while (!over && !call.signal?.aborted) {
          const lines = Array.from({ length: Math.min(500, until - next + 1) }, () => Buffer.from(`${timeOf(next)} line ${next++}\n`));
          yield Buffer.concat(lines.map((line) => Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, line.length >> 8, line.length & 255]), line])));
          if (next > until) await new Promise<void>((resolve) => (wake = resolve));
        }
      }
      return Object.assign(pieces(), { destroy: () => wake() });
    },
  };
  return { docker, calls, say: (n: number) => ((until = n), wake()), end: () => ((over = true), wake()) };
}

function follower(ready = () => true) {
  const seen: { lines: LogLine[]; left: number }[] = [];
  let ended = false;
  return { seen, isOver: () => ended, all: () => seen.reduce((sum, { lines, left }) => sum + lines.length + left, 0), lines: (lines: LogLine[], left: number) => void seen.push({ lines, left }), ready, end: () => void (ended = true) };
}

test('who follows the same log costs the engine one stream; who comes late is told what it missed, by number', async () => {
  const engine = saying();
  const t = testApp({ docker: engine.docker });
  const query = { tail: 'all' as const, stdout: true, stderr: true, q: '', after: timeOf(0) };
  const [one, two, picky] = [follower(), follower(), follower()];
  const stops = [followLog(t.app, SYSTEM, ID, query, one)];
  engine.say(10);
  await until(() => one.all() === 10);
  engine.say(30_000);
  await until(() => one.all() === 30_000);
  // Behind by more than is kept.
  stops.push(followLog(t.app, SYSTEM, ID, { ...query, after: timeOf(10) }, two), followLog(t.app, SYSTEM, ID, { ...query, q: 'line 30005' }, picky));
  await until(() => two.all() > 0);
  engine.say(30_010);
  await until(() => one.all() === 30_010 && two.all() === 30_000 && picky.all() === 1);
  expect(one.seen.at(-1)!.lines.at(-1)!.text).toBe('line 30010');
  expect(picky.seen[0]!.lines[0]!.text).toBe('line 30005');
  expect(engine.calls.filter(({ path }) => path.endsWith('/logs'))).toHaveLength(1);
  engine.end();
  await until(() => one.isOver() && two.isOver() && picky.isOver());
  for (const stop of stops) stop();
  await t.close();
});

test('the last who goes ends the stream, and the next begins a new one', async () => {
  const engine = saying();
  const t = testApp({ docker: engine.docker });
  const query = { tail: 'all' as const, stdout: true, stderr: true, q: '', after: timeOf(0) };
  const one = follower();
  const stop = followLog(t.app, SYSTEM, ID, query, one);
  engine.say(5);
  await until(() => one.all() === 5);
  stop();
  expect(engine.calls[0]!.signal!.aborted).toBe(true);
  const two = follower();
  const stopTwo = followLog(t.app, SYSTEM, ID, query, two);
  engine.say(8);
  await until(() => two.all() > 0);
  expect(engine.calls).toHaveLength(2);
  stopTwo();
  await t.close();
});

test('S22 a page that takes nothing is kept the newest for, and told the rest as a number', async () => {
  const engine = saying();
  const t = testApp({ docker: engine.docker });
  let takes = false;
  const [slow, quick] = [follower(() => takes), follower()];
  const stops = [slow, quick].map((one) => followLog(t.app, SYSTEM, ID, { tail: 'all', stdout: true, stderr: true, q: '', after: timeOf(0) }, one));
  engine.say(50_000);
  // Both are told of a line at once: whoever takes them has had them all.
  await until(() => quick.all() === 50_000);
  expect(slow.seen).toEqual([]);
  takes = true;
  await until(() => slow.seen.length > 0);
  expect(slow.all()).toBe(50_000);
  expect(slow.seen[0]!.lines).toHaveLength(200);
  expect(slow.seen[0]!.lines.at(-1)!.text).toBe('line 50000');
  for (const stop of stops) stop();
  await t.close();
});
