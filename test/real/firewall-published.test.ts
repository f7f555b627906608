import { afterAll, beforeAll, expect } from 'bun:test';
import { SYSTEM } from '../../src/core/app.ts';
import { publishedPorts } from '../../src/core/firewall/published-ports.ts';
import { addPublished, readPublished, removePublished, restorePublished } from '../../src/core/firewall/published.ts';
import { RuleInput } from '../../src/core/firewall/rule.ts';
import { createLinuxExposure } from '../../src/platform/linux/exposure/exposure.ts';
import { createLinuxFirewall } from '../../src/platform/linux/firewall/firewall.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { startFilteredHost } from '../support/filtered-host.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** Docker lets published ports past ufw; rules of ours in DOCKER-USER do not, held against packets from outside. */
const it = needs('linux', 'root', 'docker', 'busybox', 'debootstrap', 'unshare');
let host: Awaited<ReturnType<typeof startFilteredHost>>;
let t: TestApp;

const input = (more: object) => RuleInput.parse({ scope: 'containers', action: 'deny', ...more });
const rules = () => host.iptables('-S', 'DOCKER-USER');

if (it.ok) {
  beforeAll(async () => {
    host = await startFilteredHost();
    t = testApp({ docker: host.docker, exposure: createLinuxExposure(host.exec), firewall: createLinuxFirewall(host.exec, { isRoot: () => true }) });
    await host.ufw('--force', 'enable');
    const { Id } = (await host.docker.ask({
      method: 'POST', path: '/containers/create', query: { name: 'web' },
      body: { Image: host.image, Cmd: ['sh', '-c', 'mkdir -p /w; echo steam >/w/index.html; httpd -f -p 80 -h /w'], StopTimeout: 1, ExposedPorts: { '80/tcp': {} }, HostConfig: { PortBindings: { '80/tcp': [{ HostPort: '8088' }] } } },
    })) as { Id: string };
    await host.docker.ask({ method: 'POST', path: `/containers/${Id}/start` });
    await until(async () => (await host.answer(8088)) === 'steam\n');
  });
  afterAll(async () => {
    await t?.close();
    await host?.stop();
  });
}

it('ufw denies and the port answers: it is shown; denied by the same form, it is silent', async () => {
  const ports = (await publishedPorts(t.app, SYSTEM))!;
  expect(ports.find(({ fact }) => fact.host === 8088 && fact.address === '0.0.0.0')).toMatchObject({ name: 'web', fact: { by: 'docker', verdict: 'open', firewall: 'ufw' } });
  await host.iptables('-I', 'DOCKER-USER', '-s', '192.0.2.1', '-j', 'DROP');
  const done = await addPublished(t.app, SYSTEM, input({ ports: '8088', comment: 'shop' }));
  expect(done.commands[0]).toContain("iptables-restore --noflush <<'EOF'\n*filter\n:MANTOU-DOCKER - [0:0]\n-A MANTOU-DOCKER -p tcp -m conntrack --ctstate DNAT --ctorigdstport 8088 --ctdir ORIGINAL -j DROP\nCOMMIT");
  expect([await host.answer(8088), await rules()]).toEqual([null, expect.stringContaining('-j MANTOU-DOCKER')]);
  expect(await readPublished(t.app, SYSTEM)).toMatchObject({ hindrance: null, inForce: true, rules: [{ comment: 'shop', rule: { ports: [{ from: 8088, to: 8088 }] } }] });
  // That of somebody else stays.
  expect(await rules()).toContain('192.0.2.1/32');
});

it('a sender is let in before everybody is kept out, and another is not', async () => {
  await addPublished(t.app, SYSTEM, input({ action: 'allow', ports: '8088', source: host.outside }));
  expect(await host.answer(8088)).toBe('steam\n');
  const { rules: [first] } = await readPublished(t.app, SYSTEM);
  await removePublished(t.app, SYSTEM, first!.id);
  await addPublished(t.app, SYSTEM, input({ action: 'allow', ports: '8088', source: '192.0.2.0/24' }));
  expect(await host.answer(8088)).toBeNull();
});

it('what containers send to that port of others is let through', async () => {
  const { stdout } = await host.exec.run([host.exec.which('iptables')!, '-nvL', 'MANTOU-DOCKER']);
  expect(stdout).toContain('ctstate DNAT');
  expect(stdout).not.toMatch(/^\s*\d+\s+\d+\s+DROP .* dpt:8088/m);
});

it('flushed by somebody, or after dockerd was started anew, they are told to be out of force and put back', async () => {
  await host.iptables('-F', 'DOCKER-USER');
  expect((await readPublished(t.app, SYSTEM)).inForce).toBe(false);
  expect(await host.answer(8088)).toBe('steam\n');
  expect(await restorePublished(t.app)).toBe(true);
  expect([await host.answer(8088), await restorePublished(t.app)]).toEqual([null, false]);
  await host.engineUp();
  await host.docker.ask({ method: 'POST', path: '/containers/web/start' }).catch(() => {});
  await restorePublished(t.app);
  expect((await readPublished(t.app, SYSTEM)).inForce).toBe(true);
  expect(await host.answer(8088)).toBeNull();
});

it('the last one gone, the chain is not asked any more', async () => {
  for (const { id } of (await readPublished(t.app, SYSTEM)).rules) await removePublished(t.app, SYSTEM, id);
  expect(await rules()).not.toContain('MANTOU-DOCKER');
  expect(await host.answer(8088)).toBe('steam\n');
  expect(t.errors).toEqual([]);
});
