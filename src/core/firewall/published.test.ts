import { afterEach, beforeEach, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import type { Actor } from '../app.ts';
import { keepArmed, listArmed } from '../armed/armed.ts';
import { lookAtArmed } from '../armed/tend.ts';
import { addPublished, readPublished, restorePublished } from './published.ts';
import { RuleInput } from './rule.ts';

let panel: TestApp;
/** Its address is all that counts here. */
const who: Actor = { kind: 'system', ip: '203.0.113.9' };
beforeEach(() => void (panel = testApp()));
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

const input = (more: object) => RuleInput.parse({ scope: 'containers', action: 'deny', ports: '8686', ...more });
const chain = async () => (await panel.app.host.firewall.published.read()).v4!.length;
const rows = async () => (await readPublished(panel.app, who)).rules.map(({ rule }) => rule.action);
async function flush() {
  const { firewall } = panel.app.host;
  await firewall.apply(firewall.published.plan([], await firewall.published.read()));
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
    const state = await read();
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
  expect(await rows()).toEqual(['deny']);
  expect([await restorePublished(panel.app), await chain(), await rows()]).toEqual([false, 0, []]);
});

test('one that is made while the chain is read is not forgotten', async () => {
  whileRead(async () => void (await addPublished(panel.app, who, input({}))));
  await rows();
  keepArmed(panel.app, who, listArmed(panel.app)[0]!.id);
  expect(await rows()).toEqual(['deny']);
});
