import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { testApp, type Browser, type TestApp } from '../../../test/support/app.ts';
import { audit } from '../../db/schema/audit.ts';
import { snippets } from '../../db/schema/snippets.ts';
import { users } from '../../db/schema/users.ts';
import { eq } from 'drizzle-orm';

let t: TestApp;
let lin: Browser;
let mei: Browser;
beforeEach(() => {
  t = testApp();
  lin = t.as('admin', 'lin');
  mei = t.as('admin', 'mei');
});
afterEach(() => t.close());

const rows = () => t.app.db.select().from(snippets).all();
async function made(who: Browser, form: Record<string, string>) {
  const answer = await who.request('/terminal/snippets', { form });
  expect(answer.status).toBe(303);
  return rows().at(-1)!.id;
}

describe('refused', () => {
  test('S6 those who may not open terminals', async () => {
    const { request } = t.as('operator');
    for (const path of ['', '/all', '/new']) expect((await request(`/terminal/snippets${path}`)).status).toBe(403);
    expect((await request('/terminal/snippets', { form: { name: 'a', text: 'b' } })).status).toBe(403);
  });

  test('S12 what is another’s own, each way to it', async () => {
    const id = await made(lin, { name: 'mine', text: 'secret-host' });
    expect((await mei.request(`/terminal/snippets/${id}`)).status).toBe(404);
    expect((await mei.request(`/terminal/snippets/${id}`, { form: { name: 'x', text: 'y' } })).status).toBe(404);
    expect((await mei.request(`/terminal/snippets/${id}/remove`, { form: {} })).status).toBe(404);
    for (const path of ['', '/all']) expect(await (await mei.request(`/terminal/snippets${path}`)).text()).not.toContain('secret-host');
    expect(rows()).toMatchObject([{ name: 'mine', text: 'secret-host' }]);
  });

  test.each([
    ['no name', { name: ' ', text: 'x' }], ['a long name', { name: 'x'.repeat(101), text: 'x' }], ['two lines of name', { name: 'a\nb', text: 'x' }], ['no text', { name: 'a', text: '\n\n' }],
    ['much text', { name: 'a', text: 'x'.repeat(16_385) }], ['S22 line ends without end', { name: 'a', text: `${'\n'.repeat(340_000)}x` }], ['keys in it', { name: 'a', text: 'ls\x03' }], ['an escape sequence', { name: 'a', text: '\x1b[201~rm' }], ['NUL', { name: 'a', text: 'a\0b' }],
  ])('%s: the form comes back with what was typed', async (_what, form) => {
    const answer = await lin.request('/terminal/snippets', { form });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('aria-invalid="true"');
    expect(rows()).toEqual([]);
  });

  test('S22 more than 500 of one person', async () => {
    const one = { userId: lin.userId, name: 'x', text: 'y', savedBy: 'lin', savedAt: 1 };
    t.app.db.insert(snippets).values(Array.from({ length: 500 }, () => ({ id: t.app.random.id(), ...one }))).run();
    const answer = await lin.request('/terminal/snippets', { form: { name: 'a', text: 'b' } });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('500 snippets already');
    expect((await mei.request('/terminal/snippets', { form: { name: 'a', text: 'b' } })).status).toBe(303);
  });
});

test('one’s own is made, changed and deleted by forms alone', async () => {
  const id = await made(lin, { name: ' Serve ', text: 'cd {{folder}}\r\npython3 -m http.server {{port:8080}}\r\n' });
  expect(rows()).toMatchObject([{ userId: lin.userId, name: 'Serve', text: 'cd {{folder}}\npython3 -m http.server {{port:8080}}', savedBy: 'lin' }]);
  const page = await (await lin.request(`/terminal/snippets/${id}`)).text();
  expect(page).toContain('cd {{folder}}\npython3');
  expect((await lin.request(`/terminal/snippets/${id}`, { form: { name: 'Serve', text: 'x' } })).headers.get('location')).toBe('/terminal/snippets?done=saved');
  expect((await lin.request(`/terminal/snippets/${id}/remove`, { form: {} })).headers.get('location')).toBe('/terminal/snippets?done=removed');
  expect(rows()).toEqual([]);
  expect(t.app.db.select().from(audit).all().map(({ action }) => action)).toEqual(['snippets.create', 'snippets.change', 'snippets.remove']);
});

test('a shared one is everybody’s: what it was before a change stays in the audit log', async () => {
  const id = await made(lin, { name: 'disk', text: 'df -h', shared: 'on' });
  expect(await (await mei.request('/terminal/snippets/all')).json()).toEqual([{ id, name: 'disk', text: 'df -h', shared: true }] as never);
  expect((await mei.request(`/terminal/snippets/${id}`, { form: { name: 'disk', text: 'df -h /', shared: 'on' } })).status).toBe(303);
  expect(rows()).toMatchObject([{ text: 'df -h /', userId: null, savedBy: 'mei' }]);
  expect(t.app.db.select().from(audit).all().at(-1)).toMatchObject({ action: 'snippets.change', actor: 'mei', params: { text: 'df -h' } });
});

test('a person who is deleted leaves what is shared', async () => {
  await made(lin, { name: 'own', text: 'x' });
  await made(lin, { name: 'shared', text: 'y', shared: 'on' });
  t.app.db.delete(users).where(eq(users.id, lin.userId)).run();
  expect(rows().map(({ name }) => name)).toEqual(['shared']);
});

test('S15 hostile names and texts are text', async () => {
  const id = await made(lin, { name: '<script>alert(1)</script>', text: '</textarea><script>alert(1)</script>' });
  for (const path of ['', `/${id}`]) expect(await (await lin.request(`/terminal/snippets${path}`)).text()).not.toContain('<script>alert');
  expect((await lin.request('/terminal/snippets/all')).headers.get('content-type')).toStartWith('application/json');
});
