import { afterEach, beforeEach, expect, test } from 'bun:test';
import { testApp, type TestApp, type TestOptions } from '../../../test/support/app.ts';
import type { Actor } from '../app.ts';
import { keepArmed, listArmed } from '../armed/armed.ts';
import { lookAtArmed } from '../armed/tend.ts';
import { preview } from './preview.ts';
import { addPublished, readPublished, removePublished, restorePublished } from './published.ts';
import { RuleInput } from './rule.ts';

let panel: TestApp;
/** Its address is all that counts here. */
const who: Actor = { kind: 'system', ip: '203.0.113.9' };
const start = (config: TestOptions['config'] = {}) => (panel = testApp({ config }));
beforeEach(() => void start());
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

const input = (more: object) => RuleInput.parse({ scope: 'containers', action: 'deny', ports: '8686', ...more });
const chain = async () => (await panel.app.host.firewall.published.read(null)).v4!.length;
const rows = async () => (await readPublished(panel.app, who)).rules.map(({ rule }) => rule.action);
async function flush() {
  const { firewall } = panel.app.host;
  await firewall.apply(firewall.published.plan([], await firewall.published.read(null)));
}
async function timePasses() {
  panel.clock.advance(61_000);
  await lookAtArmed(panel.app);
}
/** Something happens between the moment when the chain is read and the one when it is known. */
function whileRead(happens: () => Promise<void>) {
  const { published } = panel.app.host.firewall;
  const { read } = published;
  published.read = async () => {
    published.read = read;
    const state = await read(null);
    await happens();
    return state;
  };
}

test('a rule that nobody has kept is not put in force again, and kept it is', async () => {
  expect((await addPublished(panel.app, who, input({}))).armed).not.toBeNull();
  await flush();
  expect([await restorePublished(panel.app), await chain()]).toEqual([false, 0]);
  await timePasses();
  expect([await restorePublished(panel.app), await chain(), await rows()]).toEqual([false, 0, []]);

  await addPublished(panel.app, who, input({}));
  keepArmed(panel.app, who, listArmed(panel.app)[0]!.id);
  expect(await rows()).toEqual(['deny']);
  await flush();
  expect([await restorePublished(panel.app), await chain()]).toEqual([true, 1]);
});

test('one that is reverted while the chain is read is not the panel’s for good', async () => {
  await addPublished(panel.app, who, input({}));
  whileRead(timePasses);
  expect(await rows()).toEqual([]);
  expect([await restorePublished(panel.app), await chain(), await rows()]).toEqual([false, 0, []]);
});

test('one that is made while the chain is read is not forgotten', async () => {
  whileRead(async () => void (await addPublished(panel.app, who, input({}))));
  await rows();
  keepArmed(panel.app, who, listArmed(panel.app)[0]!.id);
  expect(await rows()).toEqual(['deny']);
});

test('one that lets them in goes only for a while, unless it is kept', async () => {
  expect((await addPublished(panel.app, who, input({ action: 'allow' }))).armed).toBeNull();
  const id = async () => (await readPublished(panel.app, who)).rules[0]!.id;
  const { lockOut } = await preview(panel.app, who, { verb: 'unpublish', id: await id() });
  expect(lockOut).toEqual({ cuts: [], risky: true });
  expect((await removePublished(panel.app, who, await id())).armed).not.toBeNull();
  expect([await chain(), await rows()]).toEqual([0, []]);
  await timePasses();
  expect([await chain(), await rows()]).toEqual([1, ['allow']]);
  await removePublished(panel.app, who, await id());
  keepArmed(panel.app, who, listArmed(panel.app)[0]!.id);
  expect([await rows(), await restorePublished(panel.app), await chain()]).toEqual([[], false, 0]);
});

test('kept or taken back just before a reboot, which takes the chain away and tells nothing of it', async () => {
  await addPublished(panel.app, who, input({}));
  keepArmed(panel.app, who, listArmed(panel.app)[0]!.id);
  await flush();
  expect([await rows(), await restorePublished(panel.app), await chain()]).toEqual([['deny'], true, 1]);

  await addPublished(panel.app, who, input({ action: 'allow', source: '203.0.113.0/24' }));
  const { rules } = await readPublished(panel.app, who);
  await removePublished(panel.app, who, rules.find(({ rule }) => rule.action === 'allow')!.id);
  await timePasses();
  await flush();
  expect([await rows(), await restorePublished(panel.app), await chain()]).toEqual([['allow', 'deny'], true, 2]);

  await removePublished(panel.app, who, (await readPublished(panel.app, who)).rules.find(({ rule }) => rule.action === 'allow')!.id);
  keepArmed(panel.app, who, listArmed(panel.app)[0]!.id);
  await flush();
  expect([await rows(), await restorePublished(panel.app), await chain()]).toEqual([['deny'], true, 1]);
});

test('one that stands where nobody knows how Docker forwards is not forgotten; one of which nothing stands is', async () => {
  await addPublished(panel.app, who, input({ ports: '2368' }));
  const { published } = panel.app.host.firewall;
  const { rules: [row] } = await readPublished(panel.app, who);
  const hindered = { hindrance: 'unclear', backend: null, v4: null, v6: null, docker6: false, table: null } as const;
  for (const more of [{ table: 'table inet mantou_published {}' }, { v4: [] }, { v6: [] }]) {
    published.read = async () => ({ ...hindered, ...more });
    await expect(removePublished(panel.app, who, row!.id)).rejects.toMatchObject({ code: 'unsupported' });
  }
  expect(await rows()).toEqual(['deny']);
  published.read = async () => hindered;
  await removePublished(panel.app, who, row!.id);
  expect(await rows()).toEqual([]);
});

test('what would be armed is told before', async () => {
  const risky = async (more: object) => (await preview(panel.app, who, { verb: 'add', rule: input(more) })).lockOut.risky;
  expect([await risky({}), await risky({ ports: '2368' }), await risky({ source: '203.0.113.0/24' }), await risky({ source: '198.51.100.0/24' }), await risky({ action: 'allow' })]).toEqual([true, false, true, false, false]);
});

test('behind a proxy in a container the panel’s own port counts as well', async () => {
  await panel.close();
  start({ trustedProxies: ['172.18.0.0/16'] });
  const armed = async (more: object) => (await preview(panel.app, who, { verb: 'add', rule: input(more) })).lockOut.risky;
  expect([await armed({}), await armed({ source: '172.18.0.9' }), await armed({ source: '203.0.113.9' }), await armed({ ports: '443' })]).toEqual([true, true, false, true]);
});

test('S2 an interface becomes one word of a line', async () => {
  for (const name of ['eth0 -j RETURN', 'eth0 x', 'a'.repeat(16)]) {
    await expect(addPublished(panel.app, who, input({ interface: name }))).rejects.toMatchObject({ code: 'conflict', field: 'interface' });
    await expect(preview(panel.app, who, { verb: 'add', rule: input({ interface: name }) })).rejects.toMatchObject({ code: 'conflict' });
  }
  await addPublished(panel.app, who, input({ ports: '2368', interface: 'br-lan.7@eth0' }));
  expect(await chain()).toBe(1);
});
