import { expect } from 'bun:test';
import type { Init } from './app.ts';

type Run = (id: string, path: string, init?: Init) => Promise<unknown>;

const json = (method: string, body: unknown): Init => ({ method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

/** Calls everything that the API says about users, tokens and sessions; one session ends. */
export async function peopleCalls(run: Run, { userId, endedSession }: { userId: string; endedSession: string }) {
  const made = (await run('users.create', '/users', json('POST', { name: 'lin', role: 'viewer', password: 'correct horse battery' }))) as { id: string };
  await run('users.list', '/users?sort=-createdAt&limit=2');
  await run('users.get', `/users/${made.id}`);
  expect(await run('users.change', `/users/${made.id}`, json('PATCH', { role: 'operator', disabled: true, password: 'another horse battery' }))).toMatchObject({ role: 'operator', disabled: true });
  const mine = (await run('tokens.create', '/tokens', json('POST', { name: 'ci', role: 'viewer', expiresInDays: 1 }))) as { id: string };
  await run('tokens.list', '/tokens?sort=name');
  await run('tokens.list', `/tokens?user=${made.id}`);
  await run('tokens.remove', `/tokens/${mine.id}`);
  await run('sessions.list', `/sessions?user=${userId}`);
  await run('sessions.end', `/sessions/${endedSession}`);
  await run('users.remove', `/users/${made.id}?confirm=lin`);
}
