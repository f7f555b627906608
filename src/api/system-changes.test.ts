import { expect, test } from 'bun:test';
import { testApp } from '../../test/support/app.ts';
import { createToken } from '../core/tokens/tokens.ts';

test('the time of the machine is read once for an answer', async () => {
  const panel = testApp();
  const { userId } = panel.as('admin');
  const { token } = createToken(panel.app, { kind: 'user', userId, name: 'admin', role: 'admin', sessionId: null, tokenId: null, ip: '127.0.0.1' }, { name: 'test', role: 'viewer', expiresInDays: null });
  let reads = 0;
  const { read } = panel.app.host.time;
  panel.app.host.time.read = () => (reads++, read());
  const answer = await panel.request('/api/v1/system/time', { headers: { authorization: `Bearer ${token}` } });
  expect([answer.status, ((await answer.json()) as { zones: string[] }).zones.length > 1, reads]).toEqual([200, true, 1]);
  await panel.close();
});
