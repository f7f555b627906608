import { expect } from 'bun:test';
import type { Page } from 'playwright-core';
import { systemClock } from '../../src/lib/clock.ts';
import { createFakeDocker } from '../../src/platform/fake/docker/engine.ts';
import { testApp } from '../support/app.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

// What runs inside the page; the project's own types know no browser.
declare const document: any;
declare const Element: any;
declare const requestAnimationFrame: any;

/** Rows by keyboard, in lists that are drawn anew meanwhile. */
const it = needs('chromium');
const docker = createFakeDocker(systemClock);
const e2e = livePanel(it, { make: () => testApp({ docker }) });
const { open } = e2e;

/** Of the row that has the focus. The browser takes it away from what cannot have it when it paints, which is a moment later. */
const focused = (page: Page) => page.evaluate(async () => {
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  return document.activeElement.matches('tr') ? document.activeElement.querySelector('b').textContent : null;
});
const names = (page: Page) => page.locator('main tbody tr:not(.group) .name b').allTextContents();
const down = async (page: Page, times: number) => {
  for (let i = 0; i < times; i++) await page.keyboard.press('j');
};

for (const moves of [true, false]) {
  it(`the focus stays on its container, whatever happens to it and to others${moves ? '' : ', in browsers without moveBefore'}`, async () => {
    const { page, complaints, context } = await open('/containers?group=off&sort=state');
    if (!moves) await page.evaluate(() => void delete Element.prototype.moveBefore);
    await down(page, 4);
    const before = await names(page);
    const [above, name] = [before[1]!, before[3]!];
    expect(await focused(page)).toBe(name);
    const place = async (of: string) => (await names(page)).indexOf(of);
    for (const stopped of [above, name]) {
      const was = await place(stopped);
      await docker.ask({ method: 'POST', path: `/containers/${stopped}/stop` });
      await until(async () => (await place(stopped)) > was);
      expect(await focused(page)).toBe(name);
    }
    await page.keyboard.press('k');
    expect(await focused(page)).toBe((await names(page))[(await place(name)) - 1]!);
    expect(complaints).toEqual([]);
    await context.close();
    for (const stopped of [above, name]) await docker.ask({ method: 'POST', path: `/containers/${stopped}/start` });
  });
}

it('a dialog that was open meanwhile leads back to it', async () => {
  const { page, complaints, context } = await open('/containers?group=off');
  await down(page, 3);
  const name = (await names(page))[2]!;
  await page.keyboard.press('?');
  await page.waitForSelector('#shortcuts[open]');
  await docker.ask({ method: 'POST', path: `/containers/${name}/stop` });
  await page.waitForSelector(`main tbody tr:has(b:text-is("${name}")) .dot[data-state=off]`);
  await page.keyboard.press('Escape');
  await until(async () => (await focused(page)) === name);
  expect(complaints).toEqual([]);
  await context.close();
  await docker.ask({ method: 'POST', path: `/containers/${name}/start` });
});

// Whose rows have no menu, and so nothing with an id.
it('it stays on its network when another comes before it, for a viewer', async () => {
  const { page, complaints, context } = await open('/networks', { as: e2e.panel.as('viewer', 'wen') });
  await down(page, 3);
  const name = (await names(page))[2]!;
  expect(await focused(page)).toBe(name);
  await docker.ask({ method: 'POST', path: '/networks/create', body: { Name: 'a-new-one', Driver: 'bridge', Internal: false, EnableIPv6: false, Labels: {}, Options: {} } });
  await until(async () => (await names(page)).includes('a-new-one'));
  expect(await focused(page)).toBe(name);
  expect(complaints).toEqual([]);
  await context.close();
});
