import { afterAll, beforeAll, expect } from 'bun:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { launch, openPage, PHONE, picture } from '../support/browser.ts';
import { executable } from '../support/executable.ts';
import { relayTo } from '../support/host-relay.ts';
import { needs } from '../support/needs.ts';
import { startSystemdHost, type SystemdHost } from '../support/systemd-host.ts';
import { until } from '../support/until.ts';

/** Services of a real Debian with systemd, in real Chromium, as somebody sees them who clicks. */
const it = needs('linux', 'root', 'docker', 'debootstrap', 'chromium');
const PASSWORD = 'steamed bun 2026';
let host: SystemdHost;
let browser: Browser;
let relay: ReturnType<typeof relayTo>;
let cookies: { name: string; value: string; url: string }[] = [];

const said = async (...argv: string[]) => (await host.run(...argv)).out.trim();
const shown = (unit: string, property: string) => said('systemctl', 'show', '-P', property, unit);
const url = () => `https://127.0.0.1:${relay.port}`;

if (it.ok) {
  beforeAll(async () => {
    host = await startSystemdHost('ufw');
    await host.put(await executable(), '/root/mantou');
    expect((await host.run('/root/mantou', 'service', 'install')).err).toBe('');
    expect((await host.run('sh', '-c', `echo '${PASSWORD}' | mantou user add lin --role admin --password-stdin`)).err).toBe('');
    relay = relayTo(host, 8686);
    browser = await launch();
    const { context, page } = await openPage(browser, { ignoreHTTPSErrors: true });
    await page.goto(`${url()}/signin`);
    await page.fill('[name=name]', 'lin');
    await page.fill('[name=password]', PASSWORD);
    await Promise.all([page.waitForURL((to) => to.pathname === '/'), page.click('button[type=submit]')]);
    cookies = (await context.cookies()).map(({ name, value }) => ({ name, value, url: url() }));
    await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    relay?.stop();
    const errors = host ? (await host.run('cat', '/var/lib/mantou/logs/error.log')).out : '';
    await host?.stop();
    expect(errors).toBe('');
  });
}

async function open(path: string, options: BrowserContextOptions = {}) {
  const opened = await openPage(browser, { reducedMotion: 'reduce', ignoreHTTPSErrors: true, ...options });
  await opened.context.addCookies(cookies.map((cookie) => ({ ...cookie, secure: true })));
  await opened.page.goto(url() + path);
  return opened;
}

const state = (page: Page, name: string) => page.locator(`tr[data-name="${name}"] .c-state`).textContent();
/** What an answer of 422 to a form is remarked with. */
const real = (complaints: string[]) => complaints.filter((line) => !/status of 422/.test(line));

it('a service is stopped in a dialog that shows its command, the list follows, also what happens outside', async () => {
  const { page, complaints, context } = await open('/services');
  const row = page.locator('tr[data-name="nginx.service"]');
  await row.hover();
  await row.locator('a[href$="verb=stop"]').click();
  await page.waitForSelector('#form-dialog[open]');
  expect(await page.locator('#form-dialog .snippet').textContent()).toBe('systemctl stop nginx.service');
  await picture(page, 'service-stop');
  await page.click('#form-dialog button.danger');
  // First what goes by itself.
  await page.waitForSelector('.toast');
  await until(async () => (await state(page, 'nginx.service'))?.includes('Stopped'));
  expect(await shown('nginx', 'ActiveState')).toBe('inactive');
  await host.run('systemctl', 'start', 'nginx');
  await until(async () => (await state(page, 'nginx.service'))?.includes('Running'));
  await picture(page, 'services');
  expect(complaints).toEqual([]);
  await context.close();
});

it('what people reach the machine by asks for its name', async () => {
  const { page, complaints, context } = await open('/services/ssh.service');
  await page.click('.page-head a.danger');
  await page.waitForSelector('#form-dialog[open] [name=confirm]');
  await page.fill('#form-dialog [name=confirm]', 'nginx.service');
  await page.click('#form-dialog button.danger');
  await page.waitForSelector('#form-dialog[open] .form-errors');
  expect(await shown('ssh', 'ActiveState')).toBe('active');
  await page.fill('#form-dialog [name=confirm]', 'ssh.service');
  await page.click('#form-dialog button.danger');
  await page.waitForSelector('#about dd:has-text("Stopped")');
  expect(await shown('ssh', 'ActiveState')).toBe('inactive');
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('one that does not come up shows what it said last, in the dialog', async () => {
  await host.run('sh', '-c', 'printf "[Service]\\nExecStart=/bin/sh -c \\"echo the oven is cold; exit 3\\"\\n" > /run/systemd/system/oven.service; systemctl daemon-reload; systemctl start oven');
  const { page, complaints, context } = await open('/services?state=failed');
  const row = page.locator('tr[data-name="oven.service"]');
  await row.hover();
  await row.locator('a[href$="verb=start"]').click();
  await page.click('#form-dialog[open] button[type=submit]');
  await page.waitForSelector('#form-dialog .service-log:has-text("the oven is cold")');
  await picture(page, 'service-failed');
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('own settings: written in the editor, a fault at its line, looked at, saved, in effect after the restart that is offered; and back', async () => {
  const { page, complaints, context } = await open('/services/nginx.service');
  await page.click('button[popovertarget=service-menu]');
  await page.click('#service-menu a[href$="/override"]');
  const type = async (text: string) => {
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+a');
    // Put over several lines, the browser would delete them in its own way, which writes styles.
    await page.keyboard.press('Delete');
    if (text) await page.keyboard.insertText(text);
  };
  await page.waitForSelector('form[data-ready]');
  await type('[Service]\nNice=5\nRestart=sometimes\n');
  await page.click('button[value=review]');
  await page.waitForSelector('.unit-faults:has-text("Line 3")');
  await page.waitForSelector('.cm-lint-marker-error');
  await picture(page, 'override-fault');
  await type('[Service]\nNice=5\nRestart=always\n');
  await page.click('button[value=review]');
  await page.waitForSelector('#override-commands .snippet');
  expect(await page.locator('.diff .ln[data-op="+"]').allTextContents()).toEqual(['[Service]', 'Nice=5', 'Restart=always']);
  expect(await page.locator('#override-commands .snippet').textContent()).toContain('systemctl daemon-reload');
  await picture(page, 'override-review');
  await page.click('button[value=apply]');
  await page.waitForURL((to) => to.search === '?saved=on');
  const before = await shown('nginx', 'MainPID');
  await page.click('.banner a:has-text("Restart")');
  await page.click('#form-dialog[open] button[type=submit]');
  await until(async () => !['0', before].includes(await shown('nginx', 'MainPID')));
  expect([await shown('nginx', 'Restart'), await said('ps', '-o', 'ni=', '-p', await shown('nginx', 'MainPID'))]).toEqual(['always', '5']);
  await page.goto(`${url()}/services/nginx.service/override`);
  await page.waitForSelector('form[data-ready]');
  await type('');
  await page.click('button[value=review]');
  await page.click('button[value=apply]');
  await page.waitForURL((to) => to.search === '?saved=on');
  expect((await host.run('ls', '/etc/systemd/system/nginx.service.d')).code).toBe(2);
  await page.goto(`${url()}/services/nginx.service/override/versions`);
  await page.locator('tbody a.btn').first().click();
  await page.waitForSelector('form[data-ready]');
  expect(await page.locator('#text').inputValue()).toBe('[Service]\nNice=5\nRestart=always\n');
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('a program is kept: made in the form, killed with -9, seen to be back, and removed', async () => {
  const { page, complaints, context } = await open('/services/programs');
  await page.click('a[href="/services/programs/new"]');
  await page.fill('[name=name]', 'oven');
  await page.fill('[name=command]', `sh -c "echo baking; exec sleep 1000"`);
  await page.fill('[name=environment]', 'OVEN_TOKEN=hunter2');
  await page.fill('[name=delay]', '1');
  await page.click('button[value=review]');
  await page.waitForSelector('#program-review');
  expect(await page.textContent('#plan-1')).toContain('ExecStart=/usr/bin/sh -c "echo baking; exec sleep 1000"');
  await picture(page, 'program-review');
  await page.click('button[value=save]');
  await page.waitForSelector('#about dd:has-text("Running")');
  await page.waitForSelector('#log:has-text("baking")');
  const before = await shown('mantou-oven', 'MainPID');
  expect(await page.textContent('#about')).toContain(before);
  await host.run('kill', '-9', before);
  await until(async () => !['0', before].includes(await shown('mantou-oven', 'MainPID')));
  const after = await shown('mantou-oven', 'MainPID');
  await until(async () => (await page.textContent('#about'))?.includes(after));
  await picture(page, 'program');
  await page.goto(`${url()}/services/programs`);
  await page.locator('tr#p-oven').hover();
  await page.click('tr#p-oven a[href$="/remove"]');
  await page.fill('#form-dialog[open] [name=confirm]', 'oven');
  await page.click('#form-dialog button.danger');
  await page.waitForSelector('#programs .empty');
  expect(await shown('mantou-oven', 'LoadState')).toBe('not-found');
  expect(complaints).toEqual([]);
  await context.close();
});

it('timers are turned off and on', async () => {
  const { page, complaints, context } = await open('/services/timers');
  for (const [verb, active] of [['off', 'inactive'], ['on', 'active']] as const) {
    const row = page.locator('[id="t-apt-daily.timer"]');
    await row.hover();
    await row.locator(`a[href$="on=${verb}"]`).click();
    await page.click('#form-dialog[open] button[type=submit]');
    await until(async () => (await said('systemctl', 'is-active', 'apt-daily.timer')) === active);
    await page.waitForSelector('#form-dialog:not([open])', { state: 'attached' });
    await page.locator(`[id="t-apt-daily.timer"] a[href$="on=${verb === 'off' ? 'on' : 'off'}"]`).waitFor({ state: 'attached' });
  }
  expect(complaints).toEqual([]);
  await context.close();
});

it('both languages, both themes, desktop and phone: nothing serious, nothing sideways', async () => {
  const paths = ['/services', '/services/nginx.service', '/services/nginx.service/override', '/services/nginx.service/change?verb=stop', '/services/timers', '/services/programs', '/services/programs/new'];
  for (const options of [{}, { colorScheme: 'dark' as const, locale: 'zh-CN' }, { viewport: PHONE }, { viewport: PHONE, colorScheme: 'dark' as const, locale: 'zh-CN' }]) {
    for (const path of paths) {
      const { page, complaints, context } = await open(path, options);
      await page.waitForTimeout(200);
      expect([path, await findings(page), await overflow(page), complaints]).toEqual([path, [], [], []]);
      await context.close();
    }
  }
});

it('without JavaScript: a service is stopped and started', async () => {
  const { page, context } = await open('/services/cron.service', { javaScriptEnabled: false });
  await page.click('.page-head a.danger');
  await page.click('button.danger');
  await page.waitForURL((to) => to.pathname === '/services/cron.service');
  expect(await shown('cron', 'ActiveState')).toBe('inactive');
  await page.click('.page-head a:has-text("Start")');
  await page.click('button[type=submit].primary');
  await page.waitForURL((to) => to.pathname === '/services/cron.service');
  expect(await shown('cron', 'ActiveState')).toBe('active');
  await context.close();
});
