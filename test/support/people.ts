import { expect } from 'bun:test';
import { SYSTEM } from '../../src/core/app.ts';
import { createUser } from '../../src/core/users/users.ts';
import { testApp, type TestApp } from './app.ts';
import { Jar } from './jar.ts';

/** What both people sign in with. */
export const PASSWORD = 'bamboo steamer on the hill';

/** A panel with two people who have real passwords: lin, an operator, and eva, an administrator. */
export async function panelOfTwo(): Promise<TestApp> {
  const t = testApp();
  await createUser(t.app, SYSTEM, { name: 'lin', role: 'operator', password: PASSWORD });
  await createUser(t.app, SYSTEM, { name: 'eva', role: 'admin', password: PASSWORD });
  return t;
}

/** A browser that has signed in as one of them. */
export async function signedInAs(t: TestApp, name: string, peer = '10.0.0.1'): Promise<Jar> {
  const jar = new Jar(t, { peer, headers: { 'accept-language': 'en' } });
  expect((await jar.post('/signin', { name, password: PASSWORD })).headers.get('location')).toBe('/');
  return jar;
}
