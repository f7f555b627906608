import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { testApp, type Browser, type TestApp } from '../../../test/support/app.ts';
import type { FakeDockerd } from '../../platform/fake/dockerd.ts';

const PATH = '/etc/docker/daemon.json';
let panel: TestApp;
let admin: Browser;
let dockerd: FakeDockerd;
beforeEach(() => {
  panel = testApp();
  admin = panel.as('admin');
  dockerd = panel.app.host.dockerd as FakeDockerd;
});
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

const field = (html: string, name: string) => {
  const tag = new RegExp(`<input[^>]* name="${name}"[^>]*>`).exec(html)![0];
  return /value="([^"]*)"/.exec(tag)![1]!.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
};
const open = async () => {
  const html = await (await admin.request('/docker/settings')).text();
  return { html, hash: field(html, 'hash'), shown: field(html, 'shown') };
};
const sync = async (body: unknown, who = admin) => {
  const answer = await who.request('/docker/settings/sync', { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', origin: 'http://127.0.0.1:8686' } });
  return [answer.status, await answer.json().catch(() => null)] as const;
};

describe('refused', () => {
  test('S6 whoever is no administrator sees neither the file nor the button', async () => {
    for (const role of ['viewer', 'operator'] as const) {
      const who = panel.as(role);
      for (const path of ['/docker/settings', '/docker/settings/versions']) expect((await who.request(path)).status).toBe(403);
      expect((await who.request('/docker/settings', { form: { do: 'apply', text: '{}', hash: '' } })).status).toBe(403);
      expect((await sync({ text: '{}', fields: {} }, who))[0]).toBe(403);
      expect(await (await who.request('/docker')).text()).not.toContain('/docker/settings');
    }
    expect(await (await admin.request('/docker')).text()).toContain('/docker/settings');
  });

  test('what is wrong is told with its line, and nothing is written', async () => {
    const { hash } = await open();
    const send = async (text: string, verb = 'check', base = hash) => {
      const answer = await admin.request('/docker/settings', { form: { do: verb, text, hash: base } });
      return [answer.status, await answer.text()] as const;
    };
    for (const verb of ['check', 'review', 'apply']) {
      const [status, html] = await send('{\n  "mtu": "1500"\n}', verb);
      expect([verb, status, html.includes('Line 2'), html.includes('mtu must be a whole number.')]).toEqual([verb, 422, true, true]);
    }
    const [status, html] = await send('{"hosts": ["<b>"], "dns": ["<i>"]}');
    expect([status, html.includes('-H'), html.includes('&lt;i&gt; is no address')]).toEqual([422, true, true]);
    expect((await send('{}', 'apply', 'a'.repeat(64)))[0]).toBe(409);
    expect((await send('x'.repeat(300_000)))[0]).toBe(422);
    expect((await admin.request('/docker/settings?version=0000000000000-00000000')).status).toBe(404);
    expect(dockerd.did).toEqual([]);
  });

  test('where the engine cannot be configured the page says how it is, in both languages', async () => {
    for (const [away, en, zh] of [['remote', 'on another machine', '另一台机器'], ['unseen', 'cannot see the process', '看不到引擎的进程'], ['desktop', 'Docker Desktop', 'Docker Desktop']] as const) {
      Object.assign(dockerd, { find: async () => away });
      expect(await (await admin.request('/docker/settings')).text()).toContain(en);
      expect(await (await admin.request('/docker/settings', { headers: { 'accept-language': 'zh-CN' } })).text()).toContain(zh);
      expect((await admin.request('/docker/settings', { form: { do: 'check', text: '{}', hash: '' } })).status).toBe(501);
    }
  });
});

test('without JavaScript the form is looked at, reviewed and applied, and the version of before opened', async () => {
  const { html, hash, shown } = await open();
  expect(html).toContain('https://mirror.example');
  const before = (await dockerd.read(PATH))!;
  // As a browser sends it.
  const form = { ...JSON.parse(shown), registryMirrors: 'https://mirror.example\r\nhttps://two.example', text: before.replaceAll('\n', '\r\n'), hash, shown };
  const review = await (await admin.request('/docker/settings', { form: { ...form, do: 'review' } })).text();
  for (const text of ['https://two.example', 'data-op="+"', 'takes this while it runs']) expect(review).toContain(text);
  const answer = await admin.request('/docker/settings', { form: { do: 'apply', text: field(review, 'text'), hash: field(review, 'hash') } });
  const task = /^\/tasks\/(.+)$/.exec(answer.headers.get('location')!)![1]!;
  await panel.app.tasks.settled(task);
  expect(dockerd.did).toEqual(['write', 'reload']);
  expect(await dockerd.read(PATH)).toBe(before.replace('["https://mirror.example"]', '["https://mirror.example", "https://two.example"]'));
  const versions = await (await admin.request('/docker/settings/versions')).text();
  const version = /\/docker\/settings\?version=[\w-]+/.exec(versions)![0];
  expect(await (await admin.request(version)).text()).toContain('Nothing changes until you apply it.');
});

test('a restart says what stops', async () => {
  await panel.app.host.docker.ask({ method: 'POST', path: '/containers/gitea/update', body: { RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } } });
  const { hash } = await open();
  const review = await (await admin.request('/docker/settings', { form: { do: 'review', text: '{"mtu": 1400}', hash } })).text();
  for (const text of ['systemctl restart docker.service', 'Without a restart policy, these stop: gitea', 'name="startAgain"']) expect(review).toContain(text);
});

test('form and text follow each other', async () => {
  const text = (await dockerd.read(PATH))!;
  const [, made] = await sync({ text, fields: { dns: '1.1.1.1' } });
  expect(made).toMatchObject({ text: expect.stringContaining('"dns": ["1.1.1.1"]'), form: { dns: '1.1.1.1', logMaxSize: '10m' }, faults: [], unknown: '' });
  const [, back] = await sync({ text: '{"dns": ["9.9.9.9"], "log-opts": {"max-size": "1m"}', fields: {} });
  expect(back).toMatchObject({ form: null, faults: [{ line: 1, text: expect.stringContaining('not JSON') }] });
  expect((await sync({ text: '{}', fields: { nothing: 'x' } }))[0]).toBe(422);
});
