import { afterEach, describe, expect, test } from 'bun:test';
import type { FirewallRule, RuleSpec } from '../../platform/firewall.ts';
import { noFirewall } from '../../platform/firewall.ts';
import type { Exec, ExecResult } from '../../platform/exec.ts';
import { createLinuxFirewall } from '../../platform/linux/firewall/firewall.ts';
import { UFW_ABILITIES } from '../../platform/linux/firewall/ufw.ts';
import { listArmed } from '../../core/armed/armed.ts';
import { lookAtArmed } from '../../core/armed/tend.ts';
import { listAudit } from '../../../test/support/audit.ts';
import { testApp, type TestApp } from '../../../test/support/app.ts';

let panel: TestApp;
const start = (options: Parameters<typeof testApp>[0] = {}) => (panel = testApp(options));
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

const read = async (path = '/firewall') => (await panel.as('viewer', crypto.randomUUID()).request(path)).text();
const rules = async () => (await panel.app.host.firewall.read()).rules;
const find = async (text: string) => (await rules()).find((rule) => rule.text.includes(text))!;

describe('refusals', () => {
  test('S6 viewers and operators look, administrators change', async () => {
    start();
    const { id } = await find('port 22');
    for (const role of ['viewer', 'operator'] as const) {
      const one = panel.as(role);
      const page = await (await one.request('/firewall')).text();
      expect([page.includes('Websites'), page.includes('/firewall/rules/new')]).toEqual([true, false]);
      for (const [path, form] of [['/firewall/rules', { action: 'allow', ports: '1' }], [`/firewall/rules/${id}/remove`, {}], ['/firewall/disable', {}], ['/firewall/policy', { direction: 'in', policy: 'allow' }]] as const) expect((await one.request(path, { form })).status).toBe(403);
    }
    expect((await rules()).length).toBe(10);
  });

  test('S1 S2 S3 what is no rule is said beside its field, and nothing is changed', async () => {
    start();
    const admin = panel.as('admin');
    for (const [form, words] of [
      [{ ports: '0' }, 'Ports are numbers'], [{ ports: '90-80' }, 'from the smaller port'], [{ ports: '80; reboot' }, 'Ports are numbers'], [{ source: 'fe80::1%eth0' }, 'without a zone'],
      [{ source: '--help' }, 'An address or a network'], [{ comment: 'a\nb' }, 'on one line'], [{ interface: '-i' }, 'not beginning with -'], [{ service: 'NoSuchApp' }, 'knows no service NoSuchApp'],
    ] as const) {
      const answer = await admin.request('/firewall/rules', { form: { action: 'allow', ...form } });
      const html = await answer.text();
      expect([answer.status, html.includes(words) || words]).toEqual([422, true]);
    }
    expect((await admin.request('/firewall/rules', { form: { action: 'explode', ports: '80' } })).status).toBe(422);
    expect((await rules()).length).toBe(10);
  });

  test('a rule that is there, one that another decides, one that is gone', async () => {
    start();
    const admin = panel.as('admin');
    expect(await (await admin.request('/firewall/rules', { form: { action: 'allow', ports: '443, 80' } })).text()).toContain('That rule is there already.');
    expect(await (await admin.request('/firewall/rules', { form: { action: 'deny', ports: '80,443' } })).text()).toContain('A rule about the same decides otherwise: ufw allow in proto tcp from any to any port 80,443');
    // Changed into one that is there: nothing would be left that is its own.
    const { id } = await find('port 9200');
    expect(await (await admin.request(`/firewall/rules/${id}/change`, { form: { action: 'allow', protocol: 'tcp', ports: '80,443', comment: 'Websites' } })).text()).toContain('That rule is there already.');
    for (const path of ['/firewall/rules/0000000000000000/remove', '/firewall/rules/x/change', '/firewall/forwards/x/remove', '/firewall/published/x/remove']) expect((await admin.request(path)).status).toBe(404);
    for (const path of ['/firewall/gone/x/put-back', '/firewall/gone/x/forget']) expect((await admin.request(path, { form: {} })).status).toBe(404);
  });

  test('rules that ufw would make one of: a half of what is there is there, another action or another half is refused', async () => {
    start();
    const admin = panel.as('admin');
    const send = async (form: Record<string, string>) => (await admin.request('/firewall/rules', { form })).text();
    expect(await send({ action: 'allow', ports: '80,443', family: 'v6' })).toContain('That rule is there already.');
    expect(await send({ action: 'deny', ports: '80,443', family: 'v6' })).toContain('differs in its version of IP alone is there: ufw allow in proto tcp from any to any port 80,443');
    await send({ action: 'allow', ports: '81', family: 'v4' });
    for (const family of ['v6', 'both']) expect(await send({ action: 'allow', ports: '81', family })).toContain('change that one');
    expect(await send({ action: 'deny', ports: '81', family: 'both' })).toContain('change that one');
    const before = (await rules()).length;
    await send({ action: 'deny', ports: '81', family: 'v6' });
    expect((await rules()).length).toBe(before + 1);
  });

  test('S14 an order that is none, or a cursor of another list', async () => {
    start();
    for (const query of ['sort=evil', 'sort=--port', 'cursor=abc', 'origin=theirs']) expect((await panel.as('viewer', crypto.randomUUID()).request(`/firewall?${query}`)).status).toBe(422);
  });
});

test('the commands are shown before, run, and kept in the audit log', async () => {
  start();
  const admin = panel.as('admin', 'lin');
  const form = { action: 'deny', ports: '3306', source: '198.51.100.0/24', comment: 'no' };
  const shown = await (await admin.request('/firewall/rules', { form: { ...form, do: 'preview' } })).text();
  expect(shown).toContain('ufw prepend deny in proto tcp from 198.51.100.0/24 to any port 3306 comment no');
  expect((await rules()).length).toBe(10);
  expect((await admin.request('/firewall/rules', { form })).status).toBe(303);
  expect((await rules())[0]!.spec).toMatchObject({ action: 'deny', source: '198.51.100.0/24' });
  expect(listAudit(panel.app).at(-1)).toMatchObject({ actor: 'lin', action: 'firewall.add', target: 'deny 3306/tcp from 198.51.100.0/24', commands: ['ufw prepend deny in proto tcp from 198.51.100.0/24 to any port 3306 comment no'] });
  expect(await read('/firewall?origin=ours')).toContain('198.51.100.0/24');
});

describe('who would be locked out', () => {
  const form = { action: 'deny', protocol: 'any', source: '203.0.113.0/24' };
  const from = { peer: '203.0.113.9' };

  test('is told, and nothing is done; by their wish it is done for a while, and comes back by itself', async () => {
    start();
    const admin = panel.as('admin');
    const refused = await admin.request('/firewall/rules', { form, ...from });
    const html = await refused.text();
    expect([refused.status, html.includes('your browser from the panel on port 8686'), html.includes('name="armed"'), (await rules()).length]).toEqual([422, true, true, 10]);
    const done = await admin.request('/firewall/rules', { form: { ...form, armed: 'on' }, ...from });
    expect([done.status, (await rules()).length, listArmed(panel.app).length]).toEqual([303, 11, 1]);
    // One at a time: taking that one back would take this one back as well.
    expect((await admin.request('/firewall/rules', { form: { action: 'allow', ports: '1' } })).status).toBe(422);
    panel.clock.advance(61_000);
    await lookAtArmed(panel.app);
    expect([(await rules()).length, listArmed(panel.app).length]).toEqual([10, 0]);
    // It was never kept: nobody asks whether it should come back.
    expect(await read()).not.toContain('id="gone"');
  });

  test('whose rule it is stands written before anybody can keep it', async () => {
    start();
    // The last thing that happens before the answer: somebody else presses Keep then.
    const { keepArmed } = await import('../../core/armed/armed.ts');
    panel.app.panel.renewConnections = async () => void keepArmed(panel.app, { kind: 'system', ip: '' }, listArmed(panel.app)[0]!.id);
    expect((await panel.as('admin').request('/firewall/rules', { form: { ...form, armed: 'on' }, ...from })).status).toBe(303);
    const { rows } = panel.app.db.$client.query('SELECT count(*) AS rows FROM firewall_rules WHERE armed_id IS NOT NULL').get() as { rows: number };
    expect([rows, (await rules()).length]).toEqual([0, 11]);
  });

  test('a removal that is reverted is the panel’s rule as before; one that is kept is gone for good', async () => {
    start();
    const admin = panel.as('admin');
    await admin.request('/firewall/rules', { form: { action: 'allow', ports: '8000-9000' } });
    await panel.app.host.firewall.apply(await panel.app.host.firewall.plan({ verb: 'remove', rule: await find('port 8686') }, await panel.app.host.firewall.read()));
    const remove = async () => admin.request(`/firewall/rules/${(await find('8000:9000')).id}/remove`, { form: { armed: 'on' }, ...from });
    expect((await remove()).status).toBe(303);
    expect(await read()).not.toContain('id="gone"');
    panel.clock.advance(61_000);
    await lookAtArmed(panel.app);
    expect((await read('/firewall?origin=ours')).includes('8000-9000')).toBe(true);
    await remove();
    const { keepArmed } = await import('../../core/armed/armed.ts');
    keepArmed(panel.app, { kind: 'system', ip: '' }, listArmed(panel.app)[0]!.id);
    expect(await read()).not.toContain('8000-9000');
  });

  test('a forward to the panel goes only for a while, unless it is kept', async () => {
    start();
    const admin = panel.as('admin');
    expect((await admin.request('/firewall/forwards', { form: { port: '9000', toPort: '8686' }, ...from })).status).toBe(303);
    const found = async () => (await panel.app.host.firewall.read()).forwards.find(({ port }) => port === 9000);
    const path = `/firewall/forwards/${(await found())!.id}/remove`;
    expect(await (await admin.request(path, from)).text()).toContain('60 seconds');
    expect((await admin.request(path, { form: {}, ...from })).status).toBe(303);
    expect([await found(), listArmed(panel.app).length]).toEqual([undefined, 1]);
    panel.clock.advance(61_000);
    await lookAtArmed(panel.app);
    expect((await found())?.toPort).toBe(8686);
    expect(await read()).not.toContain('id="gone"');
  });

  test('of a proxy on another machine: its way to the panel is closed only for a while, and opened with the others', async () => {
    start({ config: { trustedProxies: ['10.0.0.0/24', '127.0.0.1'] } });
    const admin = panel.as('admin');
    const deny = { form: { action: 'deny', ports: '8686', source: '10.0.0.0/8' }, ...from };
    expect((await admin.request('/firewall/rules', deny)).status).toBe(303);
    expect(listArmed(panel.app).length).toBe(1);
    panel.clock.advance(61_000);
    await lookAtArmed(panel.app);
    await admin.request('/firewall/disable', { form: {} });
    await admin.request('/firewall/enable', { form: { letIn: 'on' }, ...from });
    expect((await rules()).flatMap(({ spec }) => (spec?.ports[0]?.from === 8686 && spec.source ? [spec.source] : []))).toEqual(['10.0.0.0/24']);
  });

  test('over IPv4 inside IPv6 as well, and behind a tunnel only SSH counts', async () => {
    start();
    const admin = panel.as('admin');
    expect((await admin.request('/firewall/rules', { form, peer: '::ffff:203.0.113.9' })).status).toBe(422);
    expect((await admin.request('/firewall/rules', { form, peer: '127.0.0.1' })).status).toBe(303);
  });
});

test('what somebody removed can be put back, or forgotten', async () => {
  start();
  const admin = panel.as('admin');
  await admin.request('/firewall/rules', { form: { action: 'allow', ports: '7777', comment: 'shop' } });
  const { firewall } = panel.app.host;
  const away = async () => firewall.apply(await firewall.plan({ verb: 'remove', rule: await find('7777') }, await firewall.read()));
  await away();
  const id = async () => /\/firewall\/gone\/([0-9a-f-]{36})\/put-back/.exec(await (await admin.request('/firewall')).text())?.[1];
  expect((await admin.request(`/firewall/gone/${await id()}/put-back`, { form: {} })).status).toBe(303);
  expect([(await find('7777')).spec?.comment, await id()]).toEqual(['shop', undefined]);
  await away();
  expect((await admin.request(`/firewall/gone/${await id()}/forget`, { form: {} })).status).toBe(303);
  expect(await id()).toBeUndefined();
});

test('published ports stand beside, and are denied by the same form', async () => {
  start();
  const admin = panel.as('admin');
  const html = await (await admin.request('/firewall')).text();
  for (const text of ['blog-app-1', 'title="ufw does not govern it', '/firewall/rules/new?scope=containers&amp;ports=2368&amp;protocol=tcp']) expect(html).toContain(text);
  expect(await (await admin.request('/firewall/rules/new?scope=containers&ports=2368')).text()).toContain('value="2368"');
  for (const [more, words] of [[{ action: 'limit' }, 'there is allow and deny'], [{ direction: 'out' }, 'about what comes in'], [{ ports: '', service: 'OpenSSH' }, 'not services'], [{ destination: '10.0.0.1' }, 'no destination']] as const) {
    expect(await (await admin.request('/firewall/rules', { form: { scope: 'containers', action: 'deny', ports: '2368', ...more } })).text()).toContain(words);
  }
  expect((await admin.request('/firewall/rules', { form: { scope: 'containers', action: 'deny', ports: '2368' } })).status).toBe(303);
  expect(listAudit(panel.app).at(-1)).toMatchObject({ action: 'firewall.published_add', commands: [expect.stringContaining('-A MANTOU-DOCKER -p tcp -m conntrack --ctstate DNAT --ctorigdstport 2368 --ctdir ORIGINAL -j DROP')] });
  const id = /\/firewall\/published\/([0-9a-f-]{36})\/remove/.exec(await (await admin.request('/firewall')).text())![1]!;
  expect((await admin.request(`/firewall/published/${id}/remove`, { form: {} })).status).toBe(303);
});

describe('2,000 rules', () => {
  const many = (n: number) => {
    const spec = (i: number): RuleSpec => ({ action: i % 7 ? 'allow' : 'deny', direction: 'in', protocol: 'tcp', ports: [{ from: 1000 + i, to: 1000 + i }], service: null, source: `10.${i >> 8}.${i & 255}.0/24`, destination: null, interface: null, zone: null, family: 'v4', comment: `rule ${i}`, program: null, profile: null, enabled: true });
    panel.app.host.firewall.read = async () => noFirewall({ provider: 'ufw', active: true, boot: true, policies: { in: 'deny', out: 'allow', forward: 'deny' }, abilities: UFW_ABILITIES, rules: Array.from({ length: n }, (_, i): FirewallRule => ({ id: i.toString(16).padStart(16, '0'), text: `ufw allow ${i}`, spec: spec(i), extra: null, comment: `rule ${i}`, forwarded: false })) });
  };

  test('are twenty pages, each rule on exactly one; the default stands at the end of the last', async () => {
    start();
    many(2000);
    const seen = new Set<string>();
    let path: string | undefined = '/firewall';
    let pages = 0;
    let last = '';
    while (path) {
      last = await read(path);
      for (const [, text] of last.matchAll(/title="(ufw allow \d+)"/g)) seen.add(text!);
      pages++;
      path = /rel="next" href="([^"]+)"/.exec(last)?.[1]?.replaceAll('&amp;', '&');
    }
    expect([pages, seen.size, last.includes('everything else')]).toEqual([20, 2000, true]);
  });

  test('are found by port, address and note, and sorted', async () => {
    start();
    many(2000);
    expect((await read('/firewall?q=2999')).match(/title="ufw allow/g)).toHaveLength(1);
    expect(await read('/firewall?q=rule+1234')).toContain('2234');
    expect(await read('/firewall?sort=-port')).toContain('2999');
    expect(await read('/firewall?q=nothing-like-it')).toContain('Nothing matches “nothing-like-it”');
  });
});

describe('a machine that is not as it should be', () => {
  const machine = (tools: readonly string[], answer: (argv: readonly string[]) => Partial<ExecResult>): Exec => ({
    which: (tool) => (tools.includes(tool) ? `/usr/sbin/${tool}` : undefined),
    run: async (argv) => ({ code: 0, stdout: '', stderr: '', truncated: false, ...answer(argv) }),
  });
  const page = async (exec: Exec, isRoot = true) => {
    start({ firewall: createLinuxFirewall(exec, { isRoot: () => isRoot, root: '/nonexistent' }) });
    const admin = panel.as('admin');
    const answer = await admin.request('/firewall');
    return { status: answer.status, html: await answer.text(), admin };
  };

  test('no firewall: ufw and nftables are offered, where there are packages', async () => {
    const { html, admin } = await page(machine(['apt-get'], () => ({})));
    for (const text of ['No firewall is installed', 'Install ufw', 'Install nftables']) expect(html).toContain(text);
    expect(await (await admin.request('/firewall/install?provider=ufw')).text()).toContain('install ufw');
    expect((await admin.request('/firewall/install', { form: { provider: 'ufw' } })).headers.get('location')).toStartWith('/tasks/');
    expect((await admin.request('/firewall/install', { form: { provider: '; reboot' } })).status).toBe(422);
    // Two would wait for each other's lock.
    expect(panel.app.host.packages).toMatchObject({ tool: 'apt' });
    panel.app.host.packages.changeRefusal = () => (t) => t.packages.notRoot;
    expect(await (await admin.request('/firewall')).text()).not.toContain('/firewall/install');
    expect((await admin.request('/firewall/install', { form: { provider: 'ufw' } })).status).toBe(501);
  });

  test('not root: it says so, and what is missing', async () => {
    const { html, admin } = await page(machine(['ufw', 'iptables'], () => ({})), false);
    expect(html).toContain('Only root may read the firewall');
    expect((await admin.request('/firewall/rules', { form: { action: 'allow', ports: '1' } })).status).toBe(501);
  });

  test('a tool is missing, hangs, fails, speaks Chinese: its words are shown', async () => {
    for (const [exec, words] of [
      [machine(['ufw'], () => ({})), 'iptables is missing on this machine.'],
      [machine(['ufw', 'iptables'], () => ({ code: 137, ended: 'timeout' })), 'iptables'],
      [machine(['ufw', 'iptables'], () => ({ code: 4, stderr: '致命错误：无法获取锁' })), '致命错误：无法获取锁'],
      [machine(['nft'], ([, ...words]) => (words[0] === '-j' ? { stdout: '不是 JSON' } : { stdout: words.includes('tables') ? 'table inet mantou\n' : 'table inet mantou {\n}\n' })), '不是 JSON'],
      [machine(['firewall-cmd', 'busctl'], () => ({ code: 1, stderr: '调用失败：访问被拒绝' })), '调用失败：访问被拒绝'],
    ] as const) {
      const { status, html } = await page(exec);
      expect([status, html.includes('The firewall could not be read'), html.includes(words) || html.slice(html.indexOf('role="alert"'), html.indexOf('role="alert"') + 400)]).toEqual([200, true, true]);
      await panel.close();
    }
    start();
  });
});
