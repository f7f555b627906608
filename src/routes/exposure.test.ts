import { afterEach, describe, expect, test } from 'bun:test';
import { SYSTEM } from '../core/app.ts';
import { readExposure } from '../core/exposure/exposure.ts';
import type { ExposureDriver, ExposureLook } from '../platform/exposure.ts';
import type { Listener } from '../platform/processes.ts';
import { testApp, type TestApp } from '../../test/support/app.ts';

let panel: TestApp;
const start = () => (panel = testApp());
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

const INTERFACES = [{ name: 'eth0', addresses: [{ address: '203.0.113.10', family: 4 as const, prefix: 24 }, { address: '2001:db8::10', family: 6 as const, prefix: 64 }, { address: 'fe80::1', family: 6 as const, prefix: 64 }] }];
const filter = (policy: string, ...rules: string[]) => `*filter\n:INPUT ${policy} [0:0]\n${rules.join('\n')}\nCOMMIT\n`;

/** A machine with these rules, and these sockets of nobody. */
function machine(look: Partial<ExposureLook>, listeners: readonly Listener[]) {
  const found: ExposureLook = { rules: { iptables: [], nft: null }, interfaces: INTERFACES, bound: null, ...look };
  (panel.app.host.exposure as { look: ExposureDriver['look'] }).look = async () => found;
  panel.app.host.processes.listeners = async () => [...listeners];
}
const redis = (address = '0.0.0.0'): Listener => ({ protocol: 'tcp', address, port: 6379, pid: null });
const read = async (path: string, role: 'viewer' | 'operator' | 'admin' = 'admin') => (await panel.as(role, crypto.randomUUID()).request(path)).text();
/** The row of a port: its state, and what it says. */
const row = (html: string, id: string) => new RegExp(`<tr id="${id.replaceAll('.', '\\.')}" data-level="(\\w+)">([\\s\\S]*?)</tr>`).exec(html);

describe('refusals', () => {
  test('S6 nobody sees it without signing in', async () => {
    start();
    panel.as('admin');
    expect((await panel.request('/exposure')).headers.get('location')).toBe('/signin?next=%2Fexposure');
  });

  test('S14 an order that is none is 422; a port that is none is 404', async () => {
    start();
    const browser = panel.as('viewer');
    for (const query of ['sort=password', 'sort=--port', 'show=x', 'again=1']) expect((await browser.request(`/exposure?${query}`)).status).toBe(422);
    expect((await browser.request('/exposure/local-only')).status).toBe(422);
    for (const id of ['tcp-0.0.0.0-1', '../x', '"><script>', '-rf']) expect((await browser.request(`/exposure/local-only?id=${encodeURIComponent(id)}`)).status).toBe(404);
  });

  test('who may not see the rules sees who reaches a port, and not why', async () => {
    start();
    const viewer = await read('/exposure', 'viewer');
    expect(viewer).toContain('1 port is open to everyone');
    expect(viewer).toContain('The rules are shown to operators and administrators.');
    for (const secret of ['--dport', '10.8.0.0', 'ufw-user-input']) expect(viewer).not.toContain(secret);
    expect(await read('/exposure', 'operator')).toContain('-A ufw-user-input -p tcp -m tcp --dport 9200 -j ACCEPT');
    // What makes a container anew is an administrator's.
    expect(await read('/exposure/local-only?id=tcp-0.0.0.0-3002', 'operator')).not.toContain('/local-only"');
  });
});

test('the made-up machine: red first, with reasons; the rest in its order', async () => {
  start();
  const html = await read('/exposure');
  const levels = [...html.matchAll(/<tr id="[^"]+" data-level="(\w+)"/g)].map((found) => found[1]);
  expect(levels.slice(0, 4)).toEqual(['danger', 'open', 'open', 'meant']);
  expect(levels.at(-1)).toBe('machine');
  expect(row(html, 'tcp-0.0.0.0-2222')?.[0]).toContain('Only 10.8.0.0/24');
  expect(row(html, 'tcp-0.0.0.0-22')?.[0]).toContain('how often is limited');
  // The picture says the same: an arrow for each that comes from outside.
  expect([...html.matchAll(/<g class="lane"[^>]*data-level="danger"/g)]).toHaveLength(2);
  expect([...(await read('/exposure?show=outside')).matchAll(/<tr id="/g)].length).toBeLessThan(levels.length);
  expect(await read('/exposure?q=gitea')).not.toContain('id="tcp-0.0.0.0-9200"');
  expect(await read('/exposure?q=nothing-like-it')).toContain('Nothing matches');
});

test.each([
  ['closed to everyone', { rules: { iptables: [{ family: 4 as const, text: filter('DROP') }], nft: null } }, redis(), 'closed', 'Nobody: rules keep it closed'],
  ['for some', { rules: { iptables: [{ family: 4 as const, text: filter('DROP', '-A INPUT -s 10.0.0.0/8 -j ACCEPT') }], nft: null } }, redis(), 'some', 'Only 10.0.0.0/8'],
  ['open, and risky', {}, redis(), 'danger', 'Everyone'],
  ['on the loopback', {}, redis('127.0.0.1'), 'machine', 'This machine only'],
  ['closed by IPv4 and open by IPv6', { rules: { iptables: [{ family: 4 as const, text: filter('DROP') }], nft: null } }, redis('::'), 'danger', 'Everyone<small class="muted"> IPv6'],
  ['a rule that is not understood', { rules: { iptables: [{ family: 4 as const, text: filter('DROP', '-A INPUT -m geoip --source-country DE -j ACCEPT') }], nft: null } }, redis(), 'warn', 'Unknown: rules decide'],
  ['rules that nobody may read', { rules: { unknown: 'root' as const } }, redis(), 'warn', 'Unknown: the rules could not be read'],
  ['a device of its own', { bound: [{ protocol: 'tcp' as const, address: '0.0.0.0', port: 6379, device: 'lo', onlyV6: false }] }, redis(), 'machine', 'This machine only'],
  ['an address good on the cable alone', { rules: { iptables: [{ family: 6 as const, text: filter('DROP', '-A INPUT -s fe80::/10 -j ACCEPT') }], nft: null } }, redis('fe80::1'), 'some', 'Only machines on the same cable'],
] as const)('redis is %s', async (_name, look, listener, level, text) => {
  start();
  machine(look as Partial<ExposureLook>, [listener]);
  const found = row(await read('/exposure'), `tcp-${listener.address}-6379`);
  expect(found?.[1]).toBe(level);
  expect(found![2]).toContain(text);
});

test('what is redirected to it counts: closed by its own port, open by another', async () => {
  start();
  const nat = '*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 8443 -j REDIRECT --to-ports 6379\nCOMMIT\n';
  machine({ rules: { iptables: [{ family: 4, text: nat + filter('DROP', '-A INPUT -m conntrack --ctstatus DNAT -j ACCEPT') }], nft: null } }, [redis()]);
  const found = row(await read('/exposure'), 'tcp-0.0.0.0-6379');
  expect(found?.[1]).toBe('danger');
  expect(found?.[2]).toContain('by port 8443, which a rule leads here');
});

test('what rules send on to another machine is shown, though nothing listens', async () => {
  start();
  const nat = '*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 3389 -j DNAT --to-destination 10.9.9.9:3389\nCOMMIT\n';
  machine({ rules: { iptables: [{ family: 4, text: nat }], nft: null } }, []);
  const html = await read('/exposure');
  expect(row(html, 'tcp-10.9.9.9-3389')?.[1]).toBe('danger');
  expect(html).toContain('Rules send it on to 10.9.9.9:3389');
});

test('a tool that fails, or writes what is none, is said, and nothing is claimed', async () => {
  start();
  machine({ rules: { unknown: 'failed', detail: 'nft: Operation not permitted' } }, [redis()]);
  expect(await read('/exposure')).toContain('nft: Operation not permitted');
  expect(await read('/exposure', 'viewer')).not.toContain('Operation not permitted');
  panel.clock.advance(10_000);
  machine({ rules: { iptables: [], nft: { json: '{"nftables": [', listing: '' } } }, [redis()]);
  const html = await read('/exposure');
  expect(html).toContain('The rules of this machine could not be read.');
  expect(row(html, 'tcp-0.0.0.0-6379')?.[1]).toBe('warn');
});

test('looked at once for many, and again for who asks', async () => {
  start();
  let looks = 0;
  const { look } = panel.app.host.exposure;
  (panel.app.host.exposure as { look: ExposureDriver['look'] }).look = () => {
    looks++;
    return look();
  };
  await Promise.all(Array.from({ length: 5 }, () => read('/exposure')));
  expect(looks).toBe(1);
  panel.clock.advance(2000);
  await read('/exposure');
  expect(looks).toBe(1);
  await read('/exposure?again=on');
  await read('/exposure?again=on');
  expect(looks).toBe(2);
  panel.clock.advance(6000);
  await read('/exposure');
  expect(looks).toBe(3);
});

test('nothing listens; and two thousand things do', async () => {
  start();
  machine({}, []);
  panel.app.engines.driver(null).ask = async () => [];
  expect(await read('/exposure')).toContain('No program on this machine waits for connections.');
  panel.clock.advance(10_000);
  machine({}, Array.from({ length: 2000 }, (_, i): Listener => ({ protocol: 'tcp', address: '0.0.0.0', port: 10_000 + i, pid: null })));
  const html = await read('/exposure');
  expect([...html.matchAll(/<tr id="/g)]).toHaveLength(1000);
  expect(html).toContain('1,982 more are in the table');
});

test('S22 sockets of one account by the thousand are not all looked at, leave out nobody else, and hold up nobody', async () => {
  start();
  const many = Array.from({ length: 30_000 }, (_, i): Listener => ({ protocol: 'tcp', address: '0.0.0.0', port: 10_000 + i, pid: 77 }));
  machine({ rules: { iptables: [{ family: 4, text: filter('DROP', '-A INPUT -s 10.0.0.0/8 -j ACCEPT') }], nft: null } }, [...many, { ...redis(), pid: 78 }]);
  panel.app.engines.driver(null).ask = async () => [];
  const { ports, left } = await readExposure(panel.app, SYSTEM);
  expect([ports.length, left, ports.some(({ port }) => port === 6379)]).toEqual([2000, 28_001, true]);
  expect(await read('/exposure')).toContain('There are so many that 28,001 were not looked at.');
});

test('what to do: a container is made anew, a stack is changed in its file, a program is told', async () => {
  start();
  const container = await read('/exposure/local-only?id=tcp-0.0.0.0-3002');
  expect(container).toContain('127.0.0.1:3002 → 3000/tcp');
  expect(container).toContain('docker create --name gitea.mantou-new … -p 127.0.0.1:3002:3000 -p 127.0.0.1:2222:22 …');
  expect(container).toMatch(/action="\/containers\/[0-9a-f]+\/local-only"/);
  const stack = await read('/exposure/local-only?id=tcp-0.0.0.0-2368');
  expect(stack).toContain('belongs to the stack blog');
  expect(stack).toContain('127.0.0.1:2368:2368');
  const program = await read('/exposure/local-only?id=tcp-0.0.0.0-9200');
  expect(program).toContain('network.host: 127.0.0.1');
  expect(program).toContain('systemctl restart search.service');
  // The form of the firewall takes it over.
  expect(program).toContain('/firewall/rules/new?scope=host&amp;ports=9200&amp;protocol=tcp&amp;action=deny');
  const rule = await read('/firewall/rules/new?scope=host&ports=9200&protocol=tcp&action=deny');
  expect(rule).toMatch(/value="deny"[^>]*checked|checked[^>]*value="deny"/);
  expect(rule).toContain('value="9200"');
});
