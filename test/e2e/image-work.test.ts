/** Sign-ins, and images that are built, pushed and loaded, as a person does it. */
import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { manualClock } from '../../src/lib/clock.ts';
import type { DockerDriver } from '../../src/platform/docker.ts';
import { createFakeDocker } from '../../src/platform/fake/docker/engine.ts';
import { testApp } from '../support/app.ts';
import { findings, overflow } from '../support/axe.ts';
import { PHONE } from '../support/browser.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const it = needs('chromium');
const engine = createFakeDocker(manualClock());
/** What is pushed has come only when this is resolved: a page that tells how far it is can be looked at for as long as that takes. */
const looked = Promise.withResolvers<void>();
const docker: DockerDriver = {
  ...engine,
  async stream(call) {
    const stream = await engine.stream(call);
    if (!call.path.endsWith('/push')) return stream;
    const held = (async function* () {
      for await (const piece of stream) {
        if (piece.includes('"Pushed"')) await looked.promise;
        yield piece;
      }
    })();
    return Object.assign(held, { destroy: () => stream.destroy() });
  },
};
const e2e = livePanel(it, { make: () => testApp({ docker }) });
const { open } = e2e;
const root = mkdtempSync(join(realpathSync(tmpdir()), 'mantou-image-work-'));

if (it.ok) {
  beforeAll(() => {
    mkdirSync(join(root, 'shop/docker'), { recursive: true });
    writeFileSync(join(root, 'shop/docker/Dockerfile'), 'FROM scratch\n');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
}

/** Containers of other tests come and go on this machine, and a browser takes that for another network. */
const real = (complaints: string[]) => complaints.filter((line) => !/ERR_NETWORK_CHANGED|422/.test(line));
const rowOf = (page: Page, text: string) => page.locator('main tbody tr', { hasText: text });

async function choose(page: Page, row: string, item: string) {
  const menu = rowOf(page, row).locator('.acts button');
  await menu.hover();
  await menu.click();
  await page.locator('.menu:popover-open').getByText(item).click();
  await until(async () => page.locator('#form-dialog').isVisible());
}

it('a registry: refused in the words of the engine, kept, tested, changed without its password being seen, removed', async () => {
  const { context, page, complaints } = await open('/images');
  await page.getByRole('button', { name: 'More' }).click();
  await page.locator('.menu:popover-open').getByText('Registries').click();
  await page.waitForURL(`${e2e.origin}/images/registries`);
  expect(await page.locator('main').textContent()).toContain('No sign-ins');
  await page.getByRole('link', { name: 'Add registry' }).click();
  const dialog = page.locator('#form-dialog');
  await dialog.locator('#f-host').fill('not a host/x');
  await dialog.locator('#f-user').fill('lin');
  await dialog.locator('#f-password').fill('wrong');
  await dialog.locator('button[type=submit]').click();
  await until(async () => (await dialog.locator('.error').first().textContent())?.includes('without a path'));
  expect([await dialog.locator('#f-user').inputValue(), await dialog.locator('#f-password').inputValue()]).toEqual(['lin', '']);
  await dialog.locator('#f-host').fill('https://Registry.example.org/');
  await dialog.locator('#f-password').fill('wrong');
  await dialog.locator('button[type=submit]').click();
  await until(async () => (await dialog.locator('[role=alert]').textContent())?.includes('incorrect username or password'));
  await dialog.locator('#f-password').fill('right');
  await dialog.locator('button[type=submit]').click();
  await until(async () => !(await dialog.isVisible()));
  await until(async () => (await rowOf(page, 'registry.example.org').count()) === 1);
  expect(await rowOf(page, 'registry.example.org').textContent()).toContain('just now');

  await choose(page, 'registry.example.org', 'Edit…');
  expect([await dialog.locator('#f-host').inputValue(), await dialog.locator('#f-password').inputValue()]).toEqual(['registry.example.org', '']);
  await dialog.locator('#f-note').fill('reads only');
  await dialog.locator('button[type=submit]').click();
  await until(async () => (await rowOf(page, 'reads only').count()) === 1);
  await choose(page, 'registry.example.org', 'Test…');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await until(async () => (await page.locator('.toasts').textContent())?.includes('registry.example.org accepts the sign-in'));
  await choose(page, 'registry.example.org', 'Remove…');
  await dialog.getByRole('button', { name: 'Remove sign-in' }).click();
  await until(async () => (await page.locator('main').textContent())?.includes('No sign-ins'));
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('an image is built from a folder that is gone to step by step; its log survives a reload; it is pushed', async () => {
  const { context, page, complaints } = await open(`/images/build?path=${root}`);
  await page.locator('.chooser-folders').getByText('shop', { exact: true }).click();
  await until(async () => (await page.locator('#f-to').inputValue()) === join(root, 'shop'));
  expect(await page.locator('.chooser').textContent()).toContain('.dockerignore');
  expect(await page.locator('#f-url').isVisible()).toBe(false);
  await page.locator('#f-tags').fill('acme/built:1 acme/built:stable');
  await page.getByRole('button', { name: 'Build image' }).click();
  await until(async () => (await page.locator('.form-errors').textContent())?.includes('There is no Dockerfile in the folder.'));
  expect(await page.locator('#f-tags').inputValue()).toBe('acme/built:1 acme/built:stable');
  await page.locator('#f-dockerfile').fill('docker/Dockerfile');
  await page.locator('#f-args').fill('VERSION=1\nNPM_TOKEN=very-secret');
  await page.getByRole('button', { name: 'Build image' }).click();
  await page.waitForURL(/\/tasks\//);
  await until(async () => (await page.locator('#task-log').textContent())?.includes('Step 1/4'));
  await page.reload();
  await until(async () => (await page.locator('#facts').textContent())?.includes('Done'));
  // The end of its log may come a moment after its state.
  await until(async () => (await page.locator('#task-log').textContent())?.includes('Step 4/4 : CMD'));
  const log = (await page.locator('#task-log').textContent())!;
  expect(log).toContain('NPM_TOKEN=•••');
  expect(log).not.toContain('very-secret');
  await page.getByRole('link', { name: 'Show image' }).click();
  await page.waitForURL(/\/images\/[0-9a-f]{64}$/);
  expect(await page.locator('#names').textContent()).toContain('acme/built:stable');

  await page.getByRole('link', { name: 'Push…' }).click();
  const dialog = page.locator('#form-dialog');
  await until(async () => dialog.isVisible());
  await dialog.locator('#f-reference').fill('ghcr.io/acme/built:1');
  await dialog.getByRole('button', { name: 'Push image' }).click();
  await page.waitForURL(/\/tasks\//);
  await until(async () => Number(await page.locator('#task progress').getAttribute('value').catch(() => 0)) > 0);
  looked.resolve();
  await until(async () => (await page.locator('#facts').textContent())?.includes('Done'));
  await until(async () => /: Pushed\n[\s\S]*1: digest: sha256:/.test((await page.locator('#task-log').textContent())!));
  await page.goto(`${e2e.origin}/images`);
  await choose(page, 'ghcr.io/acme/built:1', 'Push…');
  await dialog.locator('#f-reference').fill('ghcr.io/acme/denied:1');
  await dialog.getByRole('button', { name: 'Push image' }).click();
  await until(async () => (await page.locator('.toasts').textContent())?.includes('Pushing ghcr.io/acme/denied:1'));
  await page.goto(`${e2e.origin}/tasks`);
  await until(async () => (await page.goto(`${e2e.origin}/tasks?state=failed`), (await rowOf(page, 'Push ghcr.io/acme/denied:1').count()) === 1));
  await rowOf(page, 'Push ghcr.io/acme/denied:1').locator('a').first().click();
  await until(async () => (await page.locator('.banner[data-tone=danger]').textContent())?.includes('requested access to the resource is denied'));
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('a repository: what belongs to the other source is not asked for; what is wrong is said at its field', async () => {
  const { context, page, complaints } = await open('/images/build');
  await page.getByText('Git repository').click();
  await until(async () => page.locator('#f-url').isVisible());
  expect(await page.locator('#f-to').isVisible()).toBe(false);
  await page.locator('#f-tags').fill('acme/cloned');
  await page.locator('#f-url').fill('https://lin:secret@example.org/a.git');
  await page.getByRole('button', { name: 'Build image' }).click();
  await until(async () => (await page.locator('.form-errors').textContent())?.includes('without a password in it'));
  expect(await page.locator('#f-url').isVisible()).toBe(true);
  await page.locator('#f-url').fill('git://127.0.0.1:9/shop.git');
  await page.getByRole('button', { name: 'Build image' }).click();
  await page.waitForURL(/\/tasks\//);
  await until(async () => (await page.locator('.banner[data-tone=danger]').textContent())?.includes('an address of this machine or a private network'));
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('an archive is loaded from the browser, with how far it is, and from this machine', async () => {
  const archive = Buffer.alloc(3 << 20);
  archive.write('ustar', 257);
  writeFileSync(join(root, 'shop.tar'), archive);
  writeFileSync(join(root, 'letter.txt'), 'hello '.repeat(500));
  const { context, page, complaints } = await open('/images/load');
  await page.locator('#f-archive').setInputFiles(join(root, 'letter.txt'));
  await page.getByRole('button', { name: 'Upload and load' }).click();
  await until(async () => (await page.locator('#load-error').textContent())?.includes('That is no archive of images'));
  await page.locator('#f-archive').setInputFiles(join(root, 'shop.tar'));
  await page.getByRole('button', { name: 'Upload and load' }).click();
  await page.waitForURL(/\/tasks\//);
  await until(async () => (await page.locator('#task-log').textContent())?.includes('Loaded image: acme/loaded:1'));
  await page.goto(`${e2e.origin}/images/load`);
  await page.locator('#f-path').fill(join(root, 'no-such.tar'));
  await page.getByRole('button', { name: 'Load images' }).click();
  await until(async () => (await page.locator('.form-errors').count()) === 1);
  await page.locator('#f-path').pressSequentially('');
  await page.locator('#f-path').fill(`${root}/sh`);
  await until(async () => (await page.locator('#load-names option').count()) > 0);
  await page.locator('#f-path').fill(join(root, 'shop.tar'));
  await page.getByRole('button', { name: 'Load images' }).click();
  await page.waitForURL(/\/tasks\//);
  await until(async () => (await page.locator('#facts').textContent())?.includes('Done'));
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('without JavaScript: a registry, a build and a load are forms', async () => {
  const { context, page } = await open('/images/registries', { javaScriptEnabled: false });
  await page.click('a[href="/images/registries/new"]');
  await page.fill('#f-host', 'quay.io');
  await page.fill('#f-user', 'lin');
  await page.fill('#f-password', 'right');
  await page.click('.dialog-form button[type=submit]');
  await page.waitForURL(`${e2e.origin}/images/registries`);
  expect(await rowOf(page, 'quay.io').count()).toBe(1);
  await page.goto(`${e2e.origin}/images/build`);
  await page.fill('#f-to', join(root, 'shop/docker'));
  await page.fill('#f-tags', 'acme/plain');
  await page.click('.savebar button');
  expect(new URL(page.url()).pathname).toStartWith('/tasks/');
  await page.goto(`${e2e.origin}/images/load`);
  expect(await page.locator('#load-upload').isVisible()).toBe(false);
  await context.close();
});

for (const [name, options] of Object.entries<BrowserContextOptions>({ light: {}, dark: { colorScheme: 'dark' }, phone: { viewport: PHONE, locale: 'zh-CN' }, 'dark phone': { viewport: PHONE, colorScheme: 'dark' }, narrow: { viewport: { width: 360, height: 740 } } })) {
  it(`axe finds nothing serious and nothing sticks out: registries, build, push, load; ${name}`, async () => {
    const { context, page, complaints } = await open('/images/registries', options);
    const registry = await rowOf(page, 'quay.io').locator('a').first().getAttribute('href');
    await page.goto(`${e2e.origin}/images`);
    const image = await rowOf(page, 'ghcr.io/acme/shop:2026.11.3').locator('a').first().getAttribute('href');
    for (const path of ['/images', '/images/registries', '/images/registries/new', registry!, `${registry}/test`, `${registry}/remove`, '/images/build', '/images/load', '/images/pull', '/images/export', `${image}/push`]) {
      await page.goto(e2e.origin + path);
      expect(await findings(page), path).toEqual([]);
      expect(await overflow(page), path).toEqual([]);
    }
    await page.goto(`${e2e.origin}/images/build`);
    await page.locator('[name=source][value=git]').check({ force: true });
    await page.locator('summary').click();
    expect([await findings(page), await overflow(page)]).toEqual([[], []]);
    expect(real(complaints)).toEqual([]);
    await context.close();
  });
}
