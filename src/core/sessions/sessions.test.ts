import { expect, test } from 'bun:test';
import { testApp } from '../../../test/support/app.ts';
import { listSessions } from './own.ts';
import { createSession, findSession } from './sessions.ts';

test('S22 signing in again and again ends the session unused for longest, of this person only', async () => {
  const t = testApp();
  const other = t.as('viewer');
  const { userId, sessionId, token } = t.as('admin');
  const ended: string[] = [];
  t.app.bus.on('sessions.ended', ({ ids }) => void ended.push(...ids));
  const from = { ip: '10.0.0.1', userAgent: '' };
  t.clock.advance(1000);
  const first = createSession(t.app, userId, 'password', from);
  t.clock.advance(120_000);
  // The one that was made first is in use.
  const actor = findSession(t.app, token, '10.0.0.1')!;
  for (let i = 0; i < 48; i++) createSession(t.app, userId, 'password', from);
  expect(ended).toEqual([]);
  createSession(t.app, userId, 'password', from);
  expect(ended).toEqual([first.id]);
  const left = listSessions(t.app, actor);
  expect(left).toHaveLength(50);
  expect(left.map((row) => row.id)).toContain(sessionId);
  expect(findSession(t.app, other.token, '')).not.toBeNull();
  await t.close();
});
