import { afterAll, beforeAll, expect } from 'bun:test';
import type { FirewallChange, RuleSpec } from '../../src/platform/firewall.ts';
import { RuleInput, specOf } from '../../src/core/firewall/rule.ts';
import { startFirewallHost, type FirewallHost } from '../support/firewall-host.ts';
import { needs } from '../support/needs.ts';

/** A machine with nothing but nftables: a table of our own, held against packets that come from outside. */
const it = needs('linux', 'root', 'docker', 'debootstrap', 'busybox');
let host: FirewallHost;
let outer = '';

if (it.ok) {
  beforeAll(async () => {
    host = await startFirewallHost('nftables');
    for (const port of [8080, 9000]) await host.listen(port);
    outer = await host.sh("ip route show default | awk '{print $3}'");
    await host.sh("nft -f - <<'END'\ntable inet theirs {\n chain input { type filter hook input priority 10; policy accept;\n tcp dport 7070 drop\n }\n}\nEND");
  });
  afterAll(() => host?.stop());
}

const spec = (input: object): RuleSpec => specOf(RuleInput.parse({ action: 'allow', ...input }));
const read = () => host.firewall.read();
const texts = async () => (await read()).rules.map(({ text }) => text);

async function apply(change: FirewallChange) {
  const plan = await host.firewall.plan(change, await read());
  await host.firewall.apply(plan);
  return plan;
}
const find = async (text: string) => (await read()).rules.find((rule) => rule.text.includes(text))!;

it('off: rules can be made, and count when it is turned on; tables of others are shown and left alone', async () => {
  expect(await read()).toMatchObject({ provider: 'nftables', active: false, boot: false, rules: [] });
  // Beside one of the engine, which answers names there.
  expect((await read()).foreign.map(({ name }) => name)).toContain('inet theirs');
  await apply({ verb: 'add', rule: spec({ ports: '22', comment: 'SSH 馒头' }) });
  expect([await host.opens(8080), (await read()).active, await texts()]).toEqual(['open', false, ['tcp dport 22 accept comment "SSH 馒头"']]);
  const plan = await apply({ verb: 'enable', allow: [spec({ ports: '9000' })] });
  expect(plan.commands[0]).toBe('# /etc/mantou/firewall.nft\n+\t\ttcp dport 9000 accept\n-\tflags dormant');
  expect([await host.opens(8080), await host.opens(9000), await read()]).toMatchObject(['silent', 'open', { active: true, boot: true, policies: { in: 'deny', out: 'allow' } }]);
  expect(await host.sh('nft list table inet theirs')).toContain('tcp dport 7070 drop');
});

it('a rule opens a port, a sender that is denied stands before it, and all is taken back', async () => {
  const open = await apply({ verb: 'add', rule: spec({ ports: '8080' }) });
  expect(await host.opens(8080)).toBe('open');
  const denied = await apply({ verb: 'add', rule: spec({ action: 'deny', ports: '8080', source: outer }) });
  expect([await host.opens(8080), (await texts())[0]]).toEqual(['silent', `ip saddr ${outer} tcp dport 8080 drop`]);
  await host.firewall.revert(denied);
  const rejected = await apply({ verb: 'change', rule: await find('8080'), to: spec({ action: 'reject', ports: '8080-8090' }) });
  expect([await host.opens(8080), (await texts()).length]).toEqual(['refused', 3]);
  await host.firewall.revert(rejected);
  expect(await host.opens(8080)).toBe('open');
  await host.firewall.revert(open);
  expect([await host.opens(8080), (await texts()).length]).toEqual(['silent', 2]);
});

it('every kind of rule is read back as what it was, and removed by what it says', async () => {
  const before = await texts();
  const inputs: object[] = [
    { ports: '6000-6010' }, { ports: '53, 80, 1000-2000', protocol: 'any' }, { ports: '53', protocol: 'udp', family: 'v4' }, { ports: '7000', family: 'v6' }, { source: '10.0.0.0/8', protocol: 'any' },
    { source: '2001:db8::/32', ports: '443' }, { action: 'limit', ports: '2222' }, { ports: '99', interface: 'eth0' }, { direction: 'out', action: 'deny', ports: '25' },
    { direction: 'out', ports: '123', protocol: 'udp', destination: '192.0.2.1', interface: 'eth0', comment: 'time' }, { ports: '80', destination: '172.17.0.9', source: '10.1.0.0/16' }, { protocol: 'udp' },
    { protocol: 'any', action: 'reject' }, { action: 'deny', source: '2001:db8:bad::1', protocol: 'any' },
  ];
  for (const input of inputs) await host.firewall.apply(await host.firewall.plan({ verb: 'add', rule: spec(input) }, await read()));
  const fresh = (await read()).rules.filter(({ text }) => !before.includes(text));
  const plain = (specs: readonly (RuleSpec | null)[]) => specs.map((one) => JSON.stringify(one)).sort();
  expect(plain(fresh.map((rule) => rule.spec))).toEqual(plain(inputs.map(spec)));
  for (const rule of fresh) await host.firewall.apply(await host.firewall.plan({ verb: 'remove', rule: (await read()).rules.find(({ id }) => id === rule.id)! }, await read()));
  expect(await texts()).toEqual(before);
});

it('rules that somebody wrote into the table stay as they are, with what the model has no words for', async () => {
  await host.sh('nft add rule inet mantou input tcp dport 7777 ct count over 20 drop');
  await host.sh('nft add set inet mantou known "{ type ipv4_addr; elements = { 192.0.2.1, 192.0.2.2 }; }" && nft add rule inet mantou input ip saddr @known accept');
  expect((await read()).rules.map(({ text, spec: one }) => [text, one === null])).toContainEqual(['tcp dport 7777 ct count over 20 drop', true]);
  await apply({ verb: 'add', rule: spec({ ports: '8080' }) });
  await apply({ verb: 'remove', rule: await find('8080') });
  const listing = await host.sh('nft list table inet mantou');
  for (const text of ['ct count over 20 drop', '192.0.2.2', 'ip saddr @known accept']) expect(listing).toContain(text);
  await apply({ verb: 'remove', rule: await find('ct count') });
});

it('forwards go through, and the machine is the same after a boot and when nftables.service flushes everything', async () => {
  await apply({ verb: 'forward', forward: { protocol: 'tcp', port: 8888, toAddress: null, toPort: 8080 } });
  expect(await host.opens(8888)).toBe('open');
  const before = await texts();
  await host.sh('systemctl start nftables');
  await host.sh('systemctl reload nftables');
  expect([await texts(), await host.opens(8888), await host.opens(8080)]).toEqual([before, 'open', 'silent']);
  await host.sh('systemctl restart nftables');
  expect([await texts(), await host.opens(8888)]).toEqual([before, 'open']);
  await host.reboot();
  for (const port of [8080, 9000]) await host.listen(port);
  expect([await texts(), (await read()).active, await host.opens(8888), await host.opens(8080), await host.opens(9000)]).toEqual([before, true, 'open', 'silent', 'open']);
  await apply({ verb: 'unforward', forward: (await read()).forwards[0]! });
  expect([await host.opens(8888), (await read()).forwards]).toEqual(['silent', []]);
});

it('the default and the switch come back; off, everything comes through', async () => {
  const plan = await apply({ verb: 'policy', direction: 'in', policy: 'allow', zone: null });
  expect([plan.commands[0], await host.opens(8080)]).toEqual(['# /etc/mantou/firewall.nft\n-\t\ttype filter hook input priority filter; policy drop;\n+\t\ttype filter hook input priority filter; policy accept;', 'open']);
  await host.firewall.revert(plan);
  expect(await host.opens(8080)).toBe('silent');
  const off = await apply({ verb: 'disable' });
  expect([await host.opens(8080), (await read()).active, (await texts()).length]).toEqual(['open', false, 3]);
  await host.firewall.revert(off);
  expect(await host.opens(8080)).toBe('silent');
});

it('S1 S2 S3 a table that is broken from outside is a refusal with the words of nft', async () => {
  await host.sh('nft delete chain inet mantou output || (nft flush chain inet mantou output && nft delete chain inet mantou output)');
  expect(await host.firewall.plan({ verb: 'add', rule: spec({ direction: 'out', ports: '25', action: 'deny' }) }, await read()).then(() => null, (error) => error.code)).toBe('conflict');
  await host.sh('nft delete table inet mantou');
  expect(await read()).toMatchObject({ active: false, rules: [] });
});
