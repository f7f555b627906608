/** A container made, edited and made anew in real Chromium, on the real engine. */
import { afterAll, expect } from 'bun:test';
import { findings, overflow } from '../support/axe.ts';
import { PHONE, picture } from '../support/browser.ts';
import { busyboxImage, engine } from '../support/docker.ts';
import { e2ePanel } from '../support/e2e-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const it = needs('chromium', 'docker', 'busybox');
const e2e = e2ePanel(it, { root: 'once' });
const docker = engine();
const name = `mantou-e2e-form-${process.pid}`;

interface Inspected {
  Id: string;
  State: { Running: boolean };
  Config: { Env: string[] };
  HostConfig: { Memory: number };
}
const inspect = async (which = name) => (await docker.ask({ path: `/containers/${which}/json` }).catch(() => null)) as Inspected | null;

if (it.ok) afterAll(async () => {
  for (const one of (await docker.ask({ path: '/containers/json', query: { all: true, filters: { name: [name] } } })) as { Id: string }[]) await docker.ask({ method: 'DELETE', path: `/containers/${one.Id}`, query: { force: true } });
});

it('a pasted docker run fills the form, the container runs, and is edited beside itself', async () => {
  const image = await busyboxImage();
  const { page, context, complaints } = await e2e.open('/containers/new');
  expect(await findings(page)).toEqual([]);
  await page.click('summary');
  await page.fill('[name=line]', `docker run -d --name ${name} -e MODE=dev -e API_TOKEN=hush -m 64m --init ${image} sleep 1000`);
  await page.click('form[action="/containers/new/from-run"] button');
  await page.waitForSelector(`[name=name][value="${name}"]`);
  expect([await page.inputValue('[name=env]'), await page.inputValue('[name=memory]'), await page.inputValue('[name=command]')]).toEqual(['MODE=dev\nAPI_TOKEN=hush', '64m', 'sleep 1000']);
  await page.check('[name=start]');
  await page.click('.savebar .primary');
  await page.waitForURL(/\/tasks\//);
  await until(async () => (await inspect())?.State.Running);
  const made = (await inspect())!;

  await page.goto(`${e2e.origin()}/containers/${made.Id}/edit`);
  expect(await findings(page)).toEqual([]);
  expect(await page.inputValue('[name=env]')).toBe('MODE=dev\nAPI_TOKEN=•••');
  await picture(page, 'edit');
  await page.fill('[name=memory]', '2 elephants');
  await page.click('.savebar .primary');
  await page.waitForSelector('.form-errors a[href="#f-memory"]');
  await page.fill('[name=memory]', '32m');
  await page.click('.savebar button[value=show]');
  await page.waitForSelector('#shown pre');
  expect(await page.locator('#shown pre').first().textContent()).toContain(`--name ${name}`);
  await page.click('.savebar .primary');
  await page.waitForURL(/\/tasks\//);
  await until(async () => {
    const now = await inspect();
    return now?.State.Running && now.Id !== made.Id && now.HostConfig.Memory === 32 << 20;
  });
  expect((await inspect())!.Config.Env).toContain('API_TOKEN=hush');
  // The 422 of the form is what was asked for.
  expect(complaints.filter((line) => !/422/.test(line))).toEqual([]);
  await context.close();
});

it('made anew: what will happen is said first, and it has another id after it', async () => {
  const before = (await inspect())!;
  const { page, context, complaints } = await e2e.open(`/containers/${name}/recreate`, { locale: 'zh-CN' });
  expect(await findings(page)).toEqual([]);
  await picture(page, 'recreate');
  // Its image was made here: no registry is offered to be asked, or pulled from.
  expect([await page.locator('[name=pull]').count(), await page.locator('a[href$="?ask=on"]').count()]).toEqual([0, 0]);
  await page.click('form .primary');
  await page.waitForURL(/\/tasks\//);
  await until(async () => {
    const now = await inspect();
    return now?.State.Running && now.Id !== before.Id;
  });
  expect(complaints).toEqual([]);
  await context.close();
});

it('on a phone nothing sticks out, and without JavaScript it is the same form', async () => {
  for (const locale of ['en', 'zh-CN']) {
    const { page, context } = await e2e.open('/containers/new', { locale, viewport: PHONE });
    expect(await overflow(page)).toEqual([]);
    expect(await findings(page)).toEqual([]);
    await picture(page, `phone-${locale}`);
    await context.close();
  }
  const { page, context } = await e2e.open('/containers/new', { javaScriptEnabled: false });
  await page.fill('[name=name]', `${name}-plain`);
  await page.fill('[name=image]', await busyboxImage());
  await page.fill('[name=command]', 'sleep 1000');
  await page.click('.savebar .primary');
  await until(async () => (await inspect(`${name}-plain`))?.State.Running);
  await context.close();
});
