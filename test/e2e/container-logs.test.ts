import { afterEach, expect } from 'bun:test';
import type { Page } from 'playwright-core';
import { testApp } from '../support/app.ts';
import { findings } from '../support/axe.ts';
import { picture } from '../support/browser.ts';
import { engine, testContainers } from '../support/docker.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** Large logs in a browser. None of the containers has a network: Chromium lets go of all it loads when one comes. */
const it = needs('chromium', 'docker', 'busybox');
/** Of the browser. */
declare const CSS: any;
declare const document: any;
const docker = engine();
const containers = testContainers('e2e-logs');
const e2e = livePanel(it, { make: () => testApp({ docker }) });
if (it.ok) afterEach(() => containers.removeAll());

async function open(path: string) {
  const opened = await e2e.newPage();
  await opened.page.addInitScript(() => {
    const seen: number[] = [];
    Object.assign(globalThis, { longTasks: seen });
    new PerformanceObserver((list) => seen.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' as never, buffered: true });
  });
  await opened.page.goto(e2e.origin + path);
  return opened;
}

const said = async (script: string) => {
  const { id } = await containers.run(['sh', '-c', script], { HostConfig: { NetworkMode: 'none' } });
  await docker.ask({ method: 'POST', path: `/containers/${id}/wait`, timeout: 300_000 });
  return id;
};

/** Opens the log, scrolls through it, finds and filters. @returns the longest that the page did not answer, in ms */
async function use(id: string): Promise<number> {
  const { page, complaints, context } = await open(`/containers/${id}/logs?tail=10000`);
  await page.waitForSelector('#container-log li');
  expect(await page.locator('#container-log li').count()).toBeLessThanOrEqual(5001);
  for (let i = 0; i < 20; i++) await page.$eval('#container-log', (log, share) => log.scrollTo(0, log.scrollHeight * share), (20 - i) / 20);
  await page.fill('#log-find input', 'number 5');
  await page.waitForSelector('#log-find[data-state=some]');
  for (let i = 0; i < 5; i++) await page.press('#log-find input', 'Enter');
  await page.fill('#log-choices input[name=q]', 'needle');
  await page.press('#log-choices input[name=q]', 'Enter');
  await page.waitForURL(/q=needle/);
  expect(await page.locator('#container-log li:not(.note)').count()).toBe(1);
  const longest = await page.evaluate(() => Math.max(0, ...(globalThis as unknown as { longTasks: number[] }).longTasks));
  expect(complaints).toEqual([]);
  await context.close();
  return longest;
}

const LINES = (n: number) => `seq 1 ${n} | while read -r i; do echo "a line of a log with the number $i in it, and a few more words"; done; echo needle`;

it('100 MB are as smooth as a few lines: opened, scrolled, searched, filtered', async () => {
  // Read and written by the engine in its own pieces: 64 letters and its own 90 for each of them.
  const [small, large] = [await said(LINES(6000)), await said(`yes "a line of a log with the number 9 in it, and a few more words of it" | head -n 700000; ${LINES(6000)}`)];
  const few = await use(small);
  // The same page is drawn of both: what differs is chance, on a machine that does other things too.
  let many = await use(large);
  for (let again = 0; again < 2; again++) if (many >= Math.max(600, 4 * few)) many = await use(large);
  expect(many).toBeLessThan(Math.max(600, 4 * few));
});

it('matches are marked and counted, and gone through by keys; a line of a megabyte, and one that is no text', async () => {
  const id = await said(`for i in 1 2 3; do echo "one Steam, two steam"; done; printf 'st\\033[31mea\\033[0mm [x] \\377\\n'; head -c 1000000 /dev/zero | tr '\\0' w; echo; echo end`);
  const { page, complaints, context } = await open(`/containers/${id}/logs`);
  const state = (p: Page) => p.textContent('#log-find output');
  await page.fill('#log-find input', 'steam');
  await until(async () => (await state(page)) === '7 matches');
  const marked = () => page.evaluate(() => [...CSS.highlights.get('log-find-now')!].map((range: any) => {
    const { startContainer, startOffset, endContainer, endOffset } = range;
    const real = document.createRange();
    real.setStart(startContainer, startOffset);
    real.setEnd(endContainer, endOffset);
    return real.toString();
  }));
  await page.press('#log-find input', 'Enter');
  expect([await state(page), await marked()]).toEqual(['7 of 7', ['steam']]);
  await page.press('#log-find input', 'Enter');
  expect([await state(page), await marked()]).toEqual(['6 of 7', ['steam']]);
  await page.press('#log-find input', 'Enter');
  expect([await state(page), await marked()]).toEqual(['5 of 7', ['Steam']]);
  await picture(page, 'container-logs-find');
  expect(await findings(page)).toEqual([]);
  await page.press('#log-find input', 'Shift+Enter');
  expect(await state(page)).toBe('6 of 7');
  await page.focus('#container-log');
  await page.keyboard.press('n');
  await page.keyboard.press('n');
  expect(await state(page)).toBe('1 of 7');
  await page.keyboard.press('Shift+N');
  expect(await state(page)).toBe('7 of 7');
  await page.fill('#log-find input', '[x]');
  await until(async () => (await state(page)) === '1 match');
  await page.fill('#log-find input', 'nothing of this');
  await until(async () => (await state(page)) === 'No match');
  expect(await page.$eval('#container-log', (log) => [...log.querySelectorAll('li')].map((line) => line.querySelector('span')!.textContent!.length))).toEqual([20, 20, 20, 11, 65_537, 3]);
  expect(complaints).toEqual([]);
  await context.close();
});

it('matches are followed while lines come and go', async () => {
  const { id } = await containers.run(['sh', '-c', 'i=0; while true; do n=0; while [ $n -lt 100 ]; do echo "line $i"; i=$((i+1)); n=$((n+1)); done; sleep 0.1; done'], { HostConfig: { NetworkMode: 'none' } });
  const { page, complaints, context } = await open(`/containers/${id}/logs`);
  await page.fill('#log-find input', 'line');
  const shown = () => page.evaluate(() => ({ rows: document.querySelectorAll('#container-log li:not(.note)').length, marks: CSS.highlights.get('log-find')!.size, gone: [...CSS.highlights.get('log-find')!].filter(({ startContainer }: any) => !startContainer.isConnected).length }));
  await until(async () => (await shown()).rows > 4500);
  await Bun.sleep(1000);
  const { rows, marks, gone } = await shown();
  expect([marks, gone]).toEqual([rows, 0]);
  expect(complaints).toEqual([]);
  await context.close();
});
