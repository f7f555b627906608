/** Newer images in real Chromium, on the real engine and a registry of this machine. */
import { afterAll, beforeAll, expect } from 'bun:test';
import { systemClock } from '../../src/lib/clock.ts';
import { createFakeDocker } from '../../src/platform/fake/docker/engine.ts';
import { testApp } from '../support/app.ts';
import { findings, overflow } from '../support/axe.ts';
import { DESKTOP, openPage, PHONE, picture } from '../support/browser.ts';
import { engine, testContainers } from '../support/docker.ts';
import { e2ePanel } from '../support/e2e-panel.ts';
import { live } from '../support/live.ts';
import { needs } from '../support/needs.ts';
import { client, engineRegistry, type Answer } from '../support/engine-side.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';
import { versions } from '../support/versions.ts';

const it = needs('chromium', 'docker', 'busybox', 'registry');
const e2e = e2ePanel(it, { root: 'once' });
const docker = engine();
const containers = testContainers('e2e-updates');
const name = (what: string) => `${containers.prefix}-${what}`;
let registry: Awaited<ReturnType<typeof engineRegistry>>;
let images: ReturnType<typeof versions>;

/** Serves its version, and ends when it is told to. */
const SERVE = `CMD ["/bin/sh", "-c", "echo $VERSION > /data/index.html; httpd -f -p 80 -h /data & trap 'kill $!; exit' TERM; wait"]`;
const HEALTHY = 'HEALTHCHECK --interval=500ms --timeout=2s --retries=20 CMD wget -q -O /dev/null http://127.0.0.1/';
const NEVER = 'HEALTHCHECK --interval=1s --timeout=1s --retries=2 CMD false';

if (it.ok) {
  beforeAll(async () => {
    registry = await engineRegistry(name('registry'));
    images = versions();
  });
  afterAll(async () => {
    for (const one of (await docker.ask({ path: '/containers/json', query: { all: true, filters: { name: [containers.prefix] } } })) as { Id: string }[]) await docker.ask({ method: 'DELETE', path: `/containers/${one.Id}`, query: { force: true, v: true } });
    await images?.forget();
    await registry?.stop();
  });
}

/** Chromium lets go of all it loads when one comes. */
const NO_NETWORK = { HostConfig: { NetworkMode: 'none' } };

interface Inspected { Id: string }
const inspect = (what: string) => docker.ask({ path: `/containers/${name(what)}/json` }) as Promise<Inspected>;

/** What the engine does to these containers, in its own words, as it does it: it remembers only its last 256 events. */
async function follow(): Promise<{ of(id: string): { action: string; at: number }[]; stop(): Promise<void> }> {
  const stream = await docker.stream({ path: '/events', query: { filters: { type: ['container'], event: ['kill', 'start'] } } });
  let text = '';
  const read = (async () => {
    for await (const piece of stream) text += piece.toString();
  })();
  const all = () => text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as { Action: string; timeNano: number; Actor: { ID: string } });
  return {
    of: (id) => all().filter(({ Actor }) => Actor.ID === id).map(({ Action, timeNano }) => ({ action: Action, at: timeNano / 1e6 })),
    async stop() {
      stream.destroy();
      await read.catch(() => {});
    },
  };
}

/** From its start until it listens, on a busy machine. */
const LISTENS_MS = 2000;

/** The longest time between two good answers. */
const longestGap = (answers: readonly Answer[], good: (said: string | null) => boolean) => {
  const times = answers.filter(({ said }) => good(said)).map(({ at }) => at);
  return Math.max(...times.slice(1).map((at, i) => at - times[i]!));
};

const serving = (image: string, what: string, port: number) => containers.run([], { Image: image, Cmd: null, ExposedPorts: { '80/tcp': {} }, HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] } } }, name(what));

async function updateInBrowser(what: string, result: string) {
  const { page, context, complaints } = await e2e.open(`/containers/updates?q=${name(what)}`);
  const row = `tr[data-id="${(await inspect(what)).Id}"]`;
  await page.waitForSelector(row);
  await page.click('button:has-text("Check now")');
  await page.waitForSelector(`${row}[data-state=newer]`);
  await page.check(`${row} input[name=ids]`);
  expect(await page.textContent('[data-selected]')).toBe('1 selected');
  await picture(page, `updates-${what}`);
  expect(await findings(page)).toEqual([]);
  const [answer] = await Promise.all([page.waitForResponse(/\/containers\/updates\/update$/), page.click('.selbar button[type=submit]')]);
  expect(answer.ok()).toBe(true);
  // The page follows by itself. What it says meanwhile may be over before a busy machine draws it.
  await page.waitForSelector(`tr[data-id] .dotted:has-text("${result}")`);
  await page.waitForSelector('#updates .banner', { state: 'detached' });
  expect(await page.locator('input[name=ids]:checked').count()).toBe(0);
  expect(complaints).toEqual([]);
  return { page, context };
}

it('a newer image that never becomes well: who asks all the time is answered by the old one before and after, and only the swap is between', async () => {
  const shop = `${registry.host}/shop:1`;
  const port = freePort();
  await images.offer(shop, 'one', SERVE, HEALTHY);
  const { id } = await serving(shop, 'broken', port);
  await images.offer(shop, 'two', SERVE, NEVER);
  const asking = await client(name('client-1'), port);
  await until(async () => (await asking.answers()).some(({ said }) => said === 'one'));
  const engineDid = await follow();
  const began = Date.now();
  const { page, context } = await updateInBrowser('broken', 'Not updated');
  const after = (await asking.answers()).length;
  await until(async () => (await asking.answers()).length > after + 30);
  const answers = (await asking.answers()).filter(({ at }) => at > began);
  await asking.stop();
  const did = engineDid.of(id).filter(({ at }) => at > began);
  await engineDid.stop();
  const [stopped, started] = [did.find(({ action }) => action === 'kill')!.at, did.findLast(({ action }) => action === 'start')!.at];
  // One that was asked before it ended answers no more; one that was started listens a moment later.
  const outside = answers.filter(({ at, said }) => said !== 'one' && (at < stopped - 100 || at > started + LISTENS_MS));
  expect(outside).toEqual([]);
  const gap = longestGap(answers, (said) => said === 'one');
  console.log(`a broken image: the old one was away for ${Math.round(started - stopped)} ms, the longest time without it was ${gap} ms; of ${answers.length} requests ${answers.filter(({ said }) => said === null).length} were not answered`);
  expect(gap).toBeLessThanOrEqual(started - stopped + LISTENS_MS + 1500);
  expect([(await inspect('broken')).Id, answers.at(-1)!.said]).toEqual([id, 'one']);
  expect(await page.getAttribute(`tr[data-id="${id}"]`, 'data-state')).toBe('newer');
  await context.close();
});

it('a newer image that is well: nothing fails but in the moment of the swap, and the new one answers', async () => {
  const blog = `${registry.host}/blog:1`;
  const port = freePort();
  await images.offer(blog, 'one', SERVE, HEALTHY);
  const { id } = await serving(blog, 'well', port);
  await images.offer(blog, 'two', SERVE, HEALTHY);
  const asking = await client(name('client-2'), port);
  await until(async () => (await asking.answers()).some(({ said }) => said === 'one'));
  const engineDid = await follow();
  const began = Date.now();
  const { context } = await updateInBrowser('well', 'Updated');
  const after = (await asking.answers()).length;
  await until(async () => (await asking.answers()).length > after + 30);
  const answers = (await asking.answers()).filter(({ at }) => at > began);
  await asking.stop();
  const now = await inspect('well');
  expect(now.Id).not.toBe(id);
  const stopped = engineDid.of(id).find(({ action }) => action === 'kill')!.at;
  const started = engineDid.of(now.Id).find(({ action }) => action === 'start')!.at;
  await engineDid.stop();
  expect(answers.filter(({ at, said }) => said !== 'one' && at < stopped - 100)).toEqual([]);
  expect(answers.filter(({ at, said }) => said !== 'two' && at > started + LISTENS_MS)).toEqual([]);
  const gap = longestGap(answers, (said) => said !== null);
  console.log(`an image that is well: nobody was there for ${Math.round(started - stopped)} ms, the longest time without an answer was ${gap} ms; of ${answers.length} requests ${answers.filter(({ said }) => said === null).length} were not answered`);
  expect(gap).toBeLessThanOrEqual(started - stopped + LISTENS_MS + 1500);
  await context.close();
});

it('a version is skipped by the menu, and taken back', async () => {
  const other = `${registry.host}/skip:1`;
  await images.offer(other, 'one');
  const { id } = await containers.run([], { Image: other, Cmd: null, ...NO_NETWORK }, name('skip'));
  await images.offer(other, 'two');
  const { page, context, complaints } = await e2e.open(`/containers/updates?q=${name('skip')}`);
  await page.click('button:has-text("Check now")');
  await page.waitForSelector(`tr[data-id="${id}"][data-state=newer]`);
  const choose = async (words: string) => {
    await page.click(`tr[data-id="${id}"] button[popovertarget]`);
    await page.click(`#m-${id.slice(0, 12)} button:has-text("${words}")`);
  };
  await choose('Skip this version');
  await page.waitForSelector(`tr[data-id="${id}"][data-state=skipped]`);
  await choose('Do not skip');
  await page.waitForSelector(`tr[data-id="${id}"][data-state=newer]`);
  await choose('Update automatically');
  await page.waitForSelector(`tr[data-id="${id}"] .tag:has-text("automatic")`);
  // The list and the page of the container say it, too.
  await page.goto(`${e2e.origin()}/containers?q=${name('skip')}`);
  await page.click(`tr[data-id="${id}"] a.tag`);
  await page.waitForURL(/\/containers\/updates/);
  await page.goto(`${e2e.origin()}/containers/${id}`);
  expect(await page.textContent('#facts')).toContain('Newer image');
  expect(complaints).toEqual([]);
  await context.close();
});

it('the list keeps its order, filter and grouping over a reload, and what is sorted by use follows it', async () => {
  // On the made-up engine: what it uses is known before.
  const fake = testApp({ docker: createFakeDocker(systemClock), app: { clock: systemClock } });
  const served = live(fake);
  try {
    const { page, context, complaints } = await openPage(e2e.browser, { reducedMotion: 'reduce' });
    await context.addCookies([{ name: 'mantou_session', value: fake.as('admin', 'lin').token, url: served.origin }]);
    const first = async () => page.textContent('#containers tbody tr[data-id] b >> nth=0');
    await page.goto(`${served.origin}/containers?q=shop`);
    await page.click('.seg a:has-text("All in one")');
    await page.waitForURL(/group=off/);
    await page.click('th a:has-text("CPU")');
    await page.waitForURL(/sort=-cpu/);
    await until(async () => (await first()) === 'shop-worker-1');
    await page.click('th a:has-text("Memory")');
    await page.waitForURL(/sort=-memory/);
    await until(async () => (await first()) === 'shop-db-1');
    await page.reload();
    await until(async () => (await first()) === 'shop-db-1');
    expect([await page.getAttribute('th[aria-sort]', 'aria-sort'), await page.inputValue('input[name=q]'), await page.locator('tr.group').count()]).toEqual(['descending', 'shop', 0]);
    for (const column of ['Restarts', 'Created', 'State', 'Container']) {
      await page.click(`th a:has-text("${column}")`);
      await page.waitForSelector(`th[aria-sort]:has-text("${column}")`);
    }
    expect(complaints).toEqual([]);
    await context.close();
  } finally {
    await served.stop();
    await fake.close();
  }
  expect(fake.errors).toEqual([]);
});

it('in both languages, on phones and large screens, nothing sticks out and everybody can read it', async () => {
  const paths = [`/containers?q=${name('')}&sort=-memory&group=off`, `/containers/updates?q=${name('')}`, `/containers/${name('skip')}/commit`, `/containers/${name('skip')}/recreate`];
  for (const [locale, viewport] of [['en', PHONE], ['zh-CN', PHONE], ['en', DESKTOP]] as const) {
    for (const [i, path] of paths.entries()) {
      const { page, context, complaints } = await e2e.open(path, { locale, viewport });
      await picture(page, `updates-page-${i}-${locale}-${viewport.width}`);
      expect([path, locale, await overflow(page), await findings(page), complaints]).toEqual([path, locale, [], [], []]);
      await context.close();
    }
  }
});

it('an image is made of it in a dialog; without JavaScript everything is a form', async () => {
  const image = `mantou-test/e2e-commit:${process.pid}`;
  await containers.run(['sleep', '600'], NO_NETWORK, name('kept'));
  const { page, context, complaints } = await e2e.open(`/containers/${name('kept')}`);
  await page.click('button[popovertarget=container-menu]');
  await page.click('#container-menu a[href$="/commit"]');
  await page.waitForSelector('#container-dialog[open]');
  await page.fill('#container-dialog input[name=reference]', image);
  await picture(page, 'commit');
  expect(await findings(page)).toEqual([]);
  await page.click('#container-dialog button[type=submit]');
  await page.waitForURL(/\/tasks\//);
  await until(() => docker.ask({ path: `/images/${encodeURIComponent(image)}/json` }).then(() => true, () => false));
  expect(complaints).toEqual([]);
  await context.close();
  await docker.ask({ method: 'DELETE', path: `/images/${encodeURIComponent(image)}` });
  const plain = await e2e.open(`/containers/updates?q=${name('skip')}`, { javaScriptEnabled: false });
  await plain.page.click('button:has-text("Check now")');
  expect(plain.page.url()).toBe(`${e2e.origin()}/containers/updates`);
  await until(async () => (await plain.page.goto(`${e2e.origin()}/containers/updates?q=${name('skip')}`), (await plain.page.locator('#updates .banner').count()) === 0));
  await plain.page.check('input[name=ids]');
  await plain.page.click('.selbar button[type=submit]');
  expect(plain.page.url()).toContain('/tasks/');
  await until(async () => ((await docker.ask({ path: `/containers/${name('skip')}/json` }).catch(() => null)) as { Config: { Env: string[] } } | null)?.Config.Env.includes('VERSION=two'));
  await plain.context.close();
});
