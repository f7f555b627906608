import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../test/support/app.ts';

let panel: TestApp;
beforeEach(() => void (panel = testApp()));
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

const create = (fields: Record<string, string>) => panel.as('admin', crypto.randomUUID()).request('/networks', { form: { name: 'fresh', driver: 'bridge', ...fields } });

describe('refusals', () => {
  test('S18 what is no id of a network reaches no engine', async () => {
    const admin = panel.as('admin');
    const asked: string[] = [];
    const ask = panel.app.host.docker.ask;
    panel.app.host.docker.ask = (call) => (asked.push(call.path), ask(call));
    for (const id of ['%2e%2e%2fx', 'a%2Fb', '-x', 'x%3Fy', 'a%00', 'x'.repeat(256)]) {
      expect((await admin.request(`/networks/${id}`)).status).toBeOneOf([404, 422]);
      for (const action of ['connect', 'disconnect']) expect((await admin.request(`/networks/${id}/${action}`, { form: { container: 'gitea' } })).status).toBeOneOf([404, 422]);
    }
    for (const container of ['', '../x', '-x', 'a b']) expect((await admin.request('/networks/lan/connect', { form: { container } })).status).toBe(422);
    expect(asked).toEqual([]);
  });

  test.each([
    { subnet: '172.30.0.0' }, { subnet: '172.30.0.0/33' }, { subnet: '300.1.1.0/24' }, { subnet: 'fd00::/64' }, { subnet6: '10.0.0.0/8' }, { subnet: '10.0.0.0/24', gateway: 'fd00::1' }, { gateway: '10.0.0.1' },
    { subnet: '10.0.0.0/24;x' }, { parent: 'eth0' }, { driver: 'macvlan', parent: '-x' }, { driver: 'overlay' }, { name: '' }, { name: '-x' }, { name: 'a b' }, { labels: 'x' },
  ] as Record<string, string>[])('%j is drawn again', async (fields) => {
    expect((await create(fields)).status).toBe(422);
    expect((await panel.as('viewer').request('/networks/fresh')).status).toBe(404);
  });

  test('those of the engine stay, and what containers run on', async () => {
    const admin = panel.as('admin');
    for (const name of ['bridge', 'host', 'none', 'shop_default']) {
      const answer = await admin.request(`/networks/${name}/remove`, { form: {} });
      expect([name, answer.status]).toEqual([name, 422]);
    }
    expect((await admin.request('/networks/shop_default')).status).toBe(200);
  });

  test('who runs on it is named, each a link, in a sentence for one and for several', async () => {
    const admin = panel.as('admin');
    const several = await (await admin.request('/networks/shop_default/remove')).text();
    expect(several).toMatch(/<a href="\/containers\/[0-9a-f]{64}">shop-web-1<\/a>[^<]*(<a[^>]*>[\w-]+<\/a>[^<]*)* run on shop_default\. Disconnect or stop them first\./);
    await create({ name: 'lonely' });
    const id = /\/networks\/([0-9a-f]{64})"[^>]*>\s*lonely/.exec(await (await admin.request('/networks')).text())?.[1] ?? 'lonely';
    await admin.request(`/networks/${id}/connect`, { form: { container: 'gitea' } });
    expect(await (await admin.request(`/networks/${id}/remove`)).text()).toMatch(/<a href="\/containers\/[0-9a-f]{64}">gitea<\/a> runs on lonely\. Disconnect or stop it first\./);
  });

  test('what the engine forbids stands above the network', async () => {
    const answer = await panel.as('admin').request('/networks/bridge/connect', { form: { container: 'gitea' } });
    expect([answer.status, (await answer.text()).includes('already exists in network bridge')]).toEqual([422, true]);
  });
});

test('made with both families, joined, left, removed', async () => {
  const answer = await create({ subnet: '10.1.0.0/24', gateway: '10.1.0.1', subnet6: 'fd00:1::/64', internal: 'on', labels: 'a=b' });
  const path = answer.headers.get('location')!;
  expect([answer.status, path]).toEqual([303, expect.stringMatching(/^\/networks\/[0-9a-f]{64}$/)]);
  const admin = panel.as('admin');
  expect((await admin.request(`${path}/connect`, { form: { container: 'gitea' } })).headers.get('location')).toBe(path);
  const html = await (await admin.request(path)).text();
  for (const text of ['10.1.0.2/24', 'fd00:1::2/64', 'internal', 'IPv6', 'gitea']) expect(html).toContain(text);
  await admin.request(`${path}/disconnect`, { form: { container: 'gitea' } });
  expect((await admin.request(`${path}/remove`, { form: {} })).headers.get('location')).toBe('/networks');
  expect((await admin.request(path)).status).toBe(404);
});
