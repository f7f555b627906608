// Pictures of the gallery for people to look at: `bun test/gallery/shots.ts [folder] [name…]`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launch } from '../support/browser.ts';
import { serveGallery } from './serve.ts';

const folder = process.argv[2] ?? join(import.meta.dir, '../output/gallery');
const only = process.argv.slice(3);
mkdirSync(folder, { recursive: true });

const server = serveGallery();
const browser = await launch();

async function shot(
  name: string,
  path: string,
  width: number,
  height: number,
  act?: (page: Page) => Promise<void>,
  full = false,
) {
  if (only.length && !only.some((part) => name.includes(part))) return;
  const page = await browser.newPage({ viewport: { width, height }, hasTouch: width < 500, isMobile: width < 500 });
  page.on('console', (message) => console.log(name, message.type(), message.text()));
  page.on('pageerror', (error) => console.log(name, 'error', error.message));
  await page.goto(new URL(path, server.url).href);
  await act?.(page);
  await page.waitForTimeout(450);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: full });
  await page.close();
}

const samples = (page: Page) =>
  page.evaluate<void>(
    "document.getElementById('toasts').append(document.getElementById('toast-samples').content.cloneNode(true))",
  );

for (const theme of ['light', 'dark']) {
  await shot(`gallery-${theme}`, `/?theme=${theme}`, 1440, 900, samples);
  await shot(`gallery-${theme}-tall`, `/?theme=${theme}`, 1440, 3300);
  await shot(`phone-${theme}`, `/?theme=${theme}`, 360, 800, undefined, true);
  await shot(`signin-${theme}`, `/signin?theme=${theme}`, 1440, 900);
  await shot(`palette-${theme}`, `/?theme=${theme}`, 1440, 900, async (page) => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('se');
  });
}
await shot('tablet-light', '/?theme=light', 768, 1024, undefined, true);
await shot('tablet-zh', '/?theme=light&lang=zh-CN', 768, 1024);
await shot('zh-dark', '/?theme=dark&lang=zh-CN', 1440, 900);
await shot('confirm', '/?theme=light', 1440, 900, async (page) => {
  await page.click('[popovertarget=restart-menu]');
  await page.click('[data-open=typed]');
});
await shot('menu', '/?theme=light', 1440, 900, (page) => page.click('[popovertarget=account-menu]'));
await shot('shortcuts', '/?theme=light', 1440, 900, (page) => page.keyboard.press('?'));
await shot('form-dialog', '/?theme=dark', 1440, 900, (page) => page.click('[data-open=form-dialog]'));
await shot('nav-phone', '/?theme=light&host=a-host-with-a-rather-long-name.internal.example.com', 360, 800, (page) =>
  page.click('.topbar [popovertarget=side]'),
);
await shot('confirm-phone', '/?theme=light', 360, 800, async (page) => {
  await page.click('[popovertarget=restart-menu]');
  await page.click('[data-open=typed]');
});
await shot('signin-phone', '/signin?theme=dark&lang=zh-CN', 360, 800);
await browser.close();
await server.stop(true);
