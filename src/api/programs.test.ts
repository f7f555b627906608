import { expect, test } from 'bun:test';
import { testApp } from '../../test/support/app.ts';
import { createToken } from '../core/tokens/tokens.ts';

test('a program that somebody else changed since it was read is not written over', async () => {
  const panel = testApp();
  const { userId } = panel.as('admin');
  const { token } = createToken(panel.app, { kind: 'user', userId, name: 'admin', role: 'admin', sessionId: null, tokenId: null, ip: '127.0.0.1' }, { name: 'test', role: 'admin', expiresInDays: null });
  const call = async (method: string, path: string, body?: object) => {
    const answer = await panel.request(`/api/v1/services/programs${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) });
    return [answer.status, (await answer.json()) as { hash: string; argv: string[]; detail: string }] as const;
  };
  const argv = ['/usr/bin/node', 'worker.js'];
  const [, { hash }] = await call('POST', '', { name: 'worker', argv });
  for (const bad of ['', 'x', hash.slice(1), `${hash}\n`]) expect([bad, (await call('PUT', '/worker', { hash: bad, argv: [...argv, '--bad'] }))[0]]).toEqual([bad, 422]);

  const [changed, second] = await call('PUT', '/worker', { hash, argv: [...argv, '--fast'] });
  expect([changed, second.hash === hash]).toEqual([200, false]);
  const [late, refused] = await call('PUT', '/worker', { hash, argv: [...argv, '--slow'] });
  expect([late, refused.detail]).toEqual([409, expect.stringContaining('changed')]);
  expect((await call('GET', '/worker'))[1]).toMatchObject({ argv: [...argv, '--fast'], hash: second.hash });
  // Whoever has not looked says nothing of it.
  expect((await call('PUT', '/worker', { argv }))[0]).toBe(200);
  expect(panel.errors).toEqual([]);
  await panel.close();
});
