import { afterEach, expect } from 'bun:test';
import { testApp } from '../support/app.ts';
import { findings, overflow } from '../support/axe.ts';
import { PHONE, picture } from '../support/browser.ts';
import { engine, testContainers } from '../support/docker.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** Containers in a browser, on the engine of this machine. None has a network: Chromium lets go of all it loads when one comes. */
const it = needs('chromium', 'docker', 'busybox');
const docker = engine();
const containers = testContainers('e2e');
const run = (cmd: readonly string[], body: Record<string, unknown> = {}) => containers.run(cmd, { HostConfig: { NetworkMode: 'none' }, ...body });
const e2e = livePanel(it, { make: () => testApp({ docker }) });
const { open } = e2e;
if (it.ok) afterEach(() => containers.removeAll());

const stateOf = async (id: string) => ((await docker.ask({ path: `/containers/${id}/json` })) as { State: { Status: string } }).State.Status;

it('the list is live: what is started elsewhere appears, with what it uses', async () => {
  const { page, complaints, context } = await open(`/containers?q=${containers.prefix}`);
  const { id } = await run(['sh', '-c', 'while true; do true; done']);
  await page.waitForSelector(`tr[data-id="${id}"]`);
  await until(async () => /\d+%/.test((await page.textContent(`tr[data-id="${id}"] [data-use=cpu]`)) ?? ''));
  await docker.ask({ method: 'POST', path: `/containers/${id}/kill` });
  await until(async () => (await page.textContent(`tr[data-id="${id}"]`))!.includes('exit 137'));
  expect(complaints).toEqual([]);
  await context.close();
});

it('the list is narrowed while somebody types, and what happens meanwhile does not widen it', async () => {
  const [one, two] = [await run(['sleep', '600']), await run(['sleep', '600'])];
  const { page, complaints, context } = await open('/containers');
  const row = (id: string) => page.waitForSelector(`tr[data-id="${id}"]`);
  const gone = (id: string) => page.waitForSelector(`tr[data-id="${id}"]`, { state: 'detached' });
  await Promise.all([row(one.id), row(two.id)]);
  await page.focus('[data-filter]');
  await page.keyboard.type(one.name, { delay: 40 });
  await gone(two.id);
  await row(one.id);
  expect(new URL(page.url()).search).toBe(`?q=${one.name}`);
  await docker.ask({ method: 'POST', path: `/containers/${two.id}/kill` });
  await docker.ask({ method: 'POST', path: `/containers/${one.id}/kill` });
  await until(async () => (await page.textContent(`tr[data-id="${one.id}"]`))!.includes('exit 137'));
  expect(await page.locator(`tr[data-id="${two.id}"]`).count()).toBe(0);
  await page.keyboard.type('~');
  await gone(one.id);
  expect(await page.inputValue('[data-filter]:focus')).toBe(`${one.name}~`);
  await page.fill('[data-filter]', '');
  await Promise.all([row(one.id), row(two.id)]);
  expect(new URL(page.url()).search).toBe('');
  expect(complaints).toEqual([]);
  await context.close();
});

it('two are selected and stopped; one is removed by its dialog', async () => {
  const [one, two, three] = [await run(['sleep', '600']), await run(['sleep', '600']), await run(['sleep', '600'])];
  const { page, complaints, context } = await open(`/containers?q=${containers.prefix}`);
  for (const { id } of [one, two]) await page.check(`tr[data-id="${id}"] input[name=ids]`);
  await page.click('.selbar button[value=stop]');
  await page.waitForSelector('.toast[data-tone=ok]');
  expect(await Promise.all([one, two, three].map(({ id }) => stateOf(id)))).toEqual(['exited', 'exited', 'running']);
  expect(await page.locator('input[name=ids]:checked').count()).toBe(0);
  await page.click(`tr[data-id="${three.id}"] .acts button[popovertarget]`);
  await page.click(`#m-${three.id.slice(0, 12)} a.danger`);
  await page.waitForSelector('#container-dialog[open]');
  expect(await page.textContent('#container-dialog')).toContain(three.name);
  await picture(page, 'container-remove');
  expect(await findings(page)).toEqual([]);
  await page.click('#container-dialog button[value=remove]');
  await page.waitForSelector(`tr[data-id="${three.id}"]`, { state: 'detached' });
  await page.waitForSelector('#container-dialog', { state: 'hidden' });
  expect(complaints).toEqual([]);
  await context.close();
});

it('the page of a container: its charts move, it is renamed in a dialog, and left when it is removed', async () => {
  const [{ id }, other] = [await run(['sleep', '600'], { Env: ['DB_PASSWORD=very-secret', 'COLOUR=brown'] }), await run(['sleep', '600'])];
  const { page, complaints, context } = await open(`/containers/${id}`);
  await until(async () => /MB|KB|B/.test((await page.textContent('[data-figure=memory]'))!));
  await until(async () => ((await page.getAttribute('[data-usage=memory] .line', 'd')) ?? '').includes('L'));
  expect(await page.textContent('#environment')).not.toContain('very-secret');
  expect(await findings(page)).toEqual([]);
  await page.click('#environment button');
  await until(async () => (await page.textContent('#environment'))!.includes('very-secret'));
  // What somebody asked to see stays when the page is drawn anew.
  await docker.ask({ method: 'POST', path: `/containers/${id}/pause` });
  await page.waitForSelector('.page-head button[value^=unpause]');
  expect(await page.textContent('#environment')).toContain('very-secret');
  await docker.ask({ method: 'POST', path: `/containers/${id}/unpause` });
  await page.waitForSelector('.page-head button[value^=restart]');
  await page.click('button[popovertarget=container-menu]');
  await page.click('#container-menu a[href$="/rename"]');
  await page.waitForSelector('#container-dialog[open]');
  await page.fill('#container-dialog input[name=name]', other.name);
  await page.click('#container-dialog button[type=submit]');
  await page.waitForSelector('#container-dialog [aria-invalid=true]');
  await picture(page, 'container-rename');
  await page.fill('#container-dialog input[name=name]', `${containers.prefix}-renamed`);
  await page.click('#container-dialog button[type=submit]');
  await until(async () => (await page.textContent('h1')) === `${containers.prefix}-renamed`);
  await page.click('.page-head button[value^=stop]');
  await page.waitForSelector('.page-head button[value^=start]');
  // All that the page says follows, not its head only.
  await page.waitForSelector('#usage', { state: 'detached' });
  expect(await page.textContent('#facts')).toContain('Ended');
  await docker.ask({ method: 'DELETE', path: `/containers/${id}`, query: { force: true } });
  await page.waitForURL(`${e2e.origin}/containers`);
  // That it is there no longer was asked for; so was a name that is taken.
  expect(complaints.filter((text) => !/status of (404|422)/.test(text))).toEqual([]);
  await context.close();
});

it('a log goes on, in colour, and stays where somebody reads; it goes on when its container is started again', async () => {
  const { id } = await run(['sh', '-c', `for i in $(seq 1 200); do echo before $i; done; printf '\\033[31mred\\033[0m <b>plain</b>\\n'; while true; do sleep 0.2; echo after; done`]);
  const { page, complaints, context } = await open(`/containers/${id}/logs`);
  const text = () => page.textContent('#container-log');
  await until(async () => ((await text())!.match(/after/g) ?? []).length > 3);
  expect(await page.textContent('#container-log i.a1')).toBe('red');
  expect(await text()).toContain(' <b>plain</b>');
  const atEnd = () => page.$eval('#container-log', (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 8);
  // Rows are as high as they are only when they have been seen: a moment later.
  await until(atEnd);
  await page.$eval('#container-log', (log) => log.scrollTo(0, 0));
  await until(async () => !(await page.isChecked('#follow')));
  await Bun.sleep(600);
  expect(await page.$eval('#container-log', (log) => log.scrollTop)).toBe(0);
  await page.check('#follow');
  await until(atEnd);
  expect(await findings(page)).toEqual([]);
  await docker.ask({ method: 'POST', path: `/containers/${id}/kill` });
  await page.waitForSelector('#log-end:not([hidden])');
  const before = await page.locator('#container-log li').count();
  await docker.ask({ method: 'POST', path: `/containers/${id}/start` });
  await until(async () => (await page.locator('#container-log li').count()) > before + 200);
  expect(await page.isHidden('#log-end')).toBe(true);
  expect(complaints).toEqual([]);
  await context.close();
});

it('S22 a flood of lines neither kills the page nor fills it', async () => {
  // 20,000 lines a second.
  const { id } = await run(['sh', '-c', 'while true; do seq 1 2000; sleep 0.1; done']);
  const { page, complaints, context } = await open(`/containers/${id}/logs`);
  await page.waitForSelector('#container-log li.note');
  await Bun.sleep(3000);
  expect(await page.locator('#container-log li').count()).toBeLessThanOrEqual(5000);
  const began = performance.now();
  await page.click('.tabs a[href$="/inspect"]');
  await page.waitForSelector('#inspected');
  // As long as it takes a busy machine to show any page.
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(complaints).toEqual([]);
  await context.close();
});

it('on a phone nothing sticks out, and nothing keeps anybody from reading it', async () => {
  const { id } = await run(['sh', '-c', 'echo a-long-word-without-an-end-that-goes-on-and-on-and-on-and-on-and-on-and-on-and-on; sleep 600'], { Env: ['A_VERY_LONG_NAME_OF_A_VARIABLE_THAT_GOES_ON=/and/a/path/that/is/as/long/as/paths/become/in/practice'] });
  for (const path of [`/containers?q=${containers.prefix}`, ...['', '/logs', '/processes', '/changes', '/inspect', '/exec', '/limits', '/rename'].map((page) => `/containers/${id}${page}`)]) {
    const { page, complaints, context } = await open(path, { viewport: PHONE, hasTouch: true });
    expect([path, await overflow(page), await findings(page), complaints]).toEqual([path, [], [], []]);
    await context.close();
  }
});

it('without JavaScript: stopped, looked at, renamed and removed', async () => {
  const { id, name } = await run(['sh', '-c', 'echo said; sleep 600']);
  const { page, context } = await open(`/containers/${id}`, { javaScriptEnabled: false });
  await page.click('.page-head button[value^=stop]');
  expect(page.url()).toBe(`${e2e.origin}/containers/${id}`);
  expect(await stateOf(id)).toBe('exited');
  await page.click('.tabs a[href$="/logs"]');
  expect(await page.textContent('#container-log')).toContain('said');
  await page.fill('input[name=q]', 'nothing of this');
  await page.click('.toolbar button[type=submit]');
  expect(await page.textContent('#log-empty')).toContain('No line matches');
  await page.goto(`${e2e.origin}/containers/${id}/rename`);
  await page.fill('input[name=name]', `${name}-plain`);
  await page.click('main button[type=submit]');
  expect(await page.textContent('h1')).toBe(`${name}-plain`);
  await page.goto(`${e2e.origin}/containers/remove?ids=${id}`);
  await page.click('button[value=remove]');
  expect(page.url()).toBe(`${e2e.origin}/containers`);
  expect(await docker.ask({ path: `/containers/${id}/json` }).catch((error) => error.status)).toBe(404);
  await context.close();
});
