import { afterEach, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { until } from '../../../test/support/until.ts';
import type { DockerDriver } from '../../platform/docker.ts';
import { SYSTEM } from '../app.ts';
import { followLog } from './log-follow.ts';
import { readLog } from './logs.ts';

let panel: TestApp;
afterEach(() => panel.close());

test('S22 a container that writes long lines does not fill the memory of the panel', async () => {
  const LINES = 4000;
  const line = Buffer.alloc(60_000, 'x');
  const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
  const text = Buffer.from(`2026-11-28T20:15:00.123456789Z ${line}\n`);
  head.writeUInt32BE(text.length, 4);
  const frame = Buffer.concat([head, text]);
  let most = 0;
  const before = process.memoryUsage().rss;
  const docker: DockerDriver = {
    endpoint: () => 'unix:///nowhere',
    ask: async () => ({ Id: 'a', Name: '/a', Created: '', Path: '', Image: '', State: { Status: 'running', ExitCode: 0 }, Config: { Image: '' }, HostConfig: {} }),
    stream: async () => Object.assign((async function* () {
      for (let i = 0; i < LINES; i++) {
        if (i % 500 === 499) {
          Bun.gc(true);
          most = Math.max(most, process.memoryUsage().rss - before);
        }
        yield frame;
      }
    })(), { destroy() {} }),
  };
  panel = testApp({ docker });
  const { lines, left } = await readLog(panel.app, SYSTEM, 'a', { tail: 'all', stdout: true, stderr: true, q: '' });
  expect(lines.length + left).toBe(LINES);
  expect(lines.length).toBeGreaterThan(10);
  // All of it is 240 MB.
  expect(most).toBeLessThan(120 << 20);
});

test('S22 a log that nobody waits for any more is not read on', async () => {
  const signals: AbortSignal[] = [];
  const answer = Promise.withResolvers<void>();
  const docker: DockerDriver = {
    endpoint: () => 'unix:///nowhere',
    ask: async () => ({ Id: 'a', Name: '/a', Created: '', Path: '', Image: '', State: { Status: 'running', ExitCode: 0 }, Config: { Image: '' }, HostConfig: {} }),
    stream: async ({ signal }) => {
      signals.push(signal!);
      await answer.promise;
      return Object.assign((async function* () {
        await new Promise<void>((resolve) => signal!.addEventListener('abort', () => resolve()));
      })(), { destroy() {} });
    },
  };
  panel = testApp({ docker });
  const stop = followLog(panel.app, SYSTEM, 'a', { tail: 'all', after: '2026-11-28T20:15:00Z', stdout: true, stderr: true, q: '' }, { lines() {}, ready: () => true, end() {} });
  await until(() => signals.length === 1);
  stop();
  answer.resolve();
  await until(() => signals[0]!.aborted);
});
