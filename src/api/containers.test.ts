import { afterEach, expect, spyOn, test } from 'bun:test';
import { until } from '../../test/support/until.ts';
import { testApp, type Browser, type TestApp } from '../../test/support/app.ts';
import { turnedMs } from '../../test/support/turns.ts';
import type { Actor } from '../core/app.ts';
import { createToken, removeToken } from '../core/tokens/tokens.ts';
import type { DockerCall, DockerDriver } from '../platform/docker.ts';

const WEB = '01'.repeat(32);
let panel: TestApp;
afterEach(() => panel.close());

/** A container whose log never ends, and says little. */
function endless() {
  const open = new Set<DockerCall>();
  const docker: DockerDriver = {
    endpoint: () => 'unix:///nowhere',
    ask: async () => ({
      Id: WEB, Name: '/web', Created: '2026-01-01T00:00:00Z', Path: 'sh', Image: 'sha256:1', State: { Status: 'running', ExitCode: 0 }, Config: { Image: 'web' }, HostConfig: {},
    }),
    async stream(call) {
      open.add(call);
      async function* says() {
        try {
          while (!call.signal?.aborted) {
            await Bun.sleep(20);
            yield Buffer.from([1, 0, 0, 0, 0, 0, 0, 2, 0x61, 0x0a]);
          }
        } finally {
          open.delete(call);
        }
      }
      return Object.assign(says(), { destroy: () => void open.delete(call) });
    },
  };
  return { docker, open };
}

const actorOf = ({ userId }: Browser): Actor => ({ kind: 'user', userId, name: 'admin', role: 'admin', sessionId: null, tokenId: null, ip: '127.0.0.1' });

test('S10 a log that a token follows ends with the token', async () => {
  const { docker, open } = endless();
  panel = testApp({ docker });
  const owner = actorOf(panel.as('admin'));
  const { id, token } = createToken(panel.app, owner, { name: 'log', role: 'operator', expiresInDays: null });
  const answer = await panel.request(`/api/v1/containers/${WEB}/logs?follow=true`, { headers: { authorization: `Bearer ${token}` } });
  const read = answer.text();
  await until(() => open.size === 1);
  expect(panel.server.streams.count()).toBe(1);
  const begun = turnedMs();
  removeToken(panel.app, owner, { id });
  await read;
  expect(turnedMs() - begun).toBeLessThan(1000);
  expect([open.size, panel.server.streams.count()]).toEqual([0, 0]);
});

test('a database that does not answer for a moment ends neither what a token has open nor the panel', async () => {
  const { docker, open } = endless();
  panel = testApp({ docker });
  const owner = actorOf(panel.as('admin'));
  const { id, token } = createToken(panel.app, owner, { name: 'log', role: 'operator', expiresInDays: null });
  const read = (await panel.request(`/api/v1/containers/${WEB}/logs?follow=true`, { headers: { authorization: `Bearer ${token}` } })).text();
  await until(() => open.size === 1);
  const warn = spyOn(panel.app.log, 'warn');
  panel.app.db.$client.run('ALTER TABLE tokens RENAME TO tokens_away');
  await until(() => warn.mock.calls.some(([what]) => what === 'token not asked for'));
  panel.app.db.$client.run('ALTER TABLE tokens_away RENAME TO tokens');
  expect(panel.server.streams.count()).toBe(1);
  removeToken(panel.app, owner, { id });
  await read;
});

test('S22 whoever asks only for the head of a log leaves no stream of the engine open', async () => {
  const { docker, open } = endless();
  panel = testApp({ docker });
  const admin = panel.as('admin');
  const { token } = createToken(panel.app, actorOf(admin), { name: 'log', role: 'operator', expiresInDays: null });
  expect((await panel.request(`/api/v1/containers/${WEB}/logs?follow=true`, { method: 'HEAD', headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  expect((await admin.request(`/containers/${WEB}/logs/download`, { method: 'HEAD' })).status).toBe(200);
  expect([open.size, panel.server.streams.count()]).toEqual([0, 0]);
});
