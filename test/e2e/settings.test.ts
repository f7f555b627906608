import { afterAll, beforeAll, expect } from 'bun:test';
import type { Browser } from 'playwright-core';
import { getSetting } from '../../src/core/settings/settings.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { findings } from '../support/axe.ts';
import { launch, openPage } from '../support/browser.ts';
import { live } from '../support/live.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const it = needs('chromium');
let browser: Browser;
let panel: TestApp;
let served: ReturnType<typeof live>;

if (it.ok) {
  beforeAll(async () => {
    browser = await launch();
    panel = testApp();
    served = live(panel);
  });
  afterAll(async () => {
    await browser.close();
    await served.stop();
    expect(panel.errors).toEqual([]);
    await panel.close();
  });
}

it('a change of settings is said, and taken back where it is said', async () => {
  const { page, context, complaints } = await openPage(browser, { reducedMotion: 'reduce' });
  await context.addCookies([{ name: 'mantou_session', value: panel.as('admin').token, url: served.origin }]);
  await page.goto(`${served.origin}/settings`);
  const save = async (days: string) => {
    await page.fill('#retention [name=auditDays]', days);
    await page.click('#retention [type=submit]');
    await until(() => getSetting(panel.app, 'auditDays') === Number(days));
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
  expect(getSetting(panel.app, 'auditDays')).toBe(90);
  await until(async () => (await page.locator('.toast').count()) === 1);
  expect(complaints).toEqual([]);
  await context.close();
}, 60_000);
