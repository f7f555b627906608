import { afterAll, beforeAll, expect } from 'bun:test';
import { SYSTEM } from '../../src/core/app.ts';
import { containerPorts } from '../../src/core/containers/ports/ports.ts';
import { listenLocally } from '../../src/core/containers/recreate/local-only.ts';
import { createLinuxExposure } from '../../src/platform/linux/exposure/exposure.ts';
import { testApp, type Browser, type TestApp } from '../support/app.ts';
import { startFilteredHost } from '../support/filtered-host.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** What the page says of a published port, held against what really comes through, on a machine with ufw. */
const it = needs('root', 'docker', 'busybox', 'debootstrap', 'unshare');
let host: Awaited<ReturnType<typeof startFilteredHost>>;
let t: TestApp;
let admin: Browser;

if (it.ok) {
  beforeAll(async () => {
    host = await startFilteredHost();
    fresh();
    await host.ufw('--force', 'enable');
  });
  afterAll(async () => {
    await t?.close();
    await host?.stop();
  });
}

/** What was read of the rules is kept for a few seconds: another panel has read nothing. */
function fresh() {
  t = testApp({ docker: host.docker, exposure: createLinuxExposure(host.exec) });
  admin = t.as('admin', 'lin');
}

async function look(id: string) {
  expect(t.errors).toEqual([]);
  await t.close();
  fresh();
  const facts = await containerPorts(t.app, SYSTEM, id);
  const four = facts.find(({ address }) => !address.includes(':'))!;
  return { ...four, page: await (await admin.request(`/containers/${id}`)).text(), list: await (await admin.request('/containers')).text(), facts };
}

async function serve(port: number): Promise<string> {
  const { Id } = (await host.docker.ask({
    method: 'POST', path: '/containers/create', query: { name: `web${port}` },
    body: { Image: host.image, Cmd: ['sh', '-c', 'mkdir -p /w; echo steam >/w/index.html; httpd -f -p 80 -h /w'], StopTimeout: 1, ExposedPorts: { '80/tcp': {} }, HostConfig: { PortBindings: { '80/tcp': [{ HostPort: String(port) }] } } },
  })) as { Id: string };
  await host.docker.ask({ method: 'POST', path: `/containers/${Id}/start` });
  return Id;
}

it('ufw denies, and the port answers from outside: the page says so; a rule in DOCKER-USER closes it; 127.0.0.1 keeps it at home', async () => {
  const id = await serve(8088);
  await until(async () => (await host.answer(8088)) === 'steam\n');
  const open = await look(id);
  expect(open).toMatchObject({ address: '0.0.0.0', host: 8088, scope: 'everywhere', by: 'docker', verdict: 'open', firewall: 'ufw' });
  expect(open.page).toContain('ufw does not govern it: Docker forwards this port before ufw is asked.');
  expect(open.page).toContain('/local-only');
  expect(open.list).toContain('Everyone. ufw does not govern it');
  // A rule of ufw's own changes nothing.
  await host.ufw('deny', '8088/tcp');
  expect(await host.answer(8088)).toBe('steam\n');
  expect(await look(id)).toMatchObject({ by: 'docker', verdict: 'open' });

  await host.iptables('-I', 'DOCKER-USER', '-p', 'tcp', '-m', 'conntrack', '--ctorigdstport', '8088', '-j', 'DROP');
  expect(await host.answer(8088)).toBeNull();
  const closed = await look(id);
  expect(closed).toMatchObject({ by: 'docker', verdict: 'closed', chain: 'DOCKER-USER' });
  expect(closed.page).toContain('Rules in DOCKER-USER let nobody in.');
  await host.iptables('-D', 'DOCKER-USER', '1');
  await host.iptables('-I', 'DOCKER-USER', '-s', '10.0.0.0/8', '-p', 'tcp', '-j', 'DROP');
  expect(await host.answer(8088)).toBe('steam\n');
  const limited = await look(id);
  expect(limited).toMatchObject({ verdict: 'open', chain: 'DOCKER-USER', reach: [{ networks: ['10.0.0.0/8'] }] });
  for (const text of ['Everyone but 10.0.0.0/8', 'Limited by rules in DOCKER-USER.', '-A DOCKER-USER -s 10.0.0.0/8 -p tcp -j DROP']) expect(limited.page).toContain(text);
  await host.iptables('-D', 'DOCKER-USER', '1');

  const task = await listenLocally(t.app, SYSTEM, id);
  await t.app.tasks.settled(task);
  const now = (await host.docker.ask({ path: '/containers/web8088/json' })) as { Id: string };
  expect(await host.answer(8088)).toBeNull();
  const home = await look(now.Id);
  expect(home.facts).toEqual([expect.objectContaining({ address: '127.0.0.1', scope: 'machine', verdict: 'closed' })]);
  expect(home.page).toContain('This machine only');
  expect(home.page).not.toContain('/local-only');
});

it('an engine that writes no rules: ufw decides, and the page says what', async () => {
  await host.iptables('-t', 'nat', '-F', 'DOCKER');
  await host.engineUp('--iptables=false');
  const id = await serve(8090);
  expect(await host.answer(8090)).toBeNull();
  const closed = await look(id);
  expect(closed).toMatchObject({ scope: 'everywhere', by: 'input', verdict: 'closed', firewall: 'ufw' });
  expect(closed.page).toContain('ufw governs it, and lets nobody in.');
  await host.ufw('allow', '8090/tcp');
  await until(async () => (await host.answer(8090)) === 'steam\n');
  expect(await look(id)).toMatchObject({ by: 'input', verdict: 'open', firewall: 'ufw' });
});

it('who is not root is told that nobody knows', async () => {
  const other = testApp({ docker: host.docker, exposure: createLinuxExposure(host.exec, () => false) });
  const [first] = await containerPorts(other.app, SYSTEM, 'web8090');
  expect(first).toMatchObject({ by: 'unknown', verdict: 'unknown', unknown: 'root' });
  expect(await (await other.as('admin', 'lin').request('/containers/web8090')).text()).toContain('only root may read the rules');
  await other.close();
});
