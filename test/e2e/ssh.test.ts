import { afterAll, beforeAll, expect } from 'bun:test';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findings, overflow } from '../support/axe.ts';
import { PHONE } from '../support/browser.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { makeKey, startSshd, type Sshd } from '../support/sshd.ts';
import { until } from '../support/until.ts';

/** Saved hosts, as a person sees them, with a real sshd behind. */
const it = needs('chromium', 'linux', 'root', 'sshd');
let folder: string;
let sshd: Sshd;
let key: ReturnType<typeof makeKey>;

const e2e = livePanel(it, { quiet: false, async end() {
  for (const { id } of (await e2e.panel.app.terminals.ask('list', {})) ?? []) await e2e.panel.app.terminals.ask('kill', { id }).catch(() => null);
} });
const { open } = e2e;

if (it.ok) {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mantou-sshd-'));
    chmodSync(folder, 0o755);
    key = makeKey(join(folder, 'key'));
    sshd = await startSshd(folder, [key.publicKey]);
  });
  afterAll(async () => {
    await sshd.stop();
    rmSync(folder, { recursive: true, force: true });
  });
}

/** Drawing by software, which this machine may have to do, is remarked on by Chromium itself. */
const ours = (complaints: string[]) => complaints.filter((line) => !/GL Driver Message|software WebGL/.test(line));

it('a host is added, its key confirmed, and a terminal on it is typed into; another key stops the next one', async () => {
  const { context, page, complaints } = await open('/terminal');
  await page.click('#ssh-hosts a[href="/terminal/hosts/new"]');
  await page.fill('[name=name]', 'lab-01');
  await page.fill('[name=group]', 'Lab');
  await page.fill('[name=address]', '127.0.0.1');
  await page.fill('[name=port]', String(sshd.port));
  expect(await page.isVisible('[name=privateKey]')).toBe(false);
  await page.check('[name=authentication][value=key]');
  expect(await page.isVisible('[name=password]')).toBe(false);
  await page.fill('[name=privateKey]', key.privateKey);
  expect(await findings(page)).toEqual([]);
  await page.click('.ssh-form [type=submit]');
  await page.waitForURL('**/terminal');
  await page.click('tr[data-ssh-host^="lab-01"] [type=submit]');
  await page.waitForURL('**/key?for=*');
  expect(await page.textContent('#offered')).toContain(sshd.hostKey.fingerprint);
  expect(await findings(page)).toEqual([]);
  await page.click('#offered .btn.primary');
  await page.waitForURL('**/terminal?id=*');
  const id = new URL(page.url()).searchParams.get('id')!;
  const screen = async () => Buffer.from((await e2e.panel.app.terminals.ask('output', { id, from: 0, most: 1 << 20 }))!.base64, 'base64').toString();
  await until(async () => /[#$] $/.test(await screen()));
  await page.click('.tt-screen');
  await page.keyboard.type('echo over:$((40+2)):there\n');
  await until(async () => (await screen()).includes('over:42:there'));
  await until(async () => (await page.locator('#tt-tabs').textContent())?.includes('lab-01'));
  // The second time nothing is asked: it opens beside the first.
  await page.click('#tt-new');
  await page.click('tr[data-ssh-host^="lab-01"] [type=submit]');
  await until(() => page.locator('.tt-tab-head').count().then((n) => n === 2));
  await sshd.reinstall();
  await page.click('#tt-new');
  await page.click('tr[data-ssh-host^="lab-01"] [type=submit]');
  await page.waitForURL('**/key?for=*');
  expect(await page.textContent('.banner[data-tone=danger][role=alert]')).toContain('No connection was made');
  expect(await page.textContent('#offered')).toContain(sshd.hostKey.fingerprint);
  expect(await page.isDisabled('#offered .btn.primary')).toBe(true);
  await page.fill('#f-confirm', 'lab-01');
  await page.click('#offered .btn.primary');
  await page.waitForURL('**/terminal?id=*');
  expect(ours(complaints)).toEqual([]);
  await context.close();
});

it('many hosts are found by typing, and everything has room on a phone, in both languages', async () => {
  for (let i = 0; i < 9; i++) {
    const fields = { name: `a machine with a rather long name, number ${i}`, group: i < 5 ? 'Hong Kong' : 'Berlin', address: `host-${i}.a-long-domain-name.example.net`, port: '2222', user: 'administrator', authentication: 'ask' };
    expect((await e2e.admin.request('/terminal/hosts', { form: fields })).status).toBe(303);
  }
  const { context, page, complaints } = await open('/terminal', { viewport: PHONE, hasTouch: true, locale: 'zh-CN' });
  await until(() => page.isVisible('#ssh-filter'));
  await page.fill('#ssh-filter', 'berlin 7');
  await until(() => page.locator('[data-ssh-host]:visible').count().then((n) => n === 1));
  // What is found stays found when the list is drawn anew.
  await Promise.all([page.waitForResponse(/\/terminal$/), page.evaluate("document.dispatchEvent(new CustomEvent('terminals-changed'))")]);
  await until(() => page.locator('[data-ssh-host]:visible').count().then((n) => n === 1));
  expect(await page.inputValue('#ssh-filter')).toBe('berlin 7');
  await page.fill('#ssh-filter', 'nothing of that');
  await until(() => page.isVisible('#ssh-none'));
  const { id } = e2e.panel.app.db.$client.query("SELECT id FROM ssh_hosts WHERE name LIKE '%number 3'").get() as { id: string };
  for (const path of ['/terminal', '/terminal/hosts/new', `/terminal/hosts/${id}`, `/terminal/hosts/${id}/key`]) {
    await page.goto(e2e.origin + path);
    expect([path, await overflow(page), await findings(page)]).toEqual([path, [], []] as never);
  }
  expect(ours(complaints)).toEqual([]);
  await context.close();
});
