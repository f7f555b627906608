import { afterAll, beforeAll, expect, test } from 'bun:test';
import { testApp, type Browser, type TestApp } from '../../../test/support/app.ts';

let t: TestApp;
let admin: Browser;
beforeAll(() => {
  t = testApp();
  admin = t.as('admin');
});
afterAll(() => t.close());

const SECRET = 'canary steamed bun';
const KEY = ['-----BEGIN PRIVATE', 'KEY-----\n'].join(' ') + `${'Y2FuYXJ5'.repeat(4)}\n` + ['-----END PRIVATE', 'KEY-----\n'].join(' ');
const plain = { name: 'hk-01', address: '10.0.0.5', port: '22', user: 'root', authentication: 'ask' };
const post = (path: string, form: Record<string, string>, by: Browser = admin) => by.request(path, { form, headers: { 'accept-language': 'en' } });
const row = (name: string) => t.app.db.$client.query('SELECT * FROM ssh_hosts WHERE name = ?').get(name) as Record<string, string | null> | null;
const ghost = '00000000-0000-4000-8000-000000000000';

test('S6 only who may open terminals sees or changes a saved host', async () => {
  expect((await post('/terminal/hosts', { ...plain, name: 'seen' })).status).toBe(303);
  const { id } = row('seen')!;
  const operator = t.as('operator');
  for (const path of ['/terminal/hosts/new', `/terminal/hosts/${id}`, `/terminal/hosts/${id}/key`]) expect((await operator.request(path)).status).toBe(403);
  for (const path of ['', `/${id}`, `/${id}/remove`, `/${id}/connect`, `/${id}/key`, `/${id}/look`]) expect((await post(`/terminal/hosts${path}`, plain, operator)).status).toBe(403);
  expect(await (await operator.request('/terminal')).text()).not.toContain('10.0.0.5');
  expect(row('seen')).not.toBeNull();
});

test('S12 a host that is not there is not found, whatever is asked of it', async () => {
  for (const id of [ghost, 'none', '..%2f']) {
    for (const path of ['', '/key']) expect((await admin.request(`/terminal/hosts/${id}${path}`)).status).toBe(404);
    for (const path of ['', '/remove', '/connect', '/look', '/key']) expect([path, (await post(`/terminal/hosts/${id}${path}`, { ...plain, seen: 'x' })).status]).toEqual([path, 404]);
  }
  expect((await post('/terminal/hosts', { ...plain, name: 'x', jump: ghost })).status).toBe(404);
});

test('S13 secrets go in and never come out, also not in a form that is refused', async () => {
  const fields = { ...plain, name: 'sealed', authentication: 'key', privateKey: KEY, passphrase: SECRET, password: SECRET };
  const refused = await post('/terminal/hosts', { ...fields, address: '-x' });
  expect(refused.status).toBe(422);
  const html = await refused.text();
  expect([html.includes(SECRET), html.includes('Y2FuYXJ5'), html.includes('does not begin with a dash')]).toEqual([false, false, true]);
  expect((await post('/terminal/hosts', fields)).status).toBe(303);
  const kept = row('sealed')!;
  // The password belongs to another way of signing in.
  expect([kept.password, kept.private_key, kept.passphrase]).toEqual([null, expect.stringMatching(/^v1\./), expect.stringMatching(/^v1\./)]);
  const page = await (await admin.request(`/terminal/hosts/${kept.id}`)).text();
  expect([page.includes(SECRET), page.includes('Y2FuYXJ5'), page.includes(kept.private_key!), page.includes('One is kept')]).toEqual([false, false, false, true]);
  expect(JSON.stringify(t.app.db.$client.query('SELECT * FROM audit').all())).not.toMatch(/canary|Y2FuYXJ5/);
});

test('S13 a sealed secret opens in its own row and column only', async () => {
  const kept = row('sealed')!;
  expect(t.app.secrets.open(kept.passphrase!, `ssh_hosts/${kept.id}/passphrase`)).toBe(SECRET);
  for (const context of [`ssh_hosts/${kept.id}/password`, `ssh_hosts/${ghost}/passphrase`]) expect(() => t.app.secrets.open(kept.passphrase!, context)).toThrow();
});

test('S13 a kept password does not go to another address', async () => {
  const fields = { ...plain, name: 'moved', authentication: 'password', password: SECRET };
  await post('/terminal/hosts', fields);
  const { id, password } = row('moved')!;
  t.app.db.$client.query(`UPDATE ssh_hosts SET pinned_keys = '["ssh-ed25519 AAAA"]' WHERE id = ?`).run(id!);
  for (const change of [{ address: '10.9.9.9' }, { port: '2222' }]) {
    const answer = await post(`/terminal/hosts/${id}`, { ...fields, password: '', ...change });
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('Enter the password again')]);
  }
  expect((await post(`/terminal/hosts/${id}`, { ...fields, password: '', user: 'lin' })).status).toBe(303);
  expect(row('moved')).toMatchObject({ user: 'lin', password, pinned_keys: '["ssh-ed25519 AAAA"]' });
  // With the password it may move, and its key is looked at again.
  expect((await post(`/terminal/hosts/${id}`, { ...fields, address: '10.9.9.9' })).status).toBe(303);
  expect(row('moved')).toMatchObject({ address: '10.9.9.9', pinned_keys: '[]' });
  // Another way of signing in forgets it.
  await post(`/terminal/hosts/${id}`, { ...fields, address: '10.9.9.9', authentication: 'ask', password: '' });
  expect(row('moved')).toMatchObject({ password: null });
  expect((await post(`/terminal/hosts/${id}`, { ...fields, address: '10.9.9.9', password: '' })).status).toBe(422);
});

test('names are taken once, and jump hosts make no circle', async () => {
  await post('/terminal/hosts', { ...plain, name: 'a' });
  expect((await post('/terminal/hosts', { ...plain, name: 'A' })).status).toBe(422);
  const ids = [row('a')!.id!];
  for (const name of ['b', 'c', 'd', 'e']) {
    expect((await post('/terminal/hosts', { ...plain, name, jump: ids.at(-1)! })).status).toBe(303);
    ids.push(row(name)!.id!);
  }
  const many = await post('/terminal/hosts', { ...plain, name: 'f', jump: ids.at(-1)! });
  expect([many.status, await many.text()]).toEqual([422, expect.stringContaining('More than 4 jump hosts')]);
  for (const jump of ids.slice(0, 3)) {
    const answer = await post(`/terminal/hosts/${ids[0]}`, { ...plain, name: 'a', jump });
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('in a circle')]);
  }
  expect(row('f')).toBeNull();
  expect(row('a')).toMatchObject({ jump_id: null });
  expect((await post(`/terminal/hosts/${ids[0]}/remove`, {})).status).toBe(422);
  expect((await post(`/terminal/hosts/${ids.at(-1)}/remove`, {})).status).toBe(303);
});

test('nothing is pinned that nobody was shown', async () => {
  await post('/terminal/hosts', { ...plain, name: 'unseen' });
  const { id } = row('unseen')!;
  for (const form of [{ seen: '' }, { seen: 'SHA256:x' }, { hostKey: 'ssh-ed25519 AAAA' }, { hostKey: 'x' }] as Record<string, string>[]) expect((await post(`/terminal/hosts/${id}/key`, form)).status).toBe(422);
  expect(row('unseen')).toMatchObject({ pinned_keys: '[]', pinned_at: null });
  expect(t.errors).toEqual([]);
});

test('the demo opens nothing', async () => {
  const demo = testApp({ config: { demo: true } });
  const by = demo.as('admin');
  await post('/terminal/hosts', plain, by);
  const { id } = demo.app.db.$client.query('SELECT id FROM ssh_hosts').get() as { id: string };
  for (const path of ['connect', 'look']) expect((await post(`/terminal/hosts/${id}/${path}`, {}, by)).status).toBe(501);
  await demo.close();
});
