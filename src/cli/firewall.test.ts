import { afterAll, expect, test } from 'bun:test';
import { testApp } from '../../test/support/app.ts';
import { until } from '../../test/support/until.ts';
import { keepBlocks } from './firewall.ts';

const t = testApp();
afterAll(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

test('what is blocked is looked at when the panel starts, and at once when an armed change was taken back or kept', async () => {
  let looks = 0;
  const stop = keepBlocks(t.app, async () => void looks++);
  await until(() => looks === 1);
  await Bun.sleep(0);
  t.app.bus.emit('armed.changed', {});
  await until(() => looks === 2);
  stop();
  t.app.bus.emit('armed.changed', {});
  await Bun.sleep(20);
  expect(looks).toBe(2);
});
