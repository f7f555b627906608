import { afterAll, beforeAll, expect } from 'bun:test';
import type { FirewallChange, RuleSpec } from '../../src/platform/firewall.ts';
import { RuleInput, specOf } from '../../src/core/firewall/rule.ts';
import { startFirewallHost, type FirewallHost } from '../support/firewall-host.ts';
import { needs } from '../support/needs.ts';

/** firewalld as Debian has it, on a machine of its own, held against packets that come from outside. */
const it = needs('linux', 'root', 'docker', 'debootstrap', 'busybox');
let host: FirewallHost;
let outer = '';

if (it.ok) {
  beforeAll(async () => {
    host = await startFirewallHost('firewalld');
    for (const port of [8080, 9000]) await host.listen(port);
    outer = await host.sh("ip route show default | awk '{print $3}'");
  });
  afterAll(() => host?.stop());
}

const spec = (input: object): RuleSpec => specOf(RuleInput.parse({ action: 'allow', zone: 'public', ...input }));
const read = () => host.firewall.read();
const texts = async () => (await read()).rules.map(({ text }) => text).sort();
const permanent = () => host.sh('firewall-cmd --permanent --list-all');

async function apply(change: FirewallChange) {
  const plan = await host.firewall.plan(change, await read());
  await host.firewall.apply(plan);
  return plan;
}
const find = async (text: string) => (await read()).rules.find((rule) => rule.text.includes(text))!;

it('it is read over D-Bus: zones, rules, services', async () => {
  const state = await read();
  expect(state).toMatchObject({ provider: 'firewalld', active: true, boot: true, policies: { in: 'reject' }, zones: [{ name: 'public', policy: 'reject' }], abilities: { out: false } });
  expect(await texts()).toEqual(['service dhcpv6-client', 'service ssh']);
  expect(state.services).toContain('http');
});

it('a rule opens a port now and after a reload, its removal closes it', async () => {
  expect(await host.opens(8080)).toBe('refused');
  const plan = await apply({ verb: 'add', rule: spec({ ports: '8080' }) });
  expect(plan.commands).toEqual(['firewall-cmd --zone=public --add-port=8080/tcp', 'firewall-cmd --permanent --zone=public --add-port=8080/tcp']);
  expect([await host.opens(8080), (await permanent()).includes('8080/tcp')]).toEqual(['open', true]);
  await host.sh('firewall-cmd --reload');
  expect(await host.opens(8080)).toBe('open');
  const denied = await apply({ verb: 'add', rule: spec({ action: 'deny', ports: '8080', source: outer }) });
  expect([await host.opens(8080), await texts()]).toEqual(['silent', ['port 8080/tcp', `rule family="ipv4" source address="${outer}" port port="8080" protocol="tcp" drop`, 'service dhcpv6-client', 'service ssh']]);
  await host.firewall.revert(denied);
  expect(await host.opens(8080)).toBe('open');
  await apply({ verb: 'remove', rule: await find('8080/tcp') });
  expect([await host.opens(8080), (await permanent()).includes('8080/tcp')]).toEqual(['refused', false]);
});

it('every kind of rule is read back as what it was, and removed by what it says', async () => {
  const before = await texts();
  const inputs: object[] = [
    { ports: '6000-6010', protocol: 'udp' }, { service: 'http' }, { source: '10.0.0.0/8', protocol: 'any' }, { source: '2001:db8::/32', ports: '443' }, { action: 'limit', ports: '2222' },
    { ports: '80', destination: '172.17.0.9', source: '10.1.0.0/16' }, { action: 'reject', ports: '113', family: 'v6' }, { protocol: 'udp' }, { action: 'deny', service: 'ssh', source: '198.51.100.0/24' },
  ];
  const state = await read();
  for (const input of inputs) await host.firewall.apply(await host.firewall.plan({ verb: 'add', rule: spec(input) }, state));
  const fresh = (await read()).rules.filter(({ text }) => !before.includes(text));
  const plain = (specs: readonly (RuleSpec | null)[]) => specs.map((one) => JSON.stringify(one)).sort();
  expect(plain(fresh.map((rule) => rule.spec))).toEqual(plain(inputs.map(spec)));
  for (const rule of fresh) await host.firewall.apply(await host.firewall.plan({ verb: 'remove', rule: rule }, state));
  expect(await texts()).toEqual(before);
});

it('changing is one step after the other, and is taken back', async () => {
  await apply({ verb: 'add', rule: spec({ ports: '8080' }) });
  const before = await texts();
  const plan = await apply({ verb: 'change', rule: await find('8080/tcp'), to: spec({ ports: '9000', source: `${outer}/16` }) });
  expect([await host.opens(8080), await host.opens(9000)]).toEqual(['refused', 'open']);
  await host.firewall.revert(plan);
  expect([await texts(), await host.opens(8080), await host.opens(9000)]).toEqual([before, 'open', 'refused']);
});

it('what counts only until a reload is told, and keeps a default from being set', async () => {
  await host.sh('firewall-cmd --add-port=7070/tcp');
  expect((await find('7070')).extra).toBe('runtime');
  expect(await host.firewall.plan({ verb: 'policy', direction: 'in', policy: 'deny', zone: null }, await read()).then(() => null, (error) => error.code)).toBe('conflict');
  await apply({ verb: 'remove', rule: await find('7070') });
  const plan = await apply({ verb: 'policy', direction: 'in', policy: 'deny', zone: null });
  expect([plan.commands, await host.opens(9000), (await read()).policies.in]).toEqual([['firewall-cmd --permanent --zone=public --set-target=DROP', 'firewall-cmd --reload'], 'silent', 'deny']);
  await host.firewall.revert(plan);
  expect([await host.opens(9000), (await read()).policies.in]).toEqual(['refused', 'reject']);
});

it('its own forwards are used; off, its rules are still listed and changed', async () => {
  const plan = await apply({ verb: 'forward', forward: { protocol: 'tcp', port: 8888, toAddress: null, toPort: 8080 } });
  expect([await host.opens(8888), (await read()).forwards]).toEqual(['open', [expect.objectContaining({ port: 8888, toPort: 8080, native: true, zone: 'public' })]]);
  await host.firewall.revert(plan);
  expect(await host.opens(8888)).toBe('refused');
  const off = await apply({ verb: 'disable' });
  expect([await host.opens(9000), await read()]).toMatchObject(['open', { active: false, boot: false, provider: 'firewalld' }]);
  expect(await texts()).toEqual(['port 8080/tcp', 'service dhcpv6-client', 'service ssh']);
  await apply({ verb: 'remove', rule: await find('ssh') });
  await apply({ verb: 'add', rule: spec({ ports: '9000' }) });
  expect(await texts()).toEqual(['port 8080/tcp', 'port 9000/tcp', 'service dhcpv6-client']);
  await host.firewall.revert(off);
  expect([(await read()).active, await host.opens(9000), await texts()]).toEqual([true, 'open', ['port 8080/tcp', 'port 9000/tcp', 'service dhcpv6-client']]);
});
