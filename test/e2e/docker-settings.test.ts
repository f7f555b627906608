import { beforeAll, expect } from 'bun:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { FakeDockerd } from '../../src/platform/fake/dockerd.ts';
import { findings, overflow } from '../support/axe.ts';
import { picture, PHONE } from '../support/browser.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const it = needs('chromium');
const e2e = livePanel(it);
const { open } = e2e;
let dockerd: FakeDockerd;
if (it.ok) beforeAll(() => void (dockerd = e2e.panel.app.host.dockerd as FakeDockerd));

/** Containers of other tests come and go on this machine: a browser takes that for another network, and lets go of what it loads. */
async function editor(page: Page) {
  for (let tries = 3; tries > 0; tries--) {
    if (await page.locator('.cm-content').waitFor({ timeout: 60_000 }).then(() => true, () => false)) return;
    await page.reload();
  }
  throw new Error('the editor did not come');
}

const real = (complaints: string[]) => complaints.filter((line) => !/ERR_NETWORK_CHANGED|Failed to fetch dynamically|422/.test(line));
const text = (page: Page) => page.locator('#text').inputValue();

it('form and text follow each other as one types; a fault leads to its line; what is reviewed is applied, and taken back when it fails', async () => {
  const { context, page, complaints } = await open('/docker');
  await page.click('a[href="/docker/settings"]');
  await editor(page);
  await page.fill('#f-dns', '1.1.1.1');
  await until(async () => (await text(page)).includes('"dns": ["1.1.1.1"]'));
  await page.selectOption('#f-liveRestore', 'on');
  await until(async () => (await text(page)).includes('"live-restore": true'));
  // Typed into the text, at its end.
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('End');
  await page.keyboard.type(',\n"ipv6": "yes"');
  await until(async () => (await page.locator('#daemon-found').textContent())?.includes('ipv6 must be true or false'));
  await picture(page, 'daemon-fault');
  await page.locator('#daemon-found button').click();
  await page.keyboard.press('End');
  for (let i = 0; i < 5; i++) await page.keyboard.press('Backspace');
  await page.keyboard.type('false');
  await until(async () => (await page.locator('#f-ipv6').inputValue()) === 'off');
  expect((await page.locator('#daemon-found').textContent())?.trim()).toBe('');

  await page.click('button[value=review]');
  await page.locator('.diff .ln[data-op="+"]', { hasText: '"dns": ["1.1.1.1"]' }).waitFor();
  expect(await page.locator('#daemon-review .banner[data-tone=warn]').textContent()).toContain('systemctl restart docker.service');
  await picture(page, 'daemon-review');
  await page.click('button[value=apply]');
  await page.waitForURL('**/tasks/*');
  await until(async () => (await page.locator('main').textContent())?.includes('API listen on'));
  expect(await dockerd.read('/etc/docker/daemon.json')).toContain('"ipv6": false');

  const good = await dockerd.read('/etc/docker/daemon.json');
  await page.goto(`${e2e.origin}/docker/settings`);
  await editor(page);
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('End');
  await page.keyboard.type('\n"storage-driver": "floppy",');
  await page.click('button[value=review]');
  await page.click('button[value=apply]');
  await page.waitForURL('**/tasks/*');
  await until(async () => (await page.locator('main').textContent())?.includes('The file of before is back'));
  expect(await dockerd.read('/etc/docker/daemon.json')).toBe(good);
  await page.goto(`${e2e.origin}/docker/settings/versions`);
  expect(await page.locator('tbody tr').allTextContents()).toEqual([expect.stringContaining('Taken back'), expect.stringContaining('The engine ran with it'), expect.stringContaining('Found on the disk')]);
  await page.click('tbody tr:first-child a');
  expect(await text(page)).toContain('floppy');
  expect(real(complaints)).toEqual([]);
  await context.close();
});

for (const [name, options] of Object.entries<BrowserContextOptions>({ light: {}, dark: { colorScheme: 'dark', locale: 'zh-CN' }, phone: { viewport: PHONE, locale: 'zh-CN' }, narrow: { viewport: { width: 360, height: 740 } } })) {
  it(`axe finds nothing serious and nothing sticks out: ${name}`, async () => {
    const { context, page, complaints } = await open('/docker/settings', options);
    await editor(page);
    expect(await findings(page)).toEqual([]);
    expect(await overflow(page)).toEqual([]);
    await picture(page, `daemon-${name}`);
    await page.fill('#f-registryMirrors', `https://${'long-'.repeat(12)}name.example`);
    await page.fill('#f-dns', 'nowhere');
    await until(async () => (await text(page)).includes('nowhere'));
    await page.click('button[value=check]');
    await page.locator('.daemon-faults').waitFor();
    await editor(page);
    expect([await findings(page), await overflow(page)]).toEqual([[], []]);
    await page.fill('#f-dns', '');
    await page.click('button[value=review]');
    await page.locator('.diff').waitFor();
    expect([await findings(page), await overflow(page)]).toEqual([[], []]);
    await picture(page, `daemon-review-${name}`);
    await page.goto(`${e2e.origin}/docker/settings/versions`);
    expect([await findings(page), await overflow(page)]).toEqual([[], []]);
    expect(real(complaints)).toEqual([]);
    await context.close();
  });
}
