import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { PHONE } from '../support/browser.ts';
import { COMPOSE_FORMS } from '../support/compose.ts';
import { busyboxImage } from '../support/docker.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { realPanel, removeProject } from '../support/stacks.ts';
import { until } from '../support/until.ts';

const FORM = COMPOSE_FORMS.find(({ kind }) => kind === 'plugin')!;
const it = needs('chromium', 'docker', 'busybox', FORM.need);
const STACK = `mtse${process.pid}`;
let image = '';
const e2e = livePanel(it, { make: () => realPanel(FORM) });
const { open } = e2e;

if (it.ok) {
  beforeAll(async () => void (image = await busyboxImage()));
  afterAll(() => removeProject(STACK));
}

/** Without a network of its own: a browser lets go of what it loads when the machine gets one. */
const compose = (command: string) => `services:\n  web:\n    image: ${image}\n    command: ${JSON.stringify(['sh', '-c', command])}\n    stop_grace_period: 1s\n    network_mode: none\n`;
const good = () => compose('while true; do sleep 1; done');

/** Types a whole text into the editor of a file, in place of what is there. */
async function write(page: Page, field: string, value: string) {
  await page.locator('#stack-form[data-ready]').waitFor();
  const content = page.locator(`.stack-text:has(${field}) .cm-content`);
  await content.click();
  await page.keyboard.press('Control+A');
  // As it is pasted: what is typed is indented and closed as it comes.
  await content.evaluate((element, pasted) => {
    const { DataTransfer: Data, ClipboardEvent: Pasted } = globalThis as any;
    const clipboardData = new Data();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new Pasted('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, value);
  expect(await page.inputValue(field)).toBe(value);
}

const text = async (page: Page, selector: string) => (await page.locator(selector).textContent()) ?? '';

it('a stack is made and deployed, broken, and comes back by itself; its page says all of it as it happens', async () => {
  const { context, page, complaints } = await open('/stacks');
  await page.click('a[href="/stacks/new"]');
  await page.fill('#f-name', STACK);
  await write(page, '#compose', 'services:\n  web:\n    image: x\n   bad: 1\n');
  await page.click('button[value=create]');
  expect(await text(page, '#fault')).toContain('compose.yml, line 4');
  expect(await page.locator('.excerpt .ln.at').getAttribute('data-n')).toBe('4');
  await write(page, '#compose', good());
  await page.click('button[value=deploy]');
  await page.waitForURL(`**/stacks/${STACK}`);
  await until(async () => (await text(page, '#task-log')).includes('all services are up: web'));
  await until(async () => (await text(page, '#services')).includes('1 of 1 running'));
  expect(await page.locator('#services tbody a[href^="/containers/"]').count()).toBe(1);

  await page.click('a[href$="/edit"]');
  expect(await page.inputValue('#text0')).toBe(good());
  await write(page, '#text0', good().replace('image:', 'imge:'));
  await page.click('button[value=validate]');
  expect(await text(page, '#fault')).toContain('imge');
  await write(page, '#text0', compose('echo out of luck; exit 3'));
  await page.click('button[value=review]');
  expect(await page.locator('.diff .ln[data-op="+"]').textContent()).toContain('out of luck');
  expect(await page.locator('.diff .ln[data-op="-"]').count()).toBe(1);
  await page.fill('#wait', '30');
  await page.click('button[value=deploy]');
  await page.waitForURL(`**/stacks/${STACK}`);
  await until(async () => (await text(page, '#task-log')).includes('the files that ran before run again'));
  expect(await text(page, '#task-log')).toContain('out of luck');
  await until(async () => (await text(page, '#stacks')).includes('did not come up (exit 3)'));
  await until(async () => (await text(page, '#services')).includes('1 of 1 running'));
  // What one person has typed stays while another one scales it.
  await page.fill('.scale [name=count]', '3');
  await page.locator('.scale [name=count]').blur();
  for (const n of ['2', '1']) {
    expect((await e2e.admin.request(`/stacks/${STACK}/scale`, { form: { service: 'web', count: n } })).status).toBe(303);
    await until(async () => e2e.panel.app.tasks.running() === 0 && (await text(page, '#services')).includes(`${n} of ${n} running`));
    expect(await page.inputValue('.scale [name=count]')).toBe('3');
  }

  await page.goto(`${e2e.origin}/stacks/${STACK}/versions`);
  expect(await page.locator('tbody tr').allTextContents()).toEqual([expect.stringContaining('Did not come up'), expect.stringContaining('Ran well')]);
  await page.click('tbody tr:first-child a');
  expect(await page.inputValue('#text0')).toContain('out of luck');
  expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
  await context.close();
});

it('a stack that was started by hand is found, edited with what lies beside it, broken, and comes back; its log goes on', async () => {
  const stack = `${STACK}-hand`;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mantou-hand-')));
  const file = join(folder, 'docker-compose.yml');
  const said = (word: string) => compose(`while true; do echo ${word}; sleep 1; done`);
  writeFileSync(file, `# by hand\n${said('steamed')}`);
  mkdirSync(join(folder, 'conf'));
  writeFileSync(join(folder, 'conf/site.conf'), 'listen 80;\n');
  const { context, page, complaints } = await open('/about', { locale: 'zh-CN' });
  try {
    expect(Bun.spawnSync([...FORM.argv, '-p', stack, 'up', '-d'], { cwd: folder, env: { ...process.env, ...FORM.env }, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' }).exitCode).toBe(0);
    await page.goto(`${e2e.origin}/stacks`);
    await page.click(`a[href="/stacks/${stack}"]`);
    expect(await text(page, '#services')).toContain(folder);
    await page.click('a[href$="/edit"]');
    await page.locator('#stack-form[data-ready]').waitFor();
    // A file beside the others as a tab; the keys of the panel, not of the browser.
    await page.click('[data-stack-file="conf/site.conf"]');
    await write(page, '#text2', 'listen 8080;\n');
    await page.click('.stack-tabs button:has-text("docker-compose.yml")');
    await write(page, '#text0', said('fried').replace('image:', 'imge:'));
    // The schema knows it as it is written; Compose has the last word, at its line.
    await page.locator('.stack-text:has(#text0) .cm-lintRange-warning').waitFor();
    await page.keyboard.press('Control+s');
    await page.locator('#fault').waitFor();
    expect(await text(page, '#fault')).toContain('imge');
    await page.locator('.stack-text:has(#text0) .cm-lint-marker-error').waitFor();
    expect(await page.inputValue('#text2')).toBe('listen 8080;\n');
    await write(page, '#text0', compose('echo out of luck; exit 3'));
    await page.keyboard.press('Control+s');
    await until(async () => (await page.locator('.diff').count()) === 2);
    await page.fill('#wait', '30');
    await page.click('button[value=deploy]');
    await page.waitForURL(`**/stacks/${stack}`);
    await until(async () => (await text(page, '#task-log')).includes('the files that ran before run again'));
    expect([readFileSync(file, 'utf8'), readFileSync(join(folder, 'conf/site.conf'), 'utf8')]).toEqual([`# by hand\n${said('steamed')}`, 'listen 80;\n']);
    await page.goto(`${e2e.origin}/stacks/${stack}/logs`);
    await until(async () => (await text(page, '#container-log')).includes('steamed'));
    const before = await page.locator('#container-log li').count();
    await until(async () => (await page.locator('#container-log li').count()) > before);
    expect(await page.locator('#container-log li b').first().textContent()).toBe('web');
    expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
  } finally {
    await context.close();
    await removeProject(stack);
    rmSync(folder, { recursive: true, force: true });
  }
});

it('files are made, renamed and deleted without losing what is being written; keys are offered; a docker run command becomes a service', async () => {
  const { context, page, complaints } = await open(`/stacks/${STACK}/edit`);
  await write(page, '#text0', `${good()}# not saved\n`);
  await page.click('#stack-tree button[data-open=stack-new-file]');
  await page.fill('#new-path', 'conf/a.conf');
  await page.click('#stack-new-file button[type=submit]');
  await page.locator('.stack-tabs [aria-current]:has-text("conf/a.conf")').waitFor();
  await page.click('#stack-tree button[data-open=stack-upload]');
  await page.setInputFiles('#stack-upload-file', { name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from([0, 1, 2]) });
  await page.click('#stack-upload button[type=submit]');
  await page.locator('#stack-tree li:has-text("logo.png")').waitFor();
  await page.locator('#stack-tree li:has-text("logo.png")').hover();
  await page.click('#stack-tree li:has-text("logo.png") button[data-open=stack-move]');
  expect(await page.inputValue('#move-path')).toBe('logo.png');
  await page.fill('#move-to', 'compose.yml');
  await page.click('#stack-move button[type=submit]');
  await page.locator('.toast[data-tone=danger]').waitFor();
  await page.fill('#move-to', 'pictures/logo.png');
  await page.click('#stack-move button[type=submit]');
  await page.locator('#stack-tree [title^="pictures/logo.png"]').waitFor();
  await page.locator('#stack-tree li:has([title^="pictures/logo.png"])').hover();
  await page.click('#stack-tree li:has([title^="pictures/logo.png"]) button[data-open=stack-drop]');
  await page.click('#stack-drop button[type=submit]');
  await until(async () => (await page.locator('#stack-tree [title^="pictures/logo.png"]').count()) === 0);
  expect(await page.inputValue('#text0')).toBe(`${good()}# not saved\n`);

  await page.click('.stack-tabs button:has-text("compose.yml")');
  await page.locator('.stack-text:has(#text0) .cm-content').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('    work');
  // By the pointer: a list that has just come takes no key for a moment.
  await page.click('.cm-tooltip-autocomplete li:has-text("working_dir")');
  await until(async () => (await page.inputValue('#text0')).endsWith('    working_dir: '));
  await page.click('.stack-run summary');
  await page.fill('#run', 'docker run -d --name side --shm-size 1g nginx:1.29');
  await page.click('button[value=convert]');
  await page.locator('#stack-form .banner[data-tone=warn]').waitFor();
  expect(await text(page, '#stack-form .banner[data-tone=warn]')).toContain('--shm-size');
  expect(await page.inputValue('#text0')).toContain('  side:\n    image: "nginx:1.29"\n    container_name: "side"\n');
  expect(complaints.filter((line) => !/4\d\d/.test(line))).toEqual([]);
  page.on('dialog', (dialog) => void dialog.accept());
  await context.close();
});

it('without JavaScript files are edited, checked, looked at and saved', async () => {
  const { context, page } = await open(`/stacks/${STACK}/edit`, { javaScriptEnabled: false });
  await page.fill('#text0', `${good()}# 馒头 <b>\n`);
  await page.fill('#text1', 'A=1\n');
  await page.click('button[value=validate]');
  expect(await text(page, '.banner[data-tone=ok]')).toContain('Compose takes these files.');
  await page.click('button[value=review]');
  await until(async () => (await page.locator('.diff').count()) === 2);
  await page.click('button[value=save]');
  expect(page.url()).toBe(`${e2e.origin}/stacks/${STACK}`);
  await page.goto(`${e2e.origin}/stacks/${STACK}/edit`);
  expect([await page.inputValue('#text0'), await page.inputValue('#text1')]).toEqual([`${good()}# 馒头 <b>\n`, 'A=1\n']);
  await page.goto(`${e2e.origin}/stacks/${STACK}`);
  for (const [action, then] of [['stop', '0 of 1 running'], ['start', '1 of 1 running']] as const) {
    await Promise.all([page.waitForEvent('load'), page.click(`button[value=${action}]`)]);
    // The next may begin when this one has ended, not when its containers have.
    await until(async () => {
      await page.goto(`${e2e.origin}/stacks/${STACK}`);
      return (await text(page, '#services')).includes(then) && (await text(page, '.last-task')).includes('Done');
    });
  }
  await context.close();
});

for (const [name, options] of Object.entries<BrowserContextOptions>({ light: {}, dark: { colorScheme: 'dark', locale: 'zh-CN' }, phone: { viewport: PHONE, locale: 'zh-CN' }, narrow: { viewport: { width: 360, height: 740 } } })) {
  it(`axe finds nothing serious and nothing sticks out: ${name}`, async () => {
    const { context, page, complaints } = await open('/about', options);
    for (const path of ['/stacks', '/stacks/new', `/stacks/${STACK}`, `/stacks/${STACK}/logs`, `/stacks/${STACK}/edit`, `/stacks/${STACK}/versions`]) {
      await page.goto(e2e.origin + path);
      expect(await findings(page), path).toEqual([]);
      expect(await overflow(page), path).toEqual([]);
    }
    await page.goto(`${e2e.origin}/stacks/${STACK}/edit`);
    await write(page, '#text0', `${good()}${'x'.repeat(400)}\n`);
    await page.click('button[value=validate]');
    for (const next of ['', 'review']) {
      if (next) {
        await write(page, '#text0', `${good()}# ${'x'.repeat(400)}\n`);
        await page.click(`button[value=${next}]`);
      }
      await page.waitForLoadState();
      expect([next, await findings(page)]).toEqual([next, []]);
      expect([next, await overflow(page)]).toEqual([next, []]);
    }
    expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
    await context.close();
  });
}
