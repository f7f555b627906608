import { expect } from 'bun:test';
import { getSetting } from '../../src/core/settings/settings.ts';
import { findings } from '../support/axe.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const it = needs('chromium');
const e2e = livePanel(it);

it('a change of settings is said, and taken back where it is said', async () => {
  const { page, context, complaints } = await e2e.open('/settings');
  const save = async (days: string) => {
    await page.fill('#retention [name=auditDays]', days);
    await page.click('#retention [type=submit]');
    await until(() => getSetting(e2e.panel.app, 'auditDays') === Number(days));
    // The form is drawn again with what is kept: what is typed before that is lost.
    await page.waitForSelector(`#retention [name=auditDays][value="${days}"]`);
  };
  await save('90');
  await page.waitForSelector('.toast form');
  await save('91');
  // One word about one thing, however often it is saved.
  await until(async () => (await page.locator('.toast [name=auditDays]').getAttribute('value')) === '90');
  expect(await page.locator('.toast').count()).toBe(1);
  expect(await findings(page)).toEqual([]);
  await page.click('.toast button:text("Undo")');
  await until(async () => (await page.inputValue('#retention [name=auditDays]')) === '90');
  expect(getSetting(e2e.panel.app, 'auditDays')).toBe(90);
  await until(async () => (await page.locator('.toast').count()) === 1);
  expect(complaints).toEqual([]);
  await context.close();
});
