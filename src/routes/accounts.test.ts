import { afterEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { AppError } from '../lib/errors.ts';
import type { FakeAccounts } from '../platform/fake/accounts.ts';
import { noAccounts } from '../platform/portable/not-here.ts';

let panel: TestApp;
const start = () => (panel = testApp());
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});
const ran = () => (panel.app.host.accounts as FakeAccounts).ran;
const sealIn = (html: string) => /name="seen" value="([^"]*)"/.exec(html)?.[1] ?? '';

describe('refusals', () => {
  test('S6 only administrators see them; others have no tab for them', async () => {
    start();
    for (const role of ['viewer', 'operator'] as const) {
      const browser = panel.as(role);
      for (const path of ['/system/accounts', '/system/accounts/lin', '/system/new-account', '/system/accounts/lin/password']) expect((await browser.request(path)).status).toBe(403);
      expect((await browser.request('/system/accounts/deploy/lock', { form: { do: 'apply' } })).status).toBe(403);
      expect(await (await browser.request('/system')).text()).not.toContain('/system/accounts');
    }
  });

  test('names that nothing can be called, and accounts that are not there, are 404', async () => {
    start();
    const admin = panel.as('admin');
    for (const name of ['-rf', 'a%20b', '%2e%2e', 'x%3Ay', 'nobody-like-it', '%0A']) expect([name, (await admin.request(`/system/accounts/${name}`)).status]).toEqual([name, 404]);
    expect((await admin.request('/system/accounts/-rf/lock', { form: { do: 'apply' } })).status).toBe(404);
  });

  test('nothing is done without what was shown, nor when it is another by now', async () => {
    start();
    const admin = panel.as('admin');
    for (const seen of ['', 'x', '0'.repeat(64)]) {
      expect((await admin.request('/system/accounts/deploy/lock', { form: { do: 'apply', seen } })).status).toBe(409);
      expect((await admin.request('/system/new-account', { form: { name: 'mei', shell: '/bin/bash', do: 'apply', seen } })).status).toBe(422);
    }
    expect(ran()).toEqual([]);
  });

  test('S15 what does not fit comes back as text, each beside its field', async () => {
    start();
    const admin = panel.as('admin');
    const answer = await admin.request('/system/new-account', { form: { name: '"><script>', fullName: 'a:b', shell: '/bin/bash', key: 'ssh-rsa x' } });
    const html = await answer.text();
    expect(answer.status).toBe(422);
    expect(html).not.toContain('"><script>');
    for (const id of ['f-name-error', 'f-fullName-error', 'f-key-error']) expect(html).toContain(id);
  });

  test('the name is typed before an account goes', async () => {
    start();
    const admin = panel.as('admin');
    const answer = await admin.request('/system/accounts/deploy/remove', { form: { confirm: 'deplo' } });
    expect([answer.status, (await answer.text()).includes('f-confirm-error')]).toEqual([422, true]);
    expect(ran()).toEqual([]);
  });
});

test('made in two steps: what is shown first is what runs', async () => {
  start();
  const admin = panel.as('admin');
  const form = { name: 'mei', fullName: '梅', shell: '/bin/bash', admin: 'on', key: '' };
  const html = await (await admin.request('/system/new-account', { form })).text();
  expect(html).toContain('useradd --create-home --user-group --shell /bin/bash --groups sudo -- mei');
  expect(ran()).toEqual([]);
  const done = await admin.request('/system/new-account', { form: { ...form, do: 'apply', seen: sealIn(html) } });
  expect([done.status, done.headers.get('location'), ran().length]).toEqual([303, '/system/accounts', 1]);
  const list = await (await admin.request('/system/accounts')).text();
  expect(list).toContain('梅');
});

test('S13 a password is in no answer and no log', async () => {
  start();
  const admin = panel.as('admin');
  const secret = 'canary of a password';
  const done = await admin.request('/system/accounts/deploy/password', { form: { password: secret } });
  expect(done.status).toBe(303);
  const again = await (await admin.request('/system/accounts/deploy/password', { form: { password: `${secret}\n` } })).text();
  const looked = await Promise.all(['/system/accounts/deploy', '/audit'].map(async (path) => (await admin.request(path)).text()));
  expect([again, ...looked, ran().join()].filter((text) => text.includes(secret))).toEqual([]);
});

test('people first, everybody on demand, by name and by group', async () => {
  start();
  const admin = panel.as('admin');
  const read = async (query: string) => (await admin.request(`/system/accounts${query}`)).text();
  expect(await read('')).not.toContain('/system/accounts/www-data');
  expect(await read('?view=all')).toContain('/system/accounts/www-data');
  const found = await read('?q=docker');
  expect([found.includes('/system/accounts/deploy'), found.includes('/system/accounts/wang')]).toEqual([true, false]);
});

test('a machine whose accounts the panel does not know says so; one that is not root shows and does not offer', async () => {
  start();
  panel.app.host.accounts.refusal = () => (t) => t.accounts.notRoot;
  const admin = panel.as('admin');
  const html = await (await admin.request('/system/accounts/lin')).text();
  expect(html).toContain('The panel does not run as root');
  expect(html).not.toContain('/system/accounts/lin/lock');
  expect((await admin.request('/system/accounts/deploy/lock')).status).toBe(501);
  Object.assign(panel.app.host.accounts, noAccounts);
  const none = await admin.request('/system/accounts');
  expect([none.status, (await none.text()).includes('does not manage the accounts of this operating system')]).toEqual([501, true]);
});

test('keys that are not to be touched are not, and the page says why', async () => {
  start();
  panel.app.host.accounts.keys = async (account) => ({ path: `${account.home}/.ssh/authorized_keys`, keys: [], strange: 0, refusal: (t) => t.accounts.keys.link({ path: '/home/lin/.ssh' }), shared: false, openTo: [] });
  panel.app.host.accounts.changeKeys = async () => { throw new AppError('internal', () => 'touched'); };
  const admin = panel.as('admin');
  const html = await (await admin.request('/system/accounts/lin')).text();
  expect(html).toContain('does not follow it');
  expect(html).not.toContain('/keys/new');
  const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJb0SBzWxW9jVgI2bn0oUsvO0U5SJ5LuvJmTZPO0Gz3x lin@laptop';
  expect((await admin.request('/system/accounts/lin/keys/new', { form: { key: KEY } })).status).toBe(501);
});
