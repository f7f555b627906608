import { afterEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { until } from '../../../test/support/until.ts';
import { tendBlocks } from '../../core/blocks/apply.ts';
import { putSetting } from '../../core/settings/settings.ts';
import { audit } from '../../db/schema/audit.ts';
import { addressText } from '../../lib/address.ts';
import { rangeText } from '../../lib/address-range.ts';
import type { FakeBlocks } from '../../platform/fake/blocks.ts';
import type { FakePackages } from '../../platform/fake/packages.ts';

let t: TestApp;
const start = (...options: Parameters<typeof testApp>) => (t = testApp(...options));
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

const machine = () => t.app.host.blocks as FakeBlocks;
const dropped = () => (machine().dropped ?? []).map((range) => [rangeText(range), range.until] as const);
const entries = () => t.app.db.select().from(audit).all().filter(({ action }) => action.startsWith('blocks.'));
const post = (path: string, form: Record<string, string>, who = t.as('admin', crypto.randomUUID())) => who.request(path, { form });
const block = (address: string, more: Record<string, string> = {}) => post('/firewall/blocks/new', { address, comment: '', lasts: '', ...more });
const read = async (path: string) => (await t.as('viewer', crypto.randomUUID()).request(path)).text();
const ids = (html: string) => [...html.matchAll(/\/firewall\/blocks\/(\d+)\/lift/g)].map(([, id]) => Number(id));

describe('refusals', () => {
  test('S6 viewers and operators see, and change nothing', async () => {
    start();
    for (const role of ['viewer', 'operator'] as const) {
      const who = t.as(role, role);
      expect((await who.request('/firewall/blocks')).status).toBe(200);
      for (const path of ['/firewall/blocks/new', '/firewall/blocks/import', '/firewall/blocks/install']) expect((await who.request(path, { form: { address: '198.18.0.1' } })).status).toBe(403);
    }
    expect(machine().dropped).toBe(null);
  });

  test('S1 S2 S3 what is no address in every program goes nowhere', async () => {
    start();
    for (const address of ['', '-1.2.3.4', '--help', '1.2.3.4\nadd rule', '1.2.3.4; flush ruleset', '1.2.3.4 }', 'fe80::1%eth0', '0x7f.1', '010.0.0.1', '1.2.3.4/33', '1.2.3.9-1.2.3.1', '$(id)', 'a'.repeat(5000)]) {
      const answer = await block(address);
      expect([address, answer.status]).toEqual([address, 422]);
    }
    expect(await (await block('1.2.3.4', { comment: 'two\nlines' })).text()).toContain('One line of at most 200 characters.');
    expect([machine().dropped, entries()]).toEqual([null, []]);
  });

  test('S11 nobody locks themselves, the machine or others out, and is told why', async () => {
    start({ config: { trustedProxies: ['192.0.2.80/28'] } });
    putSetting(t.app, 'neverBlocked', ['198.18.7.0/24', '2001:db8:7::/48']);
    const lin = t.as('admin', 'lin');
    t.app.db.$client.run("UPDATE sessions SET ip = '198.18.9.9' WHERE id = ?", [t.as('operator', 'eva').sessionId]);
    for (const [address, words] of [
      ['198.18.0.7', 'your browser'], ['198.18.0.0/24', 'your browser'], ['198.18.9.9', 'signed in to the panel'], ['198.18.7.3', 'never blocked'], ['2001:db8:7:1::/64', 'never blocked'],
      ['192.0.2.81', 'proxy'], ['203.0.113.10', 'has an address'], ['203.0.113.1', 'way of this machine'], ['192.0.2.53', 'asks for names'], ['127.0.0.1', 'talks to itself'], ['::1', 'talks to itself'],
      ['fe80::1', 'link-local'], ['169.254.169.254', 'link-local'], ['224.0.0.5', 'multicast'], ['ff02::1', 'multicast'], ['0.0.0.0', 'nobody has'], ['255.255.255.255', 'nobody has'],
      ['0.0.0.0/0', 'whole part'], ['1.2.3.4/0', 'whole part'], ['::/0', 'whole part'], ['8.0.0.0/7', 'whole part'], ['2000::/3', 'whole part'], ['1.0.0.0-99.0.0.0', 'whole part'], ['::ffff:127.0.0.1', 'talks to itself'],
    ] as const) {
      const answer = await lin.request('/firewall/blocks/new', { form: { address, comment: '', lasts: '' }, peer: '198.18.0.7' });
      const html = await answer.text();
      expect([address, answer.status, html.includes(words)]).toEqual([address, 422, true]);
    }
    expect([machine().dropped, entries()]).toEqual([null, []]);
  });

  test('what the kernel does not take is not written down, and its words are shown', async () => {
    start();
    expect((await block('198.18.0.1')).status).toBe(303);
    const { load } = machine();
    const broken = () => Promise.reject(new Error('kernel'));
    machine().load = broken;
    machine().change = broken;
    await block('198.18.0.2');
    expect(t.errors.splice(0)).toHaveLength(1);
    machine().load = load;
    expect(await read('/firewall/blocks')).not.toContain('198.18.0.2');
    await tendBlocks(t.app);
    expect(dropped()).toEqual([['198.18.0.1', null]]);
  });
});

test('one is blocked, shown, found by what it lies in, given another end, and lifted', async () => {
  start();
  expect((await block('198.51.100.77/24', { comment: 'scanner', lasts: '3600' })).headers.get('location')).toBe('/firewall/blocks');
  const until = t.clock.now() + 3_600_000;
  expect(dropped()).toEqual([['198.51.100.0/24', until]]);
  await block('2001:db8:ff::1');
  for (const q of ['198.51.100.9', '198.51.100.0/25', '198.0.0.0/8', '51.100', 'scan']) expect([q, (await read(`/firewall/blocks?q=${encodeURIComponent(q)}`)).includes('198.51.100.0/24')]).toEqual([q, true]);
  for (const q of ['198.51.101.9', '2001:db8:ff::1', '%', '_', 'person']) expect([q, (await read(`/firewall/blocks?q=${encodeURIComponent(q)}`)).includes('<span class="mono">198.51.100.0/24')]).toEqual([q, false]);
  await block('198.51.100.0/24', { lasts: '' });
  expect(dropped().sort()).toEqual([['198.51.100.0/24', null], ['2001:db8:ff::1', null]]);
  const admin = t.as('admin', 'ann');
  const html = await (await admin.request('/firewall/blocks?sort=address')).text();
  const [first] = ids(html);
  const asked = await (await admin.request(`/firewall/blocks/${first}/lift`)).text();
  expect(asked).toContain('nft delete element inet mantou_blocks v4');
  expect((await post(`/firewall/blocks/${first}/lift`, {})).status).toBe(303);
  expect(dropped()).toEqual([['2001:db8:ff::1', null]]);
  expect((await post(`/firewall/blocks/${first}/lift`, {})).status).toBe(404);
  expect(entries().map(({ action, target }) => [action, target])).toEqual([
    ['blocks.create', '198.51.100.0/24'], ['blocks.create', '2001:db8:ff::1'], ['blocks.create', '198.51.100.0/24'], ['blocks.lift', '198.51.100.0/24'],
  ]);
  expect(entries()[0]!.commands).toEqual(["nft add element inet mantou_blocks v4 '{ 198.51.100.0/24 }'"]);
});

test('what ends is let go by the panel; what somebody flushed is put back and written down', async () => {
  start();
  await block('198.18.0.1', { lasts: '3600' });
  await block('198.18.0.2');
  t.clock.advance(3_600_001);
  await tendBlocks(t.app);
  expect(dropped()).toEqual([['198.18.0.2', null]]);
  expect(await read('/firewall/blocks')).not.toContain('198.18.0.1');
  machine().flush();
  await tendBlocks(t.app);
  expect(dropped()).toEqual([['198.18.0.2', null]]);
  expect(entries().at(-1)).toMatchObject({ action: 'blocks.restore', actor: 'system', params: { ranges: 1 } });
  expect(await read('/firewall/blocks')).toContain('What is blocked was put back.');
  // Some of it, which is looked for less often.
  t.clock.advance(600_001);
  machine().flush([]);
  await tendBlocks(t.app);
  expect(dropped()).toEqual([['198.18.0.2', null]]);
});

test('a list: checked, brought in, replaced, exported, taken away', async () => {
  start();
  const admin = t.as('admin', 'ann');
  const send = (fields: Record<string, string>) => admin.request('/firewall/blocks/import', { form: { name: 'Spam', lasts: '', replace: '', step: 'check', ...fields } });
  const text = '# a list\n198.18.1.1\n198.18.1.1 ; again\n\n198.18.2.0/24 # why\r\n198.18.3.1 - 198.18.3.9\nnonsense <b>\n10.0.0.1\n198.18.4.1,2026-11-29\n2001:db8:ee::/48';
  const checked = await (await send({ text })).text();
  for (const words of ['5 new', '0 known', '1 said twice', '2 refused', 'nonsense &lt;b&gt;', 'private networks are not taken from a list', '>7<', 'value="import"']) expect([words, checked.includes(words)]).toEqual([words, true]);
  expect(machine().dropped).toBe(null);
  const done = await send({ text, step: 'import' });
  expect(done.status).toBe(303);
  expect(dropped().map(([address]) => address)).toEqual(['198.18.1.1', '198.18.2.0/24', '198.18.3.1-198.18.3.9', '198.18.4.1', '2001:db8:ee::/48']);
  const list = /list=([\w-]+)/.exec(done.headers.get('location')!)![1]!;
  const exported = await admin.request(`/firewall/blocks/lists/${list}/export`);
  expect(await exported.text()).toBe('# Spam\n198.18.1.1\n198.18.2.0/24 # why\n198.18.3.1-198.18.3.9\n198.18.4.1\n2001:db8:ee::/48\n');
  const again = await (await send({ text: '198.18.1.1\n198.18.9.9', replace: 'on' })).text();
  for (const words of ['1 new', '1 known', '4 let in again']) expect(again).toContain(words);
  await send({ text: '198.18.1.1\n198.18.9.9', replace: 'on', lasts: '86400', step: 'import' });
  const until = t.clock.now() + 86_400_000;
  expect(dropped()).toEqual([['198.18.1.1', until], ['198.18.9.9', until]]);
  await send({ text: '198.18.9.10', step: 'import' });
  expect(dropped()).toEqual([['198.18.1.1', null], ['198.18.9.9-198.18.9.10', null]]);
  expect((await send({ text: 'none', step: 'import' })).status).toBe(422);
  expect((await send({ name: '', text })).status).toBe(422);
  expect((await send({ name: '<b>', text })).status).toBe(422);
  expect((await post(`/firewall/blocks/lists/${list}/remove`, {})).status).toBe(303);
  expect(machine().dropped).toBe(null);
  expect(await read('/firewall/blocks')).toContain('Nobody is blocked');
});

test('a hundred thousand: brought in, shown a hundred at a time, one found and lifted', async () => {
  start();
  const admin = t.as('admin', 'ann');
  const text = Array.from({ length: 100_000 }, (_, i) => addressText(4, BigInt(0x0b000000 + i * 3))).join('\n');
  const body = new FormData();
  for (const [name, value] of Object.entries({ name: 'Many', text: '', lasts: '', replace: '', step: 'import' })) body.set(name, value);
  body.set('file', new File([text], 'many.txt'));
  const answer = await admin.request('/firewall/blocks/import', { method: 'POST', body, headers: { origin: 'http://127.0.0.1:8686' } });
  expect(answer.status).toBe(303);
  expect(machine().dropped).toHaveLength(100_000);
  const html = await read('/firewall/blocks?sort=address');
  expect(html).toContain('100,000 entries');
  expect(html.match(/<span class="mono">/g)).toHaveLength(100);
  const found = await (await admin.request('/firewall/blocks?q=11.1.0.1')).text();
  expect(ids(found)).toEqual([]);
  const one = ids(await (await admin.request('/firewall/blocks?q=11.1.0.2')).text());
  expect(new Set(one).size).toBe(1);
  await post(`/firewall/blocks/${one[0]}/lift`, {});
  expect(machine().dropped).toHaveLength(99_999);
}, 60_000);

test('without the tool it is said, and offered where the panel can install it', async () => {
  start();
  machine().refusal = async () => 'noTool';
  const admin = t.as('admin', 'ann');
  const html = await (await admin.request('/firewall/blocks')).text();
  expect(html).toContain('nftables is not installed');
  expect(html).toContain('/firewall/blocks/install');
  expect(html).not.toContain('/firewall/blocks/new');
  expect(await (await admin.request('/firewall/blocks/install')).text()).toContain('install nftables');
  expect((await admin.request('/firewall/blocks/install', { method: 'POST', form: {} })).headers.get('location')).toStartWith('/tasks/');
  await until(() => (t.app.host.packages as FakePackages).ran.length > 0);
  expect((t.app.host.packages as FakePackages).ran).toContainEqual(expect.stringContaining('install nftables'));
  expect((await block('198.18.0.1')).status).toBe(501);
});
