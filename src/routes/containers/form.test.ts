import { afterEach, beforeEach, expect, test } from 'bun:test';
import { testApp, type Browser, type TestApp } from '../../../test/support/app.ts';

let t: TestApp;
let lin: Browser;
beforeEach(() => {
  t = testApp();
  lin = t.as('admin', 'lin');
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

test('the demo shows the form of a new one, of one that is there, and what making it anew would do', async () => {
  for (const path of ['/containers/new', '/containers/shop-web-1/edit', '/containers/shop-web-1/recreate']) {
    const answer = await lin.request(path);
    expect([path, answer.status]).toEqual([path, 200]);
  }
  const edit = await (await lin.request('/containers/shop-web-1/edit')).text();
  expect(edit).toContain('value="ghcr.io/acme/shop:2026.11.3"');
  expect(edit).not.toContain('made-up');
});

test('they are for administrators, and a container that is not there is not there', async () => {
  for (const role of ['viewer', 'operator'] as const) for (const path of ['/containers/new', '/containers/gitea/edit', '/containers/gitea/recreate']) expect((await t.as(role, `${role}${path}`).request(path)).status).toBe(403);
  for (const path of ['/containers/none/edit', '/containers/none/recreate']) expect((await lin.request(path)).status).toBe(404);
  expect((await lin.request('/containers/..%2fimages/edit')).status).toBe(404);
});

test('S18 what is told in secret is not in the audit log, wherever it stands in the form', async () => {
  const form = {
    name: 'quiet', image: 'ghcr.io/acme/shop:2026.11.3', env: 'A_TOKEN=hunter2', labels: 'app.secret=hunter2', logDriver: 'splunk', logOptions: 'splunk-token=hunter2', command: 'run --token hunter2',
    entrypoint: 'start --password hunter2', health: 'curl http://lin:hunter2@localhost/',
  };
  const answer = await lin.request('/containers/new', { form });
  expect([answer.status, await answer.text()]).toEqual([303, '']);
  const rows = JSON.stringify(t.app.db.$client.query("SELECT * FROM audit WHERE action = 'containers.create'").all());
  expect(rows).toContain('docker run -d');
  expect(rows).not.toContain('hunter2');
});

test('a port that another container publishes is refused in the form, before anything is stopped for it', async () => {
  const form = { name: 'second', image: 'ghcr.io/acme/shop:2026.11.3', start: 'on' };
  const tasks = () => t.app.db.$client.query("SELECT count(*) AS n FROM tasks").get() as { n: number };
  for (const [ports, name] of [['2368:80', 'blog-app-1'], ['127.0.0.1:2368:80', 'blog-app-1'], ['3000:80', 'shop-web-1'], ['8000:80\n127.0.0.1:3000:80', 'shop-web-1']] as const) {
    for (const path of ['/containers/new', '/containers/gitea/edit']) {
      const answer = await lin.request(path, { form: { ...form, ports } });
      const port = /(\d{4}):80$/.exec(ports)![1];
      expect([path, ports, answer.status, (await answer.text()).includes(`${port} is used by ${name}.`)]).toEqual([path, ports, 422, true]);
    }
  }
  expect(tasks().n).toBe(0);
  // Its own, another address or protocol, one that is not started, one that publishes nothing.
  expect((await lin.request('/containers/gitea/edit', { form: { ...form, name: 'gitea', ports: '3002:3000\n2222:22' } })).status).toBe(303);
  const free: Record<string, string>[] = [{ ports: '127.0.0.2:3000:80' }, { ports: '[::1]:3000:80' }, { ports: '3000:80/udp' }, { ports: '3000:80', start: '' }, { ports: '3000:80', network: 'host' }, { ports: '80' }];
  for (const [i, fields] of free.entries()) {
    const sent = Object.fromEntries(Object.entries({ ...form, name: `free-${i}`, ...fields }).filter(([, value]) => value));
    expect([fields, (await lin.request('/containers/new', { form: sent })).status]).toEqual([fields, 303]);
  }
});
