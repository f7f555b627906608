import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { terminals, terminalShares } from '../../db/schema/terminal.ts';
import { audit } from '../../db/schema/audit.ts';
import { users } from '../../db/schema/users.ts';
import { eq } from 'drizzle-orm';
import { ORIGIN, testApp, type Browser, type TestApp } from '../../../test/support/app.ts';

let t: TestApp;
let admin: Browser;
let id: string;

beforeEach(() => {
  t = testApp();
  admin = t.as('admin');
  id = t.app.random.id();
  t.app.db.insert(terminals).values({ id, userId: admin.userId, openedBy: 'admin', kind: 'shell', target: 'root', folder: '/root', title: 'root@steamer', state: 'running', createdAt: t.clock.now() }).run();
});

afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

const make = async (who: Browser, hours = '1') => {
  const answer = await who.request(`/terminal/${id}/share`, { form: { hours } });
  return { status: answer.status, token: /\/t\/([\w-]{20,})/.exec(await answer.text())?.[1] ?? '' };
};
const visit = async (token: string) => (await t.request(`/t/${token}`)).status;

describe('refused', () => {
  test('S12 an operator shares no terminal, also none that they may watch', async () => {
    t.app.db.update(terminals).set({ watchable: true }).run();
    expect((await make(t.as('operator'))).status).toBe(403);
    expect(t.app.db.select().from(terminalShares).all()).toEqual([]);
  });

  test.each(['0', '-1', '169', '1.5', 'x', ''])('an end after %p hours', async (hours) => {
    expect((await make(admin, hours)).status).toBe(422);
  });

  test('a terminal that is over', async () => {
    t.app.db.update(terminals).set({ state: 'ended' }).run();
    expect((await make(admin)).status).toBe(404);
  });

  test('the twenty-first link to one terminal', async () => {
    for (let n = 0; n < 20; n++) expect((await make(admin)).status).toBe(200);
    expect((await make(admin)).status).toBe(409);
    t.clock.advance(3_600_001);
    expect((await make(admin)).status).toBe(200);
  });

  test.each(['', 'nothing', '../t', '%00', 'a'.repeat(3000)])('S12 a token that nobody made: %p', async (token) => {
    expect(await visit(encodeURIComponent(token))).toBe(404);
    expect((await t.request(`/t/${encodeURIComponent(token)}/socket`, { headers: { upgrade: 'websocket', origin: ORIGIN } })).status).toBe(404);
  });

  test('S12 a link of one terminal is not revoked under the name of another', async () => {
    const { token } = await make(admin);
    const other = t.app.random.id();
    t.app.db.insert(terminals).values({ ...t.app.db.select().from(terminals).get()!, id: other }).run();
    const share = t.app.db.select().from(terminalShares).get()!;
    expect((await admin.request(`/terminal/${other}/share/${share.id}/remove`, { form: {} })).status).toBe(404);
    expect(await visit(token)).toBe(200);
  });
});

test('S13 the token is seen once and kept as a hash', async () => {
  const { token } = await make(admin);
  expect(await visit(token)).toBe(200);
  expect(JSON.stringify(t.app.db.select().from(terminalShares).all())).not.toContain(token);
  expect(JSON.stringify(t.app.db.select().from(audit).all())).not.toContain(token);
  expect(await (await admin.request(`/terminal/${id}/share`)).text()).not.toContain(token);
});

describe('S10 a link ends', () => {
  test('with its time', async () => {
    const { token } = await make(admin, '4');
    t.clock.advance(4 * 3_600_000 - 1);
    expect(await visit(token)).toBe(200);
    t.clock.advance(1);
    expect(await visit(token)).toBe(404);
  });

  test('when it is revoked', async () => {
    const { token } = await make(admin);
    const { id: share } = t.app.db.select().from(terminalShares).get()!;
    expect((await admin.request(`/terminal/${id}/share/${share}/remove`, { form: {} })).status).toBe(303);
    expect(await visit(token)).toBe(404);
  });

  test('with the terminal', async () => {
    const { token } = await make(admin);
    t.app.db.update(terminals).set({ state: 'killed' }).run();
    expect(await visit(token)).toBe(404);
  });

  test.each([{ disabled: true }, { role: 'operator' as const }])('with the right of who made it: %p', async (change) => {
    const { token } = await make(admin);
    t.app.db.update(users).set(change).where(eq(users.id, admin.userId)).run();
    expect(await visit(token)).toBe(404);
  });
});

test('S15 a title of the program is text on the page of the link', async () => {
  t.app.db.update(terminals).set({ title: '<img src=x onerror=alert(1)>' }).run();
  const { token } = await make(admin);
  const page = await (await t.request(`/t/${token}`)).text();
  expect(page).toContain('&lt;img src=x');
  expect(page).not.toContain('<img src=x');
});

test('who may watch in the panel is a switch of each terminal', async () => {
  const operator = t.as('operator');
  const list = async () => (await (await operator.request('/terminal')).text()).includes(`tt-row-${id}`);
  expect(await list()).toBe(false);
  expect((await admin.request(`/terminal/${id}/watchable`, { form: { watchable: 'on' } })).status).toBe(303);
  expect(await list()).toBe(true);
  expect((await admin.request(`/terminal/${id}/watchable`, { form: {} })).status).toBe(303);
  expect(await list()).toBe(false);
});
