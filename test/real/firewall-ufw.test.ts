import { afterAll, beforeAll, expect } from 'bun:test';
import type { RuleSpec } from '../../src/platform/firewall.ts';
import { RuleInput, specOf } from '../../src/core/firewall/rule.ts';
import { startFirewallHost, type FirewallHost } from '../support/firewall-host.ts';
import { needs } from '../support/needs.ts';

/** ufw as Debian has it, on a machine of its own: what the driver does is held against packets that come from outside. */
const it = needs('linux', 'root', 'docker', 'debootstrap', 'busybox');
let host: FirewallHost;

if (it.ok) {
  beforeAll(async () => {
    host = await startFirewallHost('ufw');
    for (const port of [8080, 8081, 9000]) await host.listen(port);
  });
  afterAll(() => host?.stop());
}

const spec = (input: object): RuleSpec => specOf(RuleInput.parse({ action: 'allow', ...input }));
const read = () => host.firewall.read();
const texts = async () => (await read()).rules.map(({ text }) => text);

async function apply(change: Parameters<FirewallHost['firewall']['plan']>[0]) {
  const plan = await host.firewall.plan(change, await read());
  await host.firewall.apply(plan);
  return plan;
}
const find = async (text: string) => (await read()).rules.find((rule) => rule.text.includes(text))!;

it('off: rules that are there are listed, and everything comes through', async () => {
  await host.sh("ufw allow 22/tcp && ufw allow 8081/tcp comment '馒头' && ufw deny from 203.0.113.0/24 to any port 25 proto tcp && ufw route allow proto tcp from any to 10.0.0.9 port 80");
  const state = await read();
  expect([state.provider, state.active, state.policies]).toEqual(['ufw', false, { in: 'deny', out: 'allow', forward: 'deny' }]);
  expect(state.rules.map(({ text, comment, spec: one }) => [text, comment, one?.family ?? null])).toEqual([
    ['ufw allow in proto tcp from any to any port 22', '', 'both'],
    ['ufw allow in proto tcp from any to any port 8081', '馒头', 'both'],
    ['ufw deny in proto tcp from 203.0.113.0/24 to any port 25', '', 'v4'],
    ['ufw route allow proto tcp from any to 10.0.0.9 port 80', '', null],
  ]);
  expect(await host.opens(8080)).toBe('open');
});

it('on: what no rule allows is silent; a rule opens it, one from elsewhere does not, its removal closes it', async () => {
  const on = await apply({ verb: 'enable', allow: [] });
  expect(on.commands).toEqual(['ufw --force enable']);
  expect([(await read()).active, await host.opens(8080), await host.opens(8081)]).toEqual([true, 'silent', 'open']);
  const elsewhere = await apply({ verb: 'add', rule: spec({ ports: '8080', source: '203.0.113.7' }) });
  expect(elsewhere.commands).toEqual(['ufw allow in proto tcp from 203.0.113.7 to any port 8080']);
  expect(await host.opens(8080)).toBe('silent');
  const plan = await apply({ verb: 'add', rule: spec({ ports: '8080', comment: 'web shop' }) });
  expect(plan.commands).toEqual(["ufw allow in proto tcp from any to any port 8080 comment 'web shop'"]);
  expect(await host.opens(8080)).toBe('open');
  const gone = await apply({ verb: 'remove', rule: await find('from any to any port 8080') });
  expect(gone.commands).toEqual(['ufw delete allow in proto tcp from any to any port 8080']);
  expect(await host.opens(8080)).toBe('silent');
  await host.firewall.revert(gone);
  expect([await host.opens(8080), (await find('from any to any port 8080')).comment]).toEqual(['open', 'web shop']);
  await host.firewall.revert(plan);
  await apply({ verb: 'remove', rule: await find('from 203.0.113.7') });
});

it('a sender that is denied stands before what lets everybody in; rejected ones get an answer', async () => {
  const outer = (await host.sh("ip route show default | awk '{print $3}'")).trim();
  const deny = await apply({ verb: 'add', rule: spec({ action: 'deny', ports: '8081', source: outer }) });
  expect(deny.commands[0]).toStartWith('ufw prepend deny in proto tcp');
  expect([await host.opens(8081), (await texts())[0]]).toEqual(['silent', `ufw deny in proto tcp from ${outer} to any port 8081`]);
  await host.firewall.revert(deny);
  await apply({ verb: 'add', rule: spec({ action: 'reject', ports: '8081', source: `${outer}/16` }) });
  expect(await host.opens(8081)).toBe('refused');
  await apply({ verb: 'remove', rule: await find('reject') });
  expect(await host.opens(8081)).toBe('open');
});

it('between one version of IP and both, and to another action with it: nothing is lost, and all comes back', async () => {
  const families = async () => (await read()).rules.filter(({ text }) => text.includes('port 7777')).map(({ spec: one, comment }) => `${one!.action} ${one!.family} ${comment}`).sort();
  const rule = async () => (await find('port 7777'));
  const want = (family: string, more: object = {}) => spec({ ports: '7777', family, comment: 'x', ...more });
  for (const [from, to] of [['both', 'v4'], ['both', 'v6'], ['v4', 'both'], ['v6', 'both'], ['v4', 'v6'], ['v6', 'v4']] as const) {
    // ufw takes its time: with other words and another action only where it is easiest to get wrong.
    for (const more of from !== 'v6' && to !== 'v6' ? [{}, { comment: 'y' }, { action: 'deny' }] : [{}]) {
      const made = await apply({ verb: 'add', rule: want(from) });
      const changed = await apply({ verb: 'change', rule: await rule(), to: want(to, more) });
      const after = [`${'action' in more ? 'deny' : 'allow'} ${to} ${'comment' in more ? 'y' : 'x'}`];
      expect([from, to, more, await families()]).toEqual([from, to, more, after]);
      await host.firewall.revert(changed);
      expect([from, to, more, await families()]).toEqual([from, to, more, [`allow ${from} x`]]);
      await host.firewall.revert(made);
      expect(await families()).toEqual([]);
    }
  }
});

it('changing keeps the place, and reverts to what was', async () => {
  const before = await texts();
  const at = before.findIndex((text) => text.includes('8081'));
  const changed = await apply({ verb: 'change', rule: await find('8081'), to: spec({ ports: '8081, 9000', comment: 'two' }) });
  expect((await texts())[at]).toBe('ufw allow in proto tcp from any to any port 8081,9000');
  expect([await host.opens(9000), await host.opens(8081)]).toEqual(['open', 'open']);
  await host.firewall.revert(changed);
  expect([await texts(), await host.opens(9000)]).toEqual([before, 'silent']);
  // What it does alone: ufw takes that for the same rule.
  const denied = await apply({ verb: 'change', rule: await find('8081'), to: spec({ action: 'deny', ports: '8081' }) });
  expect([await host.opens(8081), (await texts()).length]).toEqual(['silent', before.length]);
  await host.firewall.revert(denied);
  expect([await texts(), await host.opens(8081), (await find('8081')).comment]).toEqual([before, 'open', '馒头']);
  const named = await apply({ verb: 'change', rule: await find('8081'), to: spec({ ports: '8081', comment: 'other' }) });
  expect(named.commands).toEqual(['ufw allow in proto tcp from any to any port 8081 comment other']);
  expect((await find('8081')).comment).toBe('other');
});

it('every kind of rule that the form can make is read back as what it was, and removed by what it says', async () => {
  const before = await texts();
  const inputs: object[] = [
    { ports: '6000-6010' }, { ports: '53', protocol: 'any' }, { ports: '53', protocol: 'udp', family: 'v4' }, { ports: '7000', family: 'v6' }, { source: '10.0.0.0/8', protocol: 'any' },
    { source: '2001:db8::/32', ports: '443' }, { action: 'limit', ports: '2222' }, { ports: '99', interface: 'eth0' }, { direction: 'out', action: 'deny', ports: '25' },
    { direction: 'out', ports: '123', protocol: 'udp', destination: '192.0.2.1', interface: 'eth0' }, { ports: '80', destination: '172.17.0.9', source: '10.1.0.0/16' }, { service: 'OpenSSH' }, { protocol: 'udp' }, { action: 'deny', source: '2001:db8:bad::1', protocol: 'any' },
  ];
  const state = await read();
  for (const input of inputs) await host.firewall.apply(await host.firewall.plan({ verb: 'add', rule: spec(input) }, state));
  const fresh = (await read()).rules.filter(({ text }) => !before.includes(text));
  const plain = (specs: readonly (RuleSpec | null)[]) => specs.map((one) => JSON.stringify(one)).sort();
  expect(plain(fresh.map((rule) => rule.spec))).toEqual(plain(inputs.map(spec)));
  for (const rule of fresh) await host.firewall.apply(await host.firewall.plan({ verb: 'remove', rule: rule }, state));
  expect(await texts()).toEqual(before);
});

it('the default can be changed and comes back; off, everything comes through again', async () => {
  const plan = await apply({ verb: 'policy', direction: 'in', policy: 'allow', zone: null });
  expect([plan.commands, await host.opens(9000), (await read()).policies.in]).toEqual([['ufw default allow incoming'], 'open', 'allow']);
  await host.firewall.revert(plan);
  expect([await host.opens(9000), (await read()).policies.in]).toEqual(['silent', 'deny']);
  const off = await apply({ verb: 'disable' });
  expect([await host.opens(9000), (await read()).active]).toEqual(['open', false]);
  await host.firewall.revert(off);
  expect(await host.opens(9000)).toBe('silent');
});

it('a port is forwarded to another one of the machine, and no more', async () => {
  const { firewall } = host;
  const plan = await apply({ verb: 'forward', forward: { protocol: 'tcp', port: 8888, toAddress: null, toPort: 9000 } });
  expect(await host.opens(8888)).toBe('open');
  expect((await read()).forwards).toMatchObject([{ protocol: 'tcp', port: 8888, toAddress: null, toPort: 9000, native: false }]);
  await firewall.revert(plan);
  expect([await host.opens(8888), (await read()).forwards]).toEqual(['silent', []]);
  await apply({ verb: 'forward', forward: { protocol: 'tcp', port: 8888, toAddress: null, toPort: 9000 } });
  await host.reboot();
  await host.listen(9000);
  await host.listen(8081);
  expect([await host.opens(8888), await host.opens(8081), (await read()).active]).toEqual(['open', 'open', true]);
  await apply({ verb: 'unforward', forward: (await read()).forwards[0]! });
  expect([await host.opens(8888), await host.opens(9000), (await texts()).some((text) => text.includes('9000'))]).toEqual(['silent', 'silent', false]);
});

it('rules that somebody flushed are told, and a step that fails takes those before it back', async () => {
  const before = await texts();
  const rule = spec({ ports: '7777' });
  const plan = await host.firewall.plan({ verb: 'add', rule }, await read());
  const broken = { ...plan, steps: [...plan.steps, { does: { run: ['/usr/sbin/ufw', 'no-such-verb'] as [string, ...string[]] }, undo: [] }] };
  expect(await host.firewall.apply(broken).then(() => null, (error) => error)).toMatchObject({ code: 'unavailable', detail: expect.stringContaining('Invalid syntax') });
  expect(await texts()).toEqual(before);
  await host.sh('iptables -F && iptables -P INPUT ACCEPT');
  expect(await read()).toMatchObject({ active: false, boot: true });
});
