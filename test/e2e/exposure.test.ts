import { afterAll, beforeAll, expect } from 'bun:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { launch, openPage, PHONE, picture } from '../support/browser.ts';
import { startFilteredHost } from '../support/filtered-host.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { until } from '../support/until.ts';

/** The panel on a machine with ufw and an engine, looked at in a browser from outside; packets come the same way. */
const it = needs('chromium', 'root', 'docker', 'busybox', 'debootstrap', 'unshare');
let host: Awaited<ReturnType<typeof startFilteredHost>>;
let panel: RunningPanel;
let browser: Browser;
let cookie = '';

if (it.ok) {
  beforeAll(async () => {
    host = await startFilteredHost();
    panel = await runPanel(host.within(process.execPath, 'src/main.ts'), { args: ['--host', host.address], env: { DOCKER_HOST: `unix://${host.socket}` } });
    cookie = await setUp(panel);
    await host.ufw('allow', 'proto', 'tcp', 'from', '198.18.0.0/15', 'to', 'any', 'port', new URL(panel.url).port);
    await host.ufw('--force', 'enable');
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    const errors = panel?.errorLog();
    await panel?.stop();
    await host?.stop();
    expect(errors).toBe('');
  });
}

async function open(path: string, options: BrowserContextOptions = {}) {
  const opened = await openPage(browser, { reducedMotion: 'reduce', ignoreHTTPSErrors: true, ...options });
  await opened.context.addCookies(cookie.split('; ').map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1), url: panel.url })));
  await opened.page.goto(panel.url + path);
  return opened;
}

/** Something that is called redis, and answers who comes. */
async function serve(name: string, port: number, labels: Record<string, string> = {}) {
  const [repo, tag] = host.image.split(':');
  await host.docker.ask({ method: 'POST', path: `/images/${repo}:${tag}/tag`, query: { repo: 'redis', tag: '7' } });
  const { Id } = (await host.docker.ask({
    method: 'POST', path: '/containers/create', query: { name },
    body: { Image: 'redis:7', Labels: labels, Cmd: ['sh', '-c', 'mkdir -p /w; echo steam >/w/index.html; httpd -f -p 6379 -h /w'], StopTimeout: 1, ExposedPorts: { '6379/tcp': {} }, HostConfig: { PortBindings: { '6379/tcp': [{ HostPort: String(port) }] } } },
  })) as { Id: string };
  await host.docker.ask({ method: 'POST', path: `/containers/${Id}/start` });
  await until(async () => (await host.answer(port)) === 'steam\n');
}

const row = (page: Page, port: number) => page.locator(`table.exposure tr[id$="-${port}"]`);

it('redis that Docker published is red although ufw denies it; made local-only, no packet arrives any more', async () => {
  await serve('cache', 6379);
  const { page, complaints } = await open('/exposure?again=on');
  const mine = row(page, 6379);
  expect(await mine.getAttribute('data-level')).toBe('danger');
  expect(await mine.textContent()).toContain('cache');
  expect(await mine.textContent()).toContain('Everyone');
  // It is first, and in the picture, too.
  expect(await page.locator('table.exposure tbody tr').first().getAttribute('id')).toContain('6379');
  expect(await page.locator('.exposure-picture svg.wide .lane[data-level="danger"]').count()).toBe(1);
  await mine.locator('summary').click();
  expect(await mine.locator('.why').textContent()).toContain('Whoever reaches Redis');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'exposure-danger');

  await mine.getByText('Make local-only').click();
  await page.waitForURL(/local-only/);
  expect(await page.locator('pre').textContent()).toContain('docker create --name cache.mantou-new … -p 127.0.0.1:6379:6379 …');
  expect(await findings(page)).toEqual([]);
  await until(async () => (await host.answer(6379)) === 'steam\n');
  await page.getByRole('button', { name: 'Make it anew, local only' }).click();
  await page.waitForURL(/\/tasks\//);
  await until(async () => (await host.answer(6379)) === null);
  await until(async () => {
    await page.goto(`${panel.url}/exposure?again=on`);
    return (await row(page, 6379).getAttribute('data-level', { timeout: 2000 }).catch(() => null)) === 'machine';
  });
  expect(await row(page, 6379).textContent()).toContain('This machine only');
  expect(await host.answer(6379)).toBeNull();
  expect(complaints).toEqual([]);
});

it('a rule in DOCKER-USER makes it some people’s; a rule of ufw opens what the machine holds itself', async () => {
  await serve('store', 6380);
  await host.iptables('-I', 'DOCKER-USER', '!', '-s', '10.0.0.0/8', '-p', 'tcp', '-m', 'conntrack', '--ctorigdstport', '6380', '-j', 'DROP');
  expect(await host.answer(6380)).toBeNull();
  const { page, complaints } = await open('/exposure?again=on');
  expect(await row(page, 6380).getAttribute('data-level')).toBe('some');
  expect(await row(page, 6380).textContent()).toContain('Only 10.0.0.0/8');
  await host.iptables('-D', 'DOCKER-USER', '1');
  await until(async () => (await host.answer(6380)) === 'steam\n');
  await Bun.sleep(1100);
  await page.getByText('Look again').click();
  await until(async () => (await row(page, 6380).getAttribute('data-level')) === 'danger');
  // The panel itself: only whoever it was opened for.
  const own = row(page, Number(new URL(panel.url).port));
  expect(await own.getAttribute('data-level')).toBe('some');
  expect(await own.textContent()).toContain('198.18.0.0/15');
  expect(complaints).toEqual([]);
});

it('narrowed while typing, sorted, without JavaScript, on a phone, in Chinese', async () => {
  const { page, complaints } = await open('/exposure');
  await page.fill('[data-filter]', 'store');
  await until(async () => (await page.locator('table.exposure tbody tr').count()) === 1);
  await page.fill('[data-filter]', '');
  await until(async () => (await page.locator('table.exposure tbody tr').count()) > 1);
  await page.locator('th.c-port a').click();
  await page.waitForURL(/sort=port/);
  expect(complaints).toEqual([]);

  const plain = await open('/exposure?q=store', { javaScriptEnabled: false });
  expect(await plain.page.locator('table.exposure tbody tr').count()).toBe(1);
  await plain.page.locator('summary').first().click();
  expect(await plain.page.locator('details.why').first().getAttribute('open')).not.toBeNull();

  const phone = await open('/exposure', { viewport: PHONE, locale: 'zh-CN' });
  expect(await phone.page.locator('.exposure-picture svg.narrow').isVisible()).toBe(true);
  expect(await phone.page.locator('h1').textContent()).toBe('暴露面');
  expect(await overflow(phone.page)).toEqual([]);
  expect(await findings(phone.page)).toEqual([]);
  await picture(phone.page, 'exposure-phone');
});
