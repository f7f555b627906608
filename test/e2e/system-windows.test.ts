import { afterAll, expect } from 'bun:test';
import { rmSync } from 'node:fs';
import { testApp } from '../support/app.ts';
import { findings, overflow } from '../support/axe.ts';
import { picture, PHONE } from '../support/browser.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';
import { CONFIG, createWindowsSsh, SHARED_KEYS, SHIPPED } from '../support/windows-ssh.ts';
import { createWindowsMachine } from '../support/windows-system.ts';

/** The System page of a Windows in a browser: its drivers, over a machine that answers as Microsoft describes. */
const it = needs('chromium');
let openSsh: ReturnType<typeof createWindowsSsh>;
const e2e = livePanel(it, { make: () => {
  const panel = testApp();
  openSsh = createWindowsSsh({ chinese: true });
  Object.assign(panel.app.host, createWindowsMachine({ chinese: true, now: () => panel.clock.now() }).drivers, openSsh.drivers, { kind: 'windows' });
  return panel;
} });
const { open } = e2e;
if (it.ok) afterAll(() => rmSync(openSsh.scratch, { recursive: true, force: true }));

it('DNS of one interface is changed in a dialog, and a page file written down for the next start', async () => {
  const { context, page, complaints } = await open('/system/network');
  await page.click('#dns a[href="/system/dns?link=12"]');
  await page.fill('dialog #f-servers', 'nonsense');
  await page.click('dialog button[type="submit"]');
  await page.waitForSelector('dialog #f-servers-error');
  await page.fill('dialog #f-servers', '1.1.1.1\n2606:4700:4700::1111');
  await page.click('dialog button[type="submit"]');
  await page.waitForSelector('dialog .plan-commands');
  expect(await page.textContent('dialog .plan-commands')).toContain(`Set-DnsClientServerAddress -InterfaceIndex 12 -ServerAddresses '1.1.1.1', '2606:4700:4700::1111'`);
  await page.click('dialog button[type="submit"]');
  await until(async () => (await page.textContent('#dns table'))?.includes('2606:4700:4700::1111'));
  await page.goto(`${e2e.origin}/system/swap`);
  await page.click('#page-files a[href="/system/swap/page-file"]');
  await page.selectOption('dialog #f-path', 'D:\\pagefile.sys');
  await page.fill('dialog #f-initial', '512');
  await page.fill('dialog #f-maximum', '1024');
  await page.click('dialog button[type="submit"]');
  await page.waitForSelector('dialog .plan-commands');
  await page.click('dialog button[type="submit"]');
  await page.waitForSelector('#page-files table');
  expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
  await context.close();
});

it('a key is added to an administrator in a dialog, and groups are set for the SSH server with a look at what is written', async () => {
  const { context, page, complaints } = await open('/system/accounts/Administrator');
  await page.click('#keys a[href$="/keys/new"]');
  await page.fill('dialog #f-key', 'nonsense');
  await page.click('dialog button[type="submit"]');
  await page.waitForSelector('dialog #f-key-error');
  await page.fill('dialog #f-key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJb0SBzWxW9jVgI2bn0oUsvO0U5SJ5LuvJmTZPO0Gz3x lin@laptop');
  await page.click('dialog button[type="submit"]');
  await until(async () => (await page.textContent('dialog'))?.includes(SHARED_KEYS));
  await page.click('dialog button[type="submit"]');
  await until(async () => (await page.textContent('#keys table'))?.includes('lin@laptop'));
  await page.goto(`${e2e.origin}/system/ssh`);
  await page.fill('#f-allowGroups', 'administrators\nopenssh users');
  await page.click('button[value="review"]');
  await page.waitForSelector('#ssh-review');
  expect(await page.textContent('#ssh-review')).toContain('AllowGroups "openssh users"');
  expect(await page.textContent('#ssh-commands')).toContain('net.exe start sshd');
  expect([await overflow(page), await findings(page), openSsh.text(CONFIG)]).toEqual([[], [], SHIPPED]);
  expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
  await context.close();
});

it('its pages fit on a screen and a phone, in light and dark, in both languages, and have no findings of axe', async () => {
  for (const [name, options] of [['light', {}], ['phone', { viewport: PHONE }], ['dark', { colorScheme: 'dark', locale: 'zh-CN' }]] as const) {
    for (const path of ['/system', '/system/network', '/system/swap', '/system/power', '/system/dns?link=12', '/system/swap/page-file', '/system/time-zone', '/system/ssh', '/system/accounts/Administrator']) {
      const { context, page, complaints } = await open(path, options);
      expect([path, name, await overflow(page), await findings(page), complaints]).toEqual([path, name, [], [], []]);
      await picture(page, `windows-${path.replace(/^\//, '').replace(/[^\w]+/g, '-')}-${name}`);
      await context.close();
    }
  }
});
