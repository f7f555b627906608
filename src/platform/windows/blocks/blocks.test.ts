import { afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp } from '../../../../test/support/app.ts';
import { dword, RULES, sz, windowsFirewall, type Machine } from '../../../../test/support/windows-firewall.ts';
import { SYSTEM } from '../../../core/app.ts';
import { blocksStanding, tendBlocks } from '../../../core/blocks/apply.ts';
import { blockAddress, unblock } from '../../../core/blocks/change.ts';
import { importList } from '../../../core/blocks/import.ts';
import { addressText } from '../../../lib/address.ts';
import { parseRange, rangeText } from '../../../lib/address-range.ts';
import { AppError } from '../../../lib/errors.ts';
import type { BlockedRange } from '../../blocks.ts';
import { blockText, changedRules, isBlockRule, keepsOut, layOut, RULE_MOST, type Layout } from './rules.ts';

const folder = mkdtempSync(join(tmpdir(), 'mantou-blocks-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const range = (text: string, until: number | null = null): BlockedRange => ({ ...parseRange(text)!, until });
const many = (n: number) => Array.from({ length: n }, (_, i) => range(addressText(4, 0xc6120000n + BigInt(i * 2))));
const code = (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));

function machine(options: Machine = {}) {
  const windows = windowsFirewall(folder, options);
  const stored = async () => (await windows.registry.read(windows.place))!.values.filter(({ name }) => isBlockRule(name)).map(({ bytes }) => Buffer.from(bytes).toString('utf16le'));
  /** What the rules of the group keep out, whichever of them. */
  const out = async () => (await stored()).flatMap((text) => [...text.matchAll(/RA[46]=([^|]+)/g)].map(([, address]) => rangeText(parseRange(address!)!))).toSorted();
  return { ...windows, stored, out };
}

function panel(options: Machine = {}) {
  const windows = machine(options);
  const t = testApp({ firewall: windows.driver });
  Object.assign(t.app.host, { blocks: windows.blocks });
  closing.push(() => t.close());
  return { ...windows, t, app: t.app };
}

describe('refused', () => {
  test('no administrator, a firewall that is off, one where Group Policy alone counts', async () => {
    expect(await machine().blocks.refusal()).toBe(null);
    expect(await machine({ elevated: false }).blocks.refusal()).toBe('notRoot');
    expect(await machine({ settings: [dword('EnableFirewall', 0)] }).blocks.refusal()).toBe('off');
    // Off in one kind of network: it matters whether the machine is in that. Group Policy says more than the machine.
    expect(await machine({ ruled: [dword('EnableFirewall', 0)] }).blocks.refusal()).toBe(null);
    expect(await machine({ ruled: [dword('EnableFirewall', 0)], off: [4] }).blocks.refusal()).toBe('off');
    expect(await machine({ settings: [dword('EnableFirewall', 0)], ruled: [dword('EnableFirewall', 1)] }).blocks.refusal()).toBe(null);
    expect(await machine({ ruled: [dword('AllowLocalPolicyMerge', 0)] }).blocks.refusal()).toBe(null);
    const alone = machine();
    for (const name of ['DomainProfile', 'StandardProfile', 'PublicProfile']) {
      const place = { path: `HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\${name}`, view: 64 as const };
      await alone.registry.create(place);
      await alone.registry.set(place, dword('AllowLocalPolicyMerge', 0));
    }
    expect(await alone.blocks.refusal()).toBe('byPolicy');
  });

  test('a rule that cannot be made leaves what was there', async () => {
    let bad = false;
    let calls = 0;
    const { blocks, out, stored } = machine({ fails: (what) => bad && what === 'blocks add' && ++calls === 2 });
    await blocks.load(many(5), 0);
    const before = await out();
    bad = true;
    expect(await code(blocks.load(many(3000), 0))).toBe('denied');
    expect([await out(), (await stored()).length]).toEqual([before, 1]);
    expect([await blocks.stands(), await blocks.loaded()]).toEqual([true, 5]);
  });

  test('rules that are not what they were told to be are no success', async () => {
    const { blocks, registry, place } = machine();
    const { set } = registry;
    registry.set = (at, value) => set(at, value.name.startsWith('Mantou-Blocks-') ? sz(value.name, 'v2.31|Action=Block|Active=TRUE|Dir=In|RA4=198.18.0.0|Name=x|') : value);
    expect(await code(blocks.load(many(3), 0))).toBe('unavailable');
    // As they may be from then on, they stand for what they are, and the next load replaces them.
    registry.set = set;
    await blocks.load(many(3), 0);
    expect([await blocks.loaded(), (await registry.read(place))!.values.filter(({ name }) => isBlockRule(name)).length]).toEqual([3, 1]);
  });

  test('a change that breaks in its middle is taken back; of what is not there nothing is done', async () => {
    let bad = false;
    const { blocks, out } = machine({ fails: (what) => bad && what === 'blocks remove' });
    await blocks.load(many(1001), 0);
    const before = await out();
    expect(await code(blocks.change({ added: [], removed: [range('9.9.9.9')] }, 0))).toBe('unavailable');
    bad = true;
    // The first of the two rules gets one more, the second one would go.
    expect(await code(blocks.change({ added: [range('203.0.113.1')], removed: [many(1)[0]!, many(1001)[1000]!] }, 0))).toBe('denied');
    expect([await out(), await blocks.stands()]).toEqual([before, true]);
  });
});

describe('rules', () => {
  test('ten thousand addresses are ten rules, of our group, for every port, program and network', async () => {
    const { blocks, stored, ran } = machine();
    await blocks.load([...many(9999), range('2001:db8::/32')], 0);
    expect([(await stored()).length, await blocks.loaded(), await blocks.stands(), ran]).toEqual([10, 10_000, true, Array(10).fill('blocks add')]);
    const texts = await stored();
    expect(texts[0]).toStartWith('v2.31|Action=Block|Active=TRUE|Dir=In|RA4=198.18.0.0|RA4=198.18.0.2|');
    expect(texts[9]).toContain('|RA6=2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff|Name=Mantou blocked addresses 10|EmbedCtxt=Mantou blocked addresses|');
    for (const text of texts) expect(text).not.toMatch(/Port|App=|Profile=|Protocol/);
    ran.length = 0;
    await blocks.change({ added: [range('203.0.113.7')], removed: [many(1)[0]!] }, 0);
    expect([ran, await blocks.loaded(), await blocks.stands()]).toEqual([['blocks set'], 10_000, true]);
    await blocks.load([], 0);
    expect([await stored(), await blocks.stands(), await blocks.loaded()]).toEqual([[], false, null]);
  });

  test('whatever changes, what is kept out is what should be: random changes of small rules', async () => {
    let state = 7;
    const below = (n: number) => (state = (state * 48271) % 2147483647) % n;
    for (let round = 0; round < 60; round++) {
      const all = many(1 + below(2200));
      let layout: Layout = layOut(all, 'a');
      const held = new Map(all.map((one) => [rangeText(one), one]));
      for (let step = 0; step < 3; step++) {
        const removed = [...held.values()].filter(() => below(4) === 0);
        const added = Array.from({ length: below(800) }, (_, i) => range(addressText(4, 0x0b000000n + BigInt(round * 100_000 + step * 10_000 + i * 3))));
        const changes = changedRules(layout, { added, removed }, 'a')!;
        layout = new Map([...new Map([...layout, ...changes])].filter(([, ranges]) => ranges.length));
        for (const one of removed) held.delete(rangeText(one));
        for (const one of added) held.set(rangeText(one), one);
        expect([...layout.values()].every((ranges) => ranges.length <= RULE_MOST)).toBe(true);
        expect([...layout.values()].flat().map(rangeText).toSorted()).toEqual([...held.keys()].toSorted());
      }
    }
  });

  test.each([
    ['as it was told', 'RA4=10.0.0.0-10.0.0.255|RA6=2001:db8::1', true], ['in the words of Windows', 'RA6=2001:db8::1|RA4=10.0.0.0/255.255.255.0', true], ['in two pieces', 'RA4=10.0.0.0/25|RA4=10.0.0.128-10.0.0.255|RA6=2001:db8::1', true],
    ['one less', 'RA4=10.0.0.0-10.0.0.254|RA6=2001:db8::1', false], ['one more', 'RA4=10.0.0.0-10.0.0.255|RA6=2001:db8::1|RA4=9.9.9.9', false], ['for a port', 'Protocol=6|LPort=22|RA4=10.0.0.0-10.0.0.255|RA6=2001:db8::1', false],
    ['for one kind of network', 'Profile=Domain|RA4=10.0.0.0-10.0.0.255|RA6=2001:db8::1', false], ['for anybody', '', false], ['a word', 'RA4=LocalSubnet|RA6=2001:db8::1', false],
  ])('somebody looked at a rule: %s', (_, more, wanted) => {
    const ranges = [range('10.0.0.0/24'), range('2001:db8::1')];
    expect(keepsOut(`v2.31|Action=Block|Active=TRUE|Dir=In|${more}|Name=x|`, ranges)).toBe(wanted);
    for (const [from, to] of [['Action=Block', 'Action=Allow'], ['Active=TRUE', 'Active=FALSE'], ['Dir=In', 'Dir=Out']]) expect(keepsOut(`v2.31|Action=Block|Active=TRUE|Dir=In|${more}|Name=x|`.replace(from!, to!), ranges)).toBe(false);
  });

  test('commands are what a person would type, and are counted where they are many', () => {
    const { blocks } = machine();
    expect(blocks.commands({ added: [range('2001:db8::/64')], removed: [] })).toEqual([`Get-NetFirewallRule -Group 'Mantou blocked addresses' | Set-NetFirewallRule -RemoteAddress …,2001:db8::-2001:db8::ffff:ffff:ffff:ffff`]);
    expect(blocks.commands({ added: [], removed: many(7) })[0]).toEndWith('198.18.0.10,… (7)');
    expect(blockText(range('192.0.2.0/30'))).toBe('192.0.2.0-192.0.2.3');
  });
});

describe('with the panel', () => {
  test('a block that ends is let go by the panel: Windows knows no time', async () => {
    const { app, t, out } = panel();
    await blockAddress(app, SYSTEM, { address: '198.18.0.9', until: t.clock.now() + 60_000, comment: '' });
    const id = await blockAddress(app, SYSTEM, { address: '198.18.0.0/30', until: null, comment: '' });
    expect(await out()).toEqual(['198.18.0.0/30', '198.18.0.9']);
    t.clock.advance(60_001);
    await tendBlocks(app);
    expect([await out(), (await blocksStanding(app)).putBackAt]).toEqual([['198.18.0.0/30'], null]);
    await unblock(app, SYSTEM, id);
    expect(await out()).toEqual([]);
    expect(t.errors).toEqual([]);
  });

  test('the page of the firewall shows none of these rules, and its way back takes none of them away for long', async () => {
    const { app, t, out, driver, read } = panel();
    await blockAddress(app, SYSTEM, { address: '198.18.0.1', until: null, comment: '' });
    const gone = await blockAddress(app, SYSTEM, { address: '198.18.0.5', until: null, comment: '' });
    const shown = await read();
    expect(shown.rules.length).toBe(Object.keys(RULES).length);
    const plan = await driver.plan({ verb: 'disable' }, shown);
    await driver.apply(plan);
    // Meanwhile one comes, and another one is lifted.
    await blockAddress(app, SYSTEM, { address: '198.18.0.9', until: null, comment: '' });
    await unblock(app, SYSTEM, gone);
    expect(await out()).toEqual(['198.18.0.1', '198.18.0.9']);
    await driver.revert(plan);
    expect(await out()).toEqual(['198.18.0.1', '198.18.0.5']);
    await tendBlocks(app);
    expect(await out()).toEqual(['198.18.0.1', '198.18.0.9']);
    expect((await blocksStanding(app)).putBackAt).toBe(t.clock.now());
    await tendBlocks(app);
    expect(t.errors).toEqual([]);
  });

  test('what somebody changes is put right; what a panel before has left is replaced, and taken away where nobody is blocked', async () => {
    const first = panel();
    await importList(first.app, SYSTEM, { name: 'a', text: '198.18.0.1\n198.18.0.2', until: null, replace: true });
    const { registry, place } = first;
    const name = (await registry.read(place))!.values.find((value) => isBlockRule(value.name))!.name;
    await registry.set(place, sz(name, 'v2.31|Action=Block|Active=FALSE|Dir=In|RA4=198.18.0.1|RA4=198.18.0.2|Name=x|'));
    await tendBlocks(first.app);
    expect((await first.stored())[0]).toContain('Active=TRUE');
    const left = panel({ rules: { ...RULES, 'Mantou-Blocks-old-1': 'v2.31|Action=Block|Active=TRUE|Dir=In|RA4=9.9.9.9|Name=x|' } });
    await tendBlocks(left.app);
    expect(await left.out()).toEqual([]);
    expect([...first.t.errors, ...left.t.errors]).toEqual([]);
  });

  test('the pages say what is kept out on Windows, and that nobody is where the firewall is off', async () => {
    const html = async (options: Machine, path: string, language: string) => (await panel(options).t.as('admin').request(path, { headers: { 'accept-language': language } })).text();
    const form = await html({}, '/firewall/blocks/new', 'en');
    expect([form.includes('Connections that this machine opens itself still go there'), form.includes('its containers any more')]).toEqual([true, false]);
    expect((await html({}, '/firewall/blocks/new?address=198.51.100.0/24', 'en')).includes('Set-NetFirewallRule -RemoteAddress …,198.51.100.0-198.51.100.255')).toBe(true);
    expect((await html({ settings: [dword('EnableFirewall', 0)] }, '/firewall/blocks', 'zh-CN')).includes('Windows Defender 防火墙已关闭，不会封禁任何地址')).toBe(true);
    expect((await html({ elevated: false }, '/firewall/guard', 'en')).includes('has not all rights over this machine')).toBe(true);
  });

  test('addresses that the machine cannot do without', async () => {
    const { app, out } = panel();
    for (const address of ['203.0.113.1', '192.0.2.53', '203.0.113.10']) expect(await code(blockAddress(app, SYSTEM, { address, until: null, comment: '' }))).toBe('invalid');
    expect(await out()).toEqual([]);
  });
});
