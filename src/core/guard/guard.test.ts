import { afterEach, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { until } from '../../../test/support/until.ts';
import { audit } from '../../db/schema/audit.ts';
import { rangeText } from '../../lib/address-range.ts';
import { AppError } from '../../lib/errors.ts';
import type { FakeBlocks } from '../../platform/fake/blocks.ts';
import type { FakeSignIns } from '../../platform/fake/sign-ins.ts';
import { SYSTEM, type Actor } from '../app.ts';
import { tendBlocks } from '../blocks/apply.ts';
import { blockAddress } from '../blocks/change.ts';
import { record } from '../audit/audit.ts';
import { changeGuard, liftBan, listBans, type GuardSettings } from './guard.ts';
import { guardState, startGuard } from './watch.ts';

let t: TestApp;
let stop = () => {};
afterEach(async () => {
  stop();
  expect(t.errors).toEqual([]);
  await t.close();
});

async function start(settings: Partial<GuardSettings> = {}, before: () => void = () => {}, pause: () => Promise<unknown> = () => Bun.sleep(0)) {
  t = testApp();
  (t.app.host.fail2ban as unknown as { kept: unknown }).kept = null;
  before();
  changeGuard(t.app, SYSTEM, { guardOn: true, guardFailures: 3, guardMinutes: 10, guardSteps: [10, 60, 1440], ...settings });
  stop = startGuard(t.app, pause);
  await until(() => guardState(t.app).sources.size === 3);
}

const MINUTE = 60_000;
const ssh = () => t.app.host.signIns as FakeSignIns;
const dropped = () => ((t.app.host.blocks as FakeBlocks).dropped ?? []).map((range) => [rangeText(range), range.until] as const);
const guess = (address: string, times = 3) => {
  for (let i = 0; i < times; i++) ssh().attempt(address);
};
const bans = (q = '') => listBans(t.app, SYSTEM, { limit: 50, by: 'at', descending: true, q }).items;
const settled = () => Bun.sleep(30);

test('who fails too often is banned, each time for longer; IPv6 by what one customer has', async () => {
  await start();
  guess('198.18.0.9', 2);
  await settled();
  expect(dropped()).toEqual([]);
  for (const minutes of [10, 60, 1440, 1440]) {
    guess('198.18.0.9', 3);
    await until(() => dropped().length === 1);
    expect(dropped()).toEqual([['198.18.0.9', t.clock.now() + minutes * MINUTE]]);
    t.clock.advance(minutes * MINUTE + 1);
    await tendBlocks(t.app);
    expect(dropped()).toEqual([]);
  }
  expect(bans('198.18.0.9').map(({ times, active, source }) => [times, active, source])).toEqual([[4, false, 'sshd'], [3, false, 'sshd'], [2, false, 'sshd'], [1, false, 'sshd']]);
  expect(bans()[0]!.seen.at(-1)!.text).toContain('Failed password for root from 198.18.0.9');
  for (const address of ['2001:db8:7:7::1', '2001:db8:7:7:8::2', '2001:db8:7:7::3']) ssh().attempt(address);
  await until(() => dropped().length === 1);
  expect(dropped()[0]![0]).toBe('2001:db8:7:7::/64');
  expect(t.app.db.select().from(audit).all().filter(({ action }) => action === 'guard.ban')).toHaveLength(5);
});

test('failures that lie far apart are no guessing', async () => {
  await start();
  for (let i = 0; i < 20; i++) {
    ssh().attempt('198.18.0.9');
    t.clock.advance(6 * MINUTE);
  }
  await settled();
  expect(dropped()).toEqual([]);
});

test('S11 nobody who belongs here is ever banned, however often they fail, and the page tells why', async () => {
  const before = () => {
    const session = t.as('admin', 'lin').sessionId;
    t.app.db.$client.run("UPDATE sessions SET ip = '198.18.1.1' WHERE id = ?", [session]);
    const lin: Actor = { kind: 'user', userId: 'u', name: 'lin', role: 'admin', sessionId: null, tokenId: null, ip: '198.18.1.2' };
    record(t.app, lin, { action: 'sign_in.password', target: 'lin' });
    // A wrong guess is no sign that somebody belongs here.
    record(t.app, { kind: 'anonymous', ip: '198.18.2.9' }, { action: 'sign_in.password', target: 'lin', result: 'refused' });
  };
  await start({ neverBlocked: ['198.18.3.0/24', '2001:db8:3::/48'] }, before);
  ssh().attempt('198.18.1.5', true);
  ssh().attempt('2001:db8:6:6::1', true);
  const spared = ['198.18.1.1', '198.18.1.2', '198.18.1.5', '198.18.3.77', '2001:db8:3:9::1', '203.0.113.10', '203.0.113.1', '127.0.0.1', '::1', 'fe80::1%eth0', '203.0.113.99'];
  for (const address of spared) guess(address, 30);
  guess('198.18.2.9', 3);
  // In the network of somebody who belongs here the stranger alone is banned.
  guess('2001:db8:6:6::bad', 3);
  guess('2001:db8:6:6::1', 3);
  await until(() => dropped().length > 1);
  await settled();
  expect(dropped().map(([address]) => address)).toEqual(['198.18.2.9', '2001:db8:6:6::bad']);
  const why = new Map(guardState(t.app).spared.map((one) => [one.address, one.why]));
  expect(Object.fromEntries(why)).toEqual({
    '198.18.1.1': 'signedIn', '198.18.1.2': 'cameBefore', '198.18.1.5': 'cameBefore', '198.18.3.77': 'allowed', '2001:db8:3:9::/64': 'allowed', '203.0.113.10': 'own', '203.0.113.1': 'gateway',
    '127.0.0.1': 'loopback', '::/64': 'loopback', 'fe80::/64': 'linkLocal', '2001:db8:6:6::/64': 'cameBefore', '203.0.113.99': 'cameBefore',
  });
  const page = await (await t.as('viewer').request('/firewall/guard')).text();
  expect(page).toContain('link-local addresses are how neighbours find each other');
});

test('the doors of the panel count as well: wrong passwords, not those who are made to wait', async () => {
  await start({ guardFailures: 4 });
  t.as('admin', 'lin');
  const ask = () => t.request('/signin', { form: { name: 'lin', password: 'wrong' }, peer: '198.18.5.5' });
  for (let i = 0; i < 4; i++) expect((await ask()).status).toBe(422);
  await until(() => dropped().length === 1);
  expect(bans()[0]).toMatchObject({ address: '198.18.5.5', source: 'panel', seen: [{ text: 'sign_in.password lin' }, {}, {}, {}] });
});

test('S13 what was typed into the field for the name is not kept', async () => {
  await start({ guardFailures: 2 });
  // Nobody signs in to a panel that has no administrator.
  t.as('admin', 'lin');
  for (let i = 0; i < 2; i++) expect((await t.request('/signin', { form: { name: 'my secret password', password: 'x' }, peer: '198.18.5.6' })).status).toBe(422);
  await until(() => bans('198.18.5.6').length === 1);
  expect(JSON.stringify(bans())).not.toContain('my secret');
});

test('a ban that somebody lifts is over, and makes no other longer; blocks of others stay', async () => {
  await start();
  await blockAddress(t.app, SYSTEM, { address: '198.18.0.0/24', until: null, comment: '' });
  guess('198.18.0.9');
  await until(() => bans().length === 1);
  await liftBan(t.app, SYSTEM, bans()[0]!.id);
  expect(bans()[0]).toMatchObject({ active: false, liftedBy: 'system' });
  expect(dropped()).toEqual([['198.18.0.0/24', null]]);
  await expect(liftBan(t.app, SYSTEM, bans()[0]!.id)).rejects.toMatchObject({ code: 'conflict' });
  guess('198.18.0.9');
  await until(() => bans().length === 2);
  expect(bans()[0]).toMatchObject({ times: 1, active: true });
  // Lifted among the blocked addresses it is over here too.
  const html = await (await t.as('admin', 'ann').request('/firewall/blocks?source=guard')).text();
  const id = /blocks\/(\d+)\/lift/.exec(html)![1]!;
  expect((await t.as('admin', 'bea').request(`/firewall/blocks/${id}/lift`, { form: {} })).status).toBe(303);
  expect(bans()[0]).toMatchObject({ active: false, liftedBy: 'bea' });
});

test('off is off; fail2ban keeps what it looks after; a log that ends is asked for again', async () => {
  await start({ guardOn: false });
  guess('198.18.0.9');
  await settled();
  expect(dropped()).toEqual([]);
  const { fail2ban } = t.app.host as unknown as { fail2ban: { kept: unknown } };
  fail2ban.kept = [{ name: 'sshd', failed: 0, failedTotal: 0, bannedTotal: 0, banned: [] }];
  changeGuard(t.app, SYSTEM, { guardOn: true });
  await until(() => guardState(t.app).sources.get('sshd') === 'other');
  expect(guardState(t.app).sources.get('panel')).toBe('watching');
  guess('198.18.0.9');
  await settled();
  expect(dropped()).toEqual([]);
  fail2ban.kept = null;
  changeGuard(t.app, SYSTEM, { guardSources: ['sshd'] });
  await until(() => guardState(t.app).sources.get('sshd') === 'watching');
  expect(guardState(t.app).sources.get('panel')).toBe('off');
  guess('198.18.0.9');
  await until(() => dropped().length === 1);
});

test('S22 a thousand who come together are one change, each with its own ban and its own line in the audit log', async () => {
  let goOn = () => {};
  await start({}, () => {}, () => new Promise<void>((resolve) => (goOn = resolve)));
  const machine = t.app.host.blocks as FakeBlocks;
  const told: number[] = [];
  const { load, change } = machine;
  machine.load = (...given) => (told.push(given[0].length), load(...given));
  machine.change = (...given) => (told.push(given[0].added.length), change(...given));
  guess('198.18.0.9');
  await until(() => bans().length === 1);
  for (let i = 0; i < 1000; i++) guess(`198.19.${i >> 7}.${(i & 127) * 2}`);
  // By the panel's door as well: one ban.
  for (let i = 0; i < 3; i++) t.app.bus.emit('sign_in.failed', { ip: '198.19.0.0', what: 'sign_in.password' });
  await settled();
  expect([told, bans().length]).toEqual([[1], 1]);
  goOn();
  const total = () => listBans(t.app, SYSTEM, { limit: 1, by: 'at', descending: true }).total;
  await until(() => total() > 1);
  await settled();
  expect([told, total(), dropped().length]).toEqual([[1, 1000], 1001, 1001]);
  const rows = t.app.db.select().from(audit).all().filter(({ action }) => action === 'guard.ban');
  expect([rows.length, new Set(rows.map(({ target }) => target)).size]).toEqual([1001, 1001]);
  expect(rows.at(-1)!.commands.join().length).toBeLessThan(1000);
  goOn();
});

test('what cannot be told to the machine does not keep later ones from being banned', async () => {
  let goOn = () => {};
  await start({}, () => {}, () => new Promise<void>((resolve) => (goOn = resolve)));
  const machine = t.app.host.blocks as FakeBlocks;
  const { load } = machine;
  machine.load = () => Promise.reject(new AppError('unavailable', (m) => m.errors.toolFailed({ tool: 'nft', code: 1 })));
  guess('198.18.0.9');
  await until(() => guardState(t.app).fault !== null);
  machine.load = load;
  guess('198.18.0.10');
  goOn();
  await until(() => bans().length === 1);
  expect([dropped().map(([address]) => address), guardState(t.app).fault]).toEqual([['198.18.0.10'], null]);
});

test('a ban that was to last longer is not made shorter', async () => {
  await start({ guardSteps: [600] });
  guess('198.18.0.9');
  await until(() => bans().length === 1);
  changeGuard(t.app, SYSTEM, { guardSteps: [10] });
  guess('198.18.0.9');
  await until(() => bans().length === 2);
  expect(dropped()).toEqual([['198.18.0.9', t.clock.now() + 600 * MINUTE]]);
});
