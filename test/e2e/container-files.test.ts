import { afterAll, afterEach, beforeAll, expect } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp } from '../support/app.ts';
import { findings, overflow } from '../support/axe.ts';
import { PHONE, picture } from '../support/browser.ts';
import { engine, testContainers } from '../support/docker.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** Files of containers in a browser. None of them has a network: Chromium lets go of all it loads when one comes. */
const it = needs('chromium', 'docker', 'busybox');
const docker = engine();
const containers = testContainers('e2e-files');
const e2e = livePanel(it, { make: () => testApp({ docker }) });
const { open } = e2e;
let folder = '';

if (it.ok) {
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'mantou-e2e-files-'))));
  afterEach(() => containers.removeAll());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
}

const run = (script: string) => containers.run(['sh', '-c', `${script}; touch /tmp/ready; sleep 600`], { HostConfig: { NetworkMode: 'none' } });
const TREE = 'mkdir -p /srv/www/assets; cd /srv/www; echo "<h1>Steam</h1>" >index.html; printf "server {\\n  listen 80;\\n}\\n" >nginx.conf; head -c 300000 /dev/zero >bun.bin; ln -s index.html home; chown 33:33 nginx.conf';

it('browsed, uploaded to, renamed and deleted with the pointer; hostile names are only names', async () => {
  const { id } = await run(`${TREE}; touch '<img src=x onerror=alert(1)>' "$(printf 'a\\nb')"`);
  const { page, complaints, context } = await open(`/containers/${id}/files`);
  await page.click('.table.files a[href$="path=/srv"]');
  await page.click('.table.files a[href$="path=/srv/www"]');
  await page.waitForSelector('.table.files a[href*="nginx.conf"]');
  // With its scripts, which take what is chosen to be uploaded.
  await page.waitForLoadState();
  expect(await page.locator('.table.files tbody tr').count()).toBe(7);
  expect(await page.locator('.table.files img').count()).toBe(0);
  expect(await page.textContent('.table.files')).toContain('a␊b');
  await picture(page, 'container-files');
  expect(await findings(page)).toEqual([]);

  writeFileSync(join(folder, '馒 头.txt'), 'steam '.repeat(200_000));
  await page.setInputFiles('#upload input', join(folder, '馒 头.txt'));
  await page.waitForSelector('.table.files bdi[title="馒 头.txt"]');
  writeFileSync(join(folder, '馒 头.txt'), 'less');
  await page.setInputFiles('#upload input', join(folder, '馒 头.txt'));
  await page.click('#replace-dialog button[value=replace]');
  await until(async () => (await page.textContent('tr:has(bdi[title="馒 头.txt"]) .num'))?.trim() === '4 B');

  await page.click('tr:has(bdi[title="index.html"]) .end button');
  await page.click('.menu:popover-open a[href*="/rename"]');
  await page.fill('#container-dialog input[name=name]', 'bun.bin');
  await page.click('#container-dialog button[type=submit]');
  await page.waitForSelector('#container-dialog [aria-invalid=true]');
  await page.fill('#container-dialog input[name=name]', 'start.html');
  await page.click('#container-dialog button[type=submit]');
  await page.waitForSelector('.table.files bdi[title="start.html"]');
  await page.waitForLoadState();
  await page.click('a[href*="/files/folder"]');
  await page.fill('#container-dialog input[name=name]', 'new folder');
  await page.click('#container-dialog button[type=submit]');
  await page.waitForSelector('.table.files bdi[title="new folder"]');
  await page.waitForLoadState();

  for (const name of ['new folder', '<img src=x onerror=alert(1)>']) await page.check(`tr:has(bdi[title="${name}"]) .pick input`);
  expect(await page.textContent('[data-selected]')).toBe('2 selected');
  await picture(page, 'container-files-selected');
  await page.click('.selbar button.danger');
  await page.click('#container-dialog button.danger');
  await page.waitForSelector('.table.files bdi[title="new folder"]', { state: 'detached' });
  await page.waitForLoadState();
  expect(await page.locator('.table.files tbody tr').count()).toBe(7);
  // That a name was taken was asked for, twice.
  expect(complaints.filter((text) => !/status of (409|422)/.test(text))).toEqual([]);
  await context.close();
});

it('what is ticked stays ticked when another file comes: its row, the menus and the question are of the same file', async () => {
  const { id } = await run(TREE);
  const { page, complaints, context } = await open(`/containers/${id}/files?path=/srv/www`);
  await page.waitForLoadState();
  await page.check('tr:has(bdi[title="nginx.conf"]) .pick input');
  writeFileSync(join(folder, 'a 100%.txt'), 'first of all');
  await page.setInputFiles('#upload input', join(folder, 'a 100%.txt'));
  await page.waitForSelector('.table.files bdi[title="a 100%.txt"]');
  await until(async () => (await page.textContent('[data-selected]')) === '1 selected');
  expect(await page.locator('.table.files tbody tr:has(.pick input:checked) .entry bdi').allTextContents()).toEqual(['nginx.conf']);
  await page.click('tr:has(bdi[title="a 100%.txt"]) .end button');
  expect(await page.locator('.menu:popover-open a[href*="/rename"]').getAttribute('href')).toEndWith('/a%20100%25.txt');
  await page.keyboard.press('Escape');
  await page.click('.selbar button.danger');
  await page.waitForSelector('#container-dialog #remove-form');
  expect(await page.locator('#container-dialog [name=path]').evaluateAll((fields) => fields.map((field) => (field as unknown as { value: string }).value))).toEqual(['/srv/www/nginx.conf']);
  expect(complaints).toEqual([]);
  await context.close();
});

it('a text is changed in the editor and saved by its key; what somebody else changed meanwhile is not lost', async () => {
  const { id } = await run(TREE);
  const { page, complaints, context } = await open(`/containers/${id}/files?path=/srv/www`);
  await page.click('.table.files a[href*="nginx.conf"]');
  await page.waitForSelector('.text-pane .cm-content');
  await picture(page, 'container-files-edit');
  expect(await findings(page)).toEqual([]);
  await page.click('.cm-content');
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# mine');
  await page.keyboard.press('Control+s');
  await page.waitForSelector('.banner[data-tone=ok]');
  const file = async () => (await e2e.panel.as('admin', `other${Math.random()}`).request(`/containers/${id}/files/download?path=/srv/www/nginx.conf`)).text();
  expect(await file()).toBe('server {\n  listen 80;\n}\n# mine');
  await docker.ask({ method: 'POST', path: `/containers/${id}/exec`, body: { Cmd: ['sh', '-c', 'echo theirs >/srv/www/nginx.conf'] } }).then((made) => docker.ask({ method: 'POST', path: `/exec/${(made as { Id: string }).Id}/start`, body: { Detach: true } }));
  await until(async () => (await file()) === 'theirs\n');
  await page.waitForSelector('.text-pane .cm-content');
  await page.click('.cm-content');
  await page.keyboard.type('x');
  await page.keyboard.press('Control+s');
  await page.waitForSelector('.banner[data-tone=danger]');
  expect(await page.textContent('.text-pane .cm-content')).toContain('# mine');
  expect(await file()).toBe('theirs\n');
  expect(complaints.filter((text) => !/status of 409/.test(text))).toEqual([]);
  await context.close();
});

it('without JavaScript: browsed, made, renamed, edited and deleted', async () => {
  const { id } = await run(TREE);
  const { page, context } = await open(`/containers/${id}/files?path=/srv/www`, { javaScriptEnabled: false });
  await page.goto(`${e2e.origin}/containers/${id}/files/rename?path=/srv/www/index.html`);
  await page.fill('input[name=name]', 'plain.html');
  await page.click('main button[type=submit]');
  expect(page.url()).toEndWith('/files?path=/srv/www');
  await page.click('.table.files a[href*="plain.html"]');
  await page.fill('textarea', '<h1>Plain</h1>\n');
  await page.click('button.primary');
  expect(await page.inputValue('textarea')).toBe('<h1>Plain</h1>\n');
  await page.goto(`${e2e.origin}/containers/${id}/files?path=/srv/www`);
  await page.check('tr:has(bdi[title="plain.html"]) .pick input');
  await page.click('.selbar button.danger');
  await page.click('main button.danger');
  expect(await page.locator('bdi[title="plain.html"]').count()).toBe(0);
  await context.close();
});

it('on a phone, in the dark, in Chinese: nothing sticks out, and nothing keeps anybody from reading it', async () => {
  const { id } = await run(TREE);
  const paths = ['/files?path=/srv/www', '/files?path=/proc', '/files/edit?path=/srv/www/nginx.conf', '/files/rename?path=/srv/www/home', '/files/delete?path=/srv/www/home', '/files/folder?path=/srv', ''];
  for (const [i, path] of paths.entries()) {
    const { page, complaints, context } = await open(`/containers/${id}${path}`, { viewport: PHONE, hasTouch: true, colorScheme: 'dark', locale: 'zh-CN' });
    await picture(page, `container-files-phone-${i}`);
    expect([path, await overflow(page), await findings(page), complaints]).toEqual([path, [], [], []]);
    await context.close();
  }
});
