import { afterAll, beforeAll, expect } from 'bun:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { addressText } from '../../src/lib/address.ts';
import { exec, which } from '../../src/platform/exec.ts';
import { findings, overflow } from '../support/axe.ts';
import { launch, openPage, picture, PHONE } from '../support/browser.ts';
import { executable } from '../support/executable.ts';
import { reach, startFirewallHost, type FirewallHost } from '../support/firewall-host.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

/**
 * The panel on a machine with ufw, installed as people install it, with a line of its own to the browser: ports are opened
 * and closed by clicks, and packets are sent to see.
 */
const it = needs('linux', 'root', 'docker', 'debootstrap', 'busybox', 'chromium');
const NET = `198.18.${process.pid & 255}`;
const HERE = `${NET}.9`;
const THERE = `${NET}.10`;
const ORIGIN = `https://${THERE}:8686`;
const SECONDS = 12;
let host: FirewallHost;
let browser: Browser;
let cookie = '';

const get = (path: string, init: RequestInit = {}) => fetch(ORIGIN + path, { redirect: 'manual', signal: AbortSignal.timeout(60_000), tls: { rejectUnauthorized: false }, headers: { cookie }, ...init } as RequestInit);
const post = (path: string, fields: Record<string, string>) => get(path, { method: 'POST', headers: { origin: ORIGIN, cookie }, body: new URLSearchParams(fields) });
const ip = async (...words: string[]) => expect((await exec.run([which('ip')!, ...words])).stderr).toBe('');

const cards = () => [`mfo${process.pid}`.slice(0, 15), `mfi${process.pid}`.slice(0, 15)] as const;

async function plug() {
  const pid = /\/proc\/(\d+)\//.exec(host.root)![1]!;
  const [near, far] = cards();
  // After a boot: the network that is gone takes its end with it, and so the other one, but in its own time.
  await exec.run([which('ip')!, 'link', 'del', near]);
  await ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', pid);
  await ip('addr', 'add', `${HERE}/30`, 'dev', near);
  await ip('link', 'set', near, 'up');
  await host.sh(`ip addr add ${THERE}/30 dev ${far} && ip link set ${far} up`);
}

if (it.ok) {
  beforeAll(async () => {
    host = await startFirewallHost('ufw');
    await plug();
    await host.listen(8080);
    await host.put(await executable(), '/root/mantou');
    const installed = await host.sh('/root/mantou service install');
    await until(async () => (await get('/healthz', { signal: AbortSignal.timeout(5000) }).catch(() => null))?.ok);
    const token = /\/setup#([\w-]{43})/.exec(installed)![1]!;
    const answer = await post('/setup', { token, name: 'lin', password: 'steamed bun 2026', password2: 'steamed bun 2026' });
    cookie = /(?:__Host-)?mantou_session=[^;]+/.exec(answer.headers.get('set-cookie')!)![0];
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
  });
}

async function open(path: string, options: BrowserContextOptions = {}) {
  const opened = await openPage(browser, { reducedMotion: 'reduce', ignoreHTTPSErrors: true, ...options });
  const [name = '', value = ''] = cookie.split('=');
  await opened.context.addCookies([{ name, value, url: ORIGIN, secure: true }]);
  await opened.page.goto(ORIGIN + path);
  return opened;
}

const packets = (port: number, from?: string) => reach({ host: THERE, port, ...(from ? { localAddress: from } : {}) });

const row = (page: Page, text: string) => page.locator('.firewall-rules tbody tr', { hasText: text });
/** 422 is how a form comes back. */
const real = (complaints: string[]) => complaints.filter((line) => !/422|ERR_NETWORK_CHANGED/.test(line));

it('turned on with SSH and the panel let in first, kept by a click; a port opens and closes, and packets obey', async () => {
  const { context, page, complaints } = await open('/firewall');
  expect(await packets(8080)).toBe('open');
  await page.click('a[href="/firewall/enable"]');
  await page.waitForSelector('#form-dialog[open] .snippet');
  expect(await page.locator('#form-dialog .snippet').textContent()).toContain('ufw --force enable');
  await page.click('#form-dialog button.primary');
  await page.waitForSelector('#armed form[action$="/keep"] button');
  expect(await packets(8080)).toBe('silent');
  await page.click('#armed form[action$="/keep"] button');
  await until(async () => (await page.locator('#armed form[action$="/keep"]').count()) === 0);
  // With its scripts, by which forms open in a dialog.
  await page.waitForLoadState();
  expect(await row(page, '8686').textContent()).toContain('This panel');

  await page.click('a[href="/firewall/rules/new"]');
  await page.fill('#form-dialog [name=ports]', '8080');
  await page.fill('#form-dialog [name=comment]', '馒头 shop');
  await page.click('#form-dialog button[value=preview]');
  await page.waitForSelector('#firewall-commands');
  expect(await page.locator('#firewall-commands .snippet').textContent()).toBe("ufw allow in proto tcp from any to any port 8080 comment '馒头 shop'");
  expect(await packets(8080)).toBe('silent');
  await picture(page, 'firewall-add');
  await page.click('#form-dialog button.primary');
  await row(page, '8080').waitFor();
  expect(await packets(8080)).toBe('open');

  await row(page, '8080').locator('a[href$="/remove"]').click();
  await page.waitForSelector('#form-dialog[open] .snippet');
  await page.click('#form-dialog button.danger');
  await until(async () => (await row(page, '8080').count()) === 0);
  expect(await packets(8080)).toBe('silent');
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('a rule that somebody removed is told, and put back by a click', async () => {
  await post('/firewall/rules', { action: 'allow', ports: '8080', comment: 'shop' });
  await host.sh('ufw delete allow in proto tcp from any to any port 8080');
  const { context, page } = await open('/firewall');
  expect(await page.locator('#gone').textContent()).toContain('8080');
  await page.click('#gone form[action$="/put-back"] button');
  await row(page, '8080').waitFor();
  expect([await packets(8080), await page.locator('#gone').count()]).toEqual(['open', 0]);
  await context.close();
});

it('中文：从文件导入一万个地址，其中一个的数据包不再到达；解除后又能到达', async () => {
  const list = Array.from({ length: 10_000 }, (_, i) => addressText(4, 0x0b000000n + BigInt(i * 7)));
  const from = list[4321]!;
  await ip('addr', 'add', `${from}/32`, 'dev', cards()[0]);
  await host.sh(`ip route add ${from}/32 dev ${cards()[1]}`);
  expect(await packets(8080, from)).toBe('open');
  const { context, page, complaints } = await open('/firewall/blocks/import', { locale: 'zh-CN' });
  await page.fill('#f-name', '一万个');
  await page.setInputFiles('#f-file', { name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.from(list.join('\n')) });
  await page.click('button[value=check]');
  await page.waitForSelector('#preview');
  await page.click('button[value=import]');
  await page.waitForURL(/list=/);
  await picture(page, 'firewall-ten-thousand');
  // In sets of the kernel, not in as many rules.
  expect(await host.sh('nft list ruleset | grep -c "saddr @"')).toMatch(/^[1-4]$/m);
  expect([await packets(8080, from), await packets(8080)]).toEqual(['silent', 'open']);
  await page.goto(`${ORIGIN}/firewall/blocks?q=${from}`);
  await page.click('table.blocks tbody .acts a');
  await page.click('#form-dialog[open] button[type=submit]');
  await until(async () => (await packets(8080, from)) === 'open');
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('locked out on purpose: refused with the reason, then armed; the panel is killed, and the way in comes back by itself', async () => {
  await post('/settings/armed-changes', { armedSeconds: String(SECONDS) });
  const { context, page } = await open('/firewall');
  await page.click('a[href="/firewall/rules/new"]');
  await page.locator('#form-dialog label', { has: page.locator('[name=action][value=deny]') }).click();
  await page.selectOption('#form-dialog [name=protocol]', 'any');
  await page.fill('#form-dialog [name=source]', `${NET}.0/24`);
  await page.click('#form-dialog button.primary');
  await page.waitForSelector('#form-dialog [name=armed]');
  expect(await page.locator('#form-dialog .form-errors').textContent()).toContain('your browser from the panel on port 8686');
  expect(await packets(8080)).toBe('open');
  await picture(page, 'firewall-locked-out');
  await page.check('#form-dialog [name=armed]');
  const begun = Date.now();
  await page.click('#form-dialog button.primary');
  await until(async () => (await packets(8080)) === 'silent');
  // What is connected stays so; nobody new comes in.
  expect(await packets(8686)).toBe('silent');
  await host.sh('systemctl kill -s KILL mantou; systemctl stop mantou');
  await until(async () => (await packets(8080)) === 'open');
  expect(Date.now() - begun).toBeGreaterThan((SECONDS - 2) * 1000);
  expect((await host.run('systemctl', 'is-active', 'mantou')).out.trim()).not.toBe('active');
  expect(await host.sh('ufw show added')).not.toContain(NET);
  await host.sh('systemctl start mantou');
  await until(async () => (await get('/healthz', { signal: AbortSignal.timeout(5000) }).catch(() => null))?.ok);
  await page.goto(`${ORIGIN}/firewall`);
  await page.waitForSelector('#armed .banner');
  expect([await row(page, `${NET}.0/24`).count(), await page.locator('#gone').count()]).toEqual([0, 0]);
  await context.close();
});

it('a default that denies everything with the panel’s rule gone reverts across a boot as well', async () => {
  await post('/settings/armed-changes', { armedSeconds: '300' });
  const { id } = (await host.firewall.read()).rules.find(({ text }) => text.includes('8686'))!;
  expect((await post(`/firewall/rules/${id}/remove`, {})).status).toBe(422);
  expect((await post(`/firewall/rules/${id}/remove`, { armed: 'on' }).catch(() => null))?.status).toBe(303);
  expect(await packets(8686)).toBe('silent');
  await host.reboot();
  await plug();
  await until(async () => (await get('/healthz', { signal: AbortSignal.timeout(5000) }).catch(() => null))?.ok);
  expect((await host.firewall.read()).rules.some(({ text }) => text.includes('8686'))).toBe(true);
});

it('on a phone and in the dark nothing runs out of the page, in both languages, and nothing is unreachable', async () => {
  for (const [locale, options] of [['en-US', {}], ['zh-CN', { viewport: PHONE, colorScheme: 'dark' }]] as const) {
    const { context, page, complaints } = await open('/firewall', { locale, ...options });
    expect(await overflow(page)).toEqual([]);
    expect(await findings(page)).toEqual([]);
    expect(real(complaints)).toEqual([]);
    await context.close();
  }
});

it('the log of errors is empty', async () => {
  expect((await host.run('sh', '-c', 'cat /var/lib/mantou/logs/error.log 2>/dev/null')).out).toBe('');
});
