import { afterAll, beforeAll, expect } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import { connectPanel, type PtyHostClient } from '../../src/platform/pty-host/client.ts';
import { ptyHostPlace } from '../../src/platform/pty-host/place.ts';
import { findings } from '../support/axe.ts';
import { real } from '../support/complaints.ts';
import { launch, openPage } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { READABLE, shows } from '../support/terminal-page.ts';
import { until } from '../support/until.ts';

const it = needs('chromium', 'linux');
let browser: Browser;
let panel: RunningPanel;
let session = '';
let shells: PtyHostClient;

if (it.ok) {
  beforeAll(async () => {
    panel = await runPanel([process.execPath, 'src/main.ts']);
    session = /mantou_session=([^;]+)/.exec(await setUp(panel))![1]!;
    browser = await launch(READABLE);
  });
  afterAll(async () => {
    await browser.close();
    for (const { id } of (await shells?.call('list', {})) ?? []) await shells.call('kill', { id });
    shells?.close();
    await panel.stop();
  });
}

async function open(path: string, lang: string) {
  const opened = await openPage(browser, { reducedMotion: 'reduce' });
  await opened.context.addCookies([{ name: 'mantou_session', value: session, url: panel.url }, { name: 'mantou_lang', value: lang, url: panel.url }]);
  await opened.page.goto(panel.url + path);
  return opened;
}

async function said(id: string): Promise<string> {
  shells ??= await connectPanel(ptyHostPlace(panel.dataDir), { event() {}, close() {} });
  return Buffer.from((await shells.call('output', { id, from: 0, most: 1e6 })).base64, 'base64').toString();
}

const ids = (page: Page) => page.locator('.tt-pane').evaluateAll((panes) => panes.map((pane: any) => pane.dataset.id as string));
const connected = (page: Page) => until(async () => (await page.locator('#tt-line .dot').getAttribute('data-state')) === 'ok');

/** Ready when the shell has said its prompt. */
async function newTerminal(page: Page): Promise<string> {
  await page.click('#tt-open-form [type=submit]');
  await page.locator('.tt-tab:not([hidden]) .xterm-screen').first().waitFor();
  await connected(page);
  const id = (await ids(page)).at(-1)!;
  await until(async () => (await said(id)).length > 0);
  return id;
}

async function menu(page: Page, name: string) {
  await page.click('[popovertarget=tt-more]');
  await page.click(`#tt-more [data-tt="${name}"]`);
}

for (const lang of ['en', 'zh-CN'] as const) {
  it(`a snippet is saved by a form, asks what goes in, and is typed as one word each (${lang})`, async () => {
    const { context, page, complaints } = await open('/terminal/snippets/new', lang);
    await page.fill('[name=name]', `greet ${lang}`);
    await page.fill('[name=text]', 'printf "<%s>" {{who}} {{port:8080}}');
    expect(await findings(page)).toEqual([]);
    await page.click('form.form [type=submit]');
    await page.waitForURL(/snippets\?done=saved/);
    expect(await findings(page)).toEqual([]);

    await page.goto(`${panel.url}/terminal`);
    const id = await newTerminal(page);
    await page.locator('.xterm-helper-textarea').first().focus();
    await page.keyboard.press('Control+Shift+L');
    await page.locator('#tt-snip-list [role=option]').first().waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.type(`greet ${lang}`);
    await page.keyboard.press('Enter');
    await page.keyboard.type("it's $(id) 名");
    expect(await page.locator('#tt-snip-preview').innerText()).toBe(`printf "<%s>" 'it'\\''s $(id) 名' 8080`);
    expect(await findings(page)).toEqual([]);
    // Inserted: nothing runs until Enter.
    await page.keyboard.press('Enter');
    await until(async () => (await said(id)).includes('printf'));
    expect(await said(id)).not.toContain("<it's");
    await page.keyboard.press('Enter');
    await until(async () => (await said(id)).includes("<it's $(id) 名><8080>"));

    // Run; and as typed, when quoting is switched off.
    await page.click('[data-tt=snippets]');
    await page.locator('#tt-snip-list [role=option]').first().waitFor();
    await page.keyboard.type(`greet ${lang}`);
    await page.keyboard.press('Enter');
    await page.locator('#tt-snip-quote').waitFor();
    await page.keyboard.type('"a b" $((1+1))');
    await page.click('#tt-snip-quote');
    await page.click('#tt-snip-run');
    await until(async () => (await said(id)).includes('<a b><2><8080>'));
    expect(real(complaints)).toEqual([]);
    await context.close();
  });

  it(`what is typed goes to two panes while the banner says so, and to one again (${lang})`, async () => {
    const { context, page, complaints } = await open('/terminal', lang);
    await newTerminal(page);
    await page.locator('[data-tt=split-right]:not(.menu *)').click();
    await until(async () => (await ids(page)).length === 2);
    const [left, right] = (await ids(page)) as [string, string];
    await until(async () => (await said(right)).length > 0);
    await connected(page);
    await menu(page, 'broadcast');
    await page.locator('#tt-broadcast-ask').waitFor();
    expect((await findings(page)).filter((line) => line.includes('broadcast'))).toEqual([]);
    await page.click('#tt-broadcast-form [type=submit]');
    await page.locator('#tt-broadcast').waitFor({ state: 'visible' });
    expect(await page.locator('#tt-broadcast-text').innerText()).toContain('2');
    expect((await findings(page)).filter((line) => line.includes('broadcast'))).toEqual([]);
    expect(await page.locator('.tt-pane[data-broadcast]').count()).toBe(2);
    const word = `both-${lang}`;
    await page.keyboard.type(`echo ${word}-$((40+2))\n`);
    for (const id of [left, right]) await until(async () => (await said(id)).includes(`${word}-42`));
    // Each screen answers for itself: what one says about its cursor is no key for the other.
    await page.keyboard.type("printf '\\033[6n'; read -rs -d R x; echo; echo cursor-$((40+2))-${#x}\n");
    for (const id of [left, right]) await until(async () => /cursor-42-[5-9]\b/.test(await said(id)));
    for (const id of [left, right]) expect(await said(id)).not.toMatch(/\^\[\[\d+;\d+R.*\^\[\[\d+;\d+R/);

    await page.click('#tt-broadcast-stop');
    await page.locator('#tt-broadcast').waitFor({ state: 'hidden' });
    await page.keyboard.type(`echo one-${lang}-$((40+2))\n`);
    await until(async () => (await Promise.all([left, right].map(said))).some((text) => text.includes(`one-${lang}-42`)));
    await Bun.sleep(300);
    expect((await Promise.all([left, right].map(said))).filter((text) => text.includes(`one-${lang}`))).toHaveLength(1);
    expect(real(complaints)).toEqual([]);
    await context.close();
  });
}

it('several lines for a shell that runs each as it comes: asked first, and nothing runs on a no', async () => {
  const { context, page, complaints } = await open('/terminal/snippets/new', 'en');
  await page.fill('[name=name]', 'two lines');
  await page.fill('[name=text]', 'echo first-$((40+2))\necho second-$((40+2))');
  await page.click('form.form [type=submit]');
  await page.waitForURL(/done=saved/);
  await page.goto(`${panel.url}/terminal`);
  const id = await newTerminal(page);
  // dash has no line editor, so no bracketed paste.
  await page.keyboard.type('exec sh -c "echo ready-\\$((40+2)); exec sh"\n');
  // Said on the screen, which then knows that this shell takes no pastes as one.
  await shows(page, 'ready-42');
  for (const answer of ['no', 'yes']) {
    await page.click('[data-tt=snippets]');
    await page.locator('#tt-snip-list [role=option]').first().waitFor();
    await page.keyboard.type('two lines');
    await page.keyboard.press('Enter');
    await page.click('#tt-snip-run');
    await page.locator('#tt-paste[open]').waitFor();
    await page.click(`#tt-paste [value=${answer}]`);
    if (answer === 'no') {
      await Bun.sleep(300);
      expect(await said(id)).not.toContain('first-');
    }
  }
  await until(async () => (await said(id)).includes('second-42'));
  expect(await said(id)).toContain('first-42');
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('tabs that were not shown since the page was opened are typed into too, and one that is chosen out is not', async () => {
  const { context, page, complaints } = await open('/terminal', 'en');
  const made: string[] = [];
  for (let n = 0; n < 3; n++) {
    if (n > 0) await page.click('#tt-new');
    made.push(await newTerminal(page));
  }
  await page.reload();
  await connected(page);
  expect(await page.locator('.xterm-screen').count()).toBe(1);
  await menu(page, 'broadcast');
  await page.click('#tt-broadcast-form label:has([value=picked])');
  await page.locator('#tt-broadcast-list input').nth(1).uncheck();
  for (const n of [0, 2]) await page.locator('#tt-broadcast-list input').nth(n).check();
  await page.click('#tt-broadcast-form [type=submit]');
  await page.locator('#tt-broadcast').waitFor({ state: 'visible' });
  const [first, second, third] = (await ids(page)) as [string, string, string];
  await page.keyboard.type('echo some-$((40+2))\n');
  for (const id of [first, third]) await until(async () => (await said(id)).includes('some-42'));
  expect(await said(second)).not.toContain('some-');
  // One of the two ends: it is over by itself.
  await shells.call('kill', { id: first });
  await page.locator('#tt-broadcast').waitFor({ state: 'hidden' });
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('what is typed before the line of a new terminal is there, comes when it is', async () => {
  const { page, context } = await open('/terminal', 'en');
  // The line says that it is there when the test lets it.
  await page.evaluate(() => {
    const { promise, resolve } = Promise.withResolvers<void>();
    (globalThis as any).letThrough = resolve;
    const known = (globalThis as any).WebSocket;
    (globalThis as any).WebSocket = class extends known {
      late = false;
      get readyState() {
        return this.late ? super.readyState : known.CONNECTING;
      }
      set onopen(run: () => void) {
        super.onopen = () => void promise.then(() => {
          this.late = true;
          run();
        });
      }
    };
  });
  await page.click('#tt-open-form [type=submit]');
  await until(() => page.evaluate(() => (globalThis as any).document.activeElement?.classList.contains('xterm-helper-textarea')));
  await page.keyboard.type('echo ea""rly\n');
  expect(await page.locator('#tt-line .dot').getAttribute('data-state')).not.toBe('ok');
  await page.evaluate(() => (globalThis as any).letThrough());
  const id = (await ids(page)).at(-1)!;
  await until(async () => /^early\r$/m.test(await said(id)));
  expect(await page.locator('#toasts').innerText()).toBe('');
  await context.close();
});
