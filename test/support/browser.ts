import { join } from 'node:path';
import { chromium as engine, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { chromium } from './needs.ts';
import { PATIENCE_MS } from './until.ts';

/** Without these Chromium calls home at every start, which a closed network refuses loudly. */
const QUIET = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--force-color-profile=srgb', '--font-render-hinting=none',
];

export const launch = (flags: readonly string[] = []): Promise<Browser> => engine.launch({ executablePath: chromium()!, args: [...QUIET, ...flags], env: { ...process.env, LANG: 'C.UTF-8' } });

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export interface Watched {
  context: BrowserContext;
  page: Page;
  /** Everything the browser complained about: console errors, exceptions, refused policies, failed requests. */
  complaints: string[];
}

/** A page that remembers every complaint; tests end with `expect(complaints).toEqual([])`. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: DESKTOP, locale: 'en-US', timezoneId: 'UTC', colorScheme: 'light', ...options });
  // As in until.ts: only what never comes takes as long.
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // What the driver of a graphics card remarks on a picture being taken of it.
    if (/GL Driver Message/.test(message.text())) return;
    // What xterm.js remarks when the machine is busy.
    if (/task queue exceeded allotted deadline/.test(message.text())) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.type()}: ${message.text()} at ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('requestfailed', (request) => {
    // A stream that the page itself closes by leaving is not a complaint.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  return { context, page, complaints };
}

/** For people to look at: with PICTURES=folder, what the page shows now is kept there. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, `${name}.png`) });
}
