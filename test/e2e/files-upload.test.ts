import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'bun:test';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { PHONE } from '../support/browser.ts';
import { e2ePanel, type OpenOptions } from '../support/e2e-panel.ts';
import { folderPath } from '../support/files-page.ts';
import { needs } from '../support/needs.ts';
import { slowLine, type SlowLine } from '../support/slow-line.ts';
import { until } from '../support/until.ts';

// What runs inside the page; the project's own types know no browser.
declare const document: any;
declare const getComputedStyle: any;
declare const innerHeight: number;

const it = needs('linux', 'chromium');
const e2e = e2ePanel(it, { root: 'each' });
let line: SlowLine;
let source = '';

if (it.ok) {
  beforeAll(async () => {
    line = await slowLine(new URL(e2e.panel.url).port);
    e2e.through = line.url;
  });
  afterAll(() => line?.stop());
  beforeEach(() => {
    source = realpathSync(mkdtempSync(join(tmpdir(), 'mantou-e2e-source-')));
    line.rate(Infinity);
  });
  afterEach(() => rmSync(source, { recursive: true, force: true }));
}

const at = (name: string) => join(e2e.root, name);

async function open(options: OpenOptions = {}) {
  const opened = await e2e.open(folderPath(e2e.root), options);
  await until(() => opened.page.locator('#upload-files').count());
  return opened;
}

function make(name: string, size: number): string {
  const path = join(source, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, crypto.getRandomValues(new Uint8Array(Math.min(size, 65_536))));
  if (size > 65_536) {
    const block = readFileSync(path);
    writeFileSync(path, Buffer.concat(Array.from({ length: Math.ceil(size / block.length) }, (_, i) => Buffer.concat([Buffer.of(i & 255, i >> 8), block.subarray(2)]))));
    truncateSync(path, size);
  }
  return path;
}

const sha = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const same = (name: string, path: string) => existsSync(at(name)) && sha(at(name)) === sha(path);
const states = (page: Page) => page.locator('#upload-tray li').evaluateAll((rows) => rows.map((row) => (row as unknown as { dataset: { upload: string } }).dataset.upload));
const state = async (page: Page) => (await states(page))[0];
const partSize = () => readdirSync(e2e.root).filter((name) => name.includes('.mantou-')).map((name) => statSync(at(name)).size)[0] ?? 0;
const act = (page: Page, name: string) => page.locator(`#upload-tray li [data-act=${name}]`).first().click();
/** Where requests with bytes began, and how many uploads were announced. */
function watchRequests(page: Page) {
  const seen = { offsets: [] as number[], begun: 0 };
  page.on('request', (request) => {
    if (request.method() === 'PATCH') seen.offsets.push(Number(request.headers()['upload-offset']));
    if (request.method() === 'POST' && request.url().endsWith('/files/upload')) seen.begun++;
  });
  return seen;
}
/** What Chromium says of a line that is cut on purpose. */
const own = (complaints: string[]) => complaints.filter((text) => !/ERR_|Failed to load resource|failed: /.test(text));

it('several files at once, a big one among them, arrive whole; the list shows them', async () => {
  const { page, context, complaints } = await open();
  const paths = [make('a.bin', 3 << 20), make('空 文件.txt', 10), make('empty', 0), make("it's <b>.txt", 700_000), make('five', 5)];
  await page.setInputFiles('#upload-files', paths);
  await until(async () => (await states(page)).filter((one) => one === 'done').length === 5);
  for (const path of paths) expect(same(path.slice(source.length + 1), path), path).toBe(true);
  expect(readdirSync(e2e.root).filter((name) => name.includes('.mantou-'))).toEqual([]);
  await until(() => page.locator('#contents a', { hasText: 'a.bin' }).count());
  expect(await page.locator('#upload-tray > summary').textContent()).toContain('5 uploaded');
  await page.locator('#upload-tray [data-all=close]').click();
  await until(async () => (await page.locator('#upload-tray').count()) === 0);
  expect(complaints).toEqual([]);
  await context.close();
});

it('a folder with its structure, by the button and by drag and drop, with empty folders', async () => {
  const { page, context, complaints } = await open();
  const deep = make('album/2025/春/a.jpg', 2000);
  const flat = make('album/b.jpg', 900_000);
  await page.setInputFiles('#upload-folder', join(source, 'album'));
  await until(() => same('album/2025/春/a.jpg', deep) && same('album/b.jpg', flat));
  // A drop as the browser hands it on: entries of a folder tree.
  await page.evaluate(() => {
    type Entry = { name: string; isDirectory: boolean; createReader?: () => object; file?: (use: (file: object) => void) => void };
    const page = globalThis as unknown as { File: new (parts: string[], name: string, o: object) => object; document: EventTarget; Event: typeof Event };
    const file = (name: string, text: string): Entry => ({ name, isDirectory: false, file: (use) => use(new page.File([text], name, { lastModified: 1700000000000 })) });
    const folder = (name: string, children: Entry[]): Entry => ({
      name, isDirectory: true,
      createReader() {
        const left = [children, []];
        return { readEntries: (use: (found: Entry[]) => void) => use(left.shift() ?? []) };
      },
    });
    const entry = folder('dropped', [file('one.txt', 'one'), folder('empty', []), folder('in', [file('two.txt', 'two')])]);
    const event = Object.assign(new page.Event('drop', { bubbles: true, cancelable: true }), {
      dataTransfer: { types: ['Files'], items: [{ kind: 'file', webkitGetAsEntry: () => entry, getAsFile: () => null }] },
    });
    page.document.dispatchEvent(event);
  });
  await until(() => existsSync(at('dropped/in/two.txt')) && existsSync(at('dropped/one.txt')) && existsSync(at('dropped/empty')));
  expect([readFileSync(at('dropped/in/two.txt'), 'utf8'), statSync(at('dropped/one.txt')).mtimeMs]).toEqual(['two', 1700000000000]);
  expect(complaints).toEqual([]);
  await context.close();
});

it('a taken name is asked about before a byte is sent: skip, keep both, replace, for all', async () => {
  const { page, context, complaints } = await open();
  for (const name of ['a', 'b', 'c', 'd']) writeFileSync(at(name), 'old');
  const choose = async (value: string, all = false) => {
    await until(() => page.locator('#upload-conflict').isVisible());
    if (all) await page.check('#upload-for-all');
    await page.click(`#upload-conflict button[value=${value}]`);
  };
  await page.setInputFiles('#upload-files', ['a', 'b', 'c', 'd', 'e'].map((name) => make(name, 100)));
  await choose('skip');
  await choose('keep-both');
  await choose('replace', true);
  await until(async () => (await states(page)).every((one) => one === 'done' || one === 'skipped') && same('d', join(source, 'd')));
  expect(readFileSync(at('a'), 'utf8')).toBe('old');
  expect([readFileSync(at('b'), 'utf8'), same('b (2)', join(source, 'b'))]).toEqual(['old', true]);
  for (const name of ['c', 'd', 'e']) expect(same(name, join(source, name)), name).toBe(true);
  // No refused request is among them: the question came first.
  expect(complaints).toEqual([]);
  await context.close();
});

it('pause keeps what has come, resume goes on from there; cancel removes it', async () => {
  const { page, context } = await open();
  const seen = watchRequests(page);
  const path = make('big.bin', 24 << 20);
  // So slow that it is not all there before somebody has pressed.
  line.rate(1 << 20);
  await page.setInputFiles('#upload-files', path);
  await until(() => partSize() > 1 << 19);
  await act(page, 'pause');
  await until(async () => (await state(page)) === 'paused');
  const paused = partSize();
  line.rate(Infinity);
  await act(page, 'resume');
  await until(() => same('big.bin', path));
  expect([seen.begun, seen.offsets[0], seen.offsets.at(-1)! >= paused]).toEqual([1, 0, true]);
  line.rate(1 << 20);
  await page.setInputFiles('#upload-files', make('other.bin', 96 << 20));
  await until(() => partSize() > 1 << 18);
  // By its name: the row of the one that has just come says that it runs until the tray is drawn again.
  await page.locator('#upload-tray li[data-upload=running]', { hasText: 'other.bin' }).locator('[data-act=cancel]').click();
  await until(() => !readdirSync(e2e.root).some((name) => name.includes('.mantou-')));
  expect(existsSync(at('other.bin'))).toBe(false);
  await context.close();
});

it('a reload: the tray knows it, the same file goes on from where it was, another is refused', async () => {
  const { page, context } = await open();
  const seen = watchRequests(page);
  const path = make('again.bin', 24 << 20);
  line.rate(1 << 20);
  await page.setInputFiles('#upload-files', path);
  await until(() => partSize() > 1 << 20);
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await until(async () => (await state(page)) === 'found');
  const kept = partSize();
  line.rate(Infinity);
  const other = make('deep/again.bin', 1000);
  const choose = async (file: string) => {
    const asked = page.waitForEvent('filechooser');
    await act(page, 'choose');
    await (await asked).setFiles(file);
  };
  await choose(other);
  await until(async () => (await page.locator('.toast').textContent())?.includes('not the file'));
  expect(await state(page)).toBe('found');
  await choose(path);
  await until(() => same('again.bin', path));
  expect([seen.begun, seen.offsets.at(-1)! >= kept]).toEqual([1, true]);
  await context.close();
});

it('the network goes and comes back: it waits and goes on by itself', async () => {
  const { page, context, complaints } = await open();
  const seen = watchRequests(page);
  const path = make('net.bin', 24 << 20);
  // So slow that it is seen to go on each time.
  line.rate(1 << 20);
  await page.setInputFiles('#upload-files', path);
  for (let i = 1; i <= 2; i++) {
    await until(() => partSize() > i * (1 << 20));
    line.cut();
    await until(async () => (await state(page)) === 'waiting');
    expect(await page.locator('#upload-tray li small').first().textContent()).toContain('No connection');
    line.mend();
    await until(async () => (await state(page)) === 'running');
  }
  line.rate(Infinity);
  await until(() => same('net.bin', path));
  expect([seen.begun, seen.offsets.at(-1)! > 2 << 20]).toEqual([1, true]);
  expect(own(complaints)).toEqual([]);
  await context.close();
});

it('the panel is killed in the middle and started again: the upload goes on, SHA-256 equal', async () => {
  const { page, context } = await open();
  const seen = watchRequests(page);
  const path = make('kill.bin', 24 << 20);
  line.rate(8 << 20);
  await page.setInputFiles('#upload-files', path);
  await until(() => partSize() > 4 << 20);
  await e2e.kill();
  await until(async () => (await state(page)) === 'waiting');
  await e2e.start();
  line.to(new URL(e2e.panel.url).port);
  line.rate(Infinity);
  await until(() => same('kill.bin', path));
  expect([readdirSync(e2e.root), seen.begun, seen.offsets.at(-1)! >= 4 << 20]).toEqual([['kill.bin'], 1, true]);
  await context.close();
});

it('a proxy that caps bodies and lets only POST through: chunks are halved, methods written in a header', async () => {
  const { page, context } = await open();
  line.limit({ body: 1 << 20, methods: ['GET', 'POST'] });
  const path = make('capped.bin', 5 << 20);
  await page.setInputFiles('#upload-files', path);
  await until(() => same('capped.bin', path));
  expect(await page.evaluate(() => Number((globalThis as unknown as { localStorage: Storage }).localStorage.getItem('upload-chunk')))).toBeLessThanOrEqual(1 << 20);
  line.limit(null);
  await context.close();
});

it('S10 signed out in the middle: no further byte is written, and what came is kept', async () => {
  const session = await e2e.signIn();
  const { page, context } = await open({ as: session });
  line.rate(4 << 20);
  await page.setInputFiles('#upload-files', make('out.bin', 24 << 20));
  await until(() => partSize() > 1 << 20);
  await e2e.post('/signout', {}, session);
  // The page learns it by its own stream, and goes to sign in.
  await until(() => new URL(page.url()).pathname === '/signin');
  const size = partSize();
  expect(size).toBeGreaterThan(1 << 20);
  await Bun.sleep(500);
  expect(partSize()).toBe(size);
  await context.close();
});

for (const [name, options] of Object.entries<BrowserContextOptions>({ light: {}, dark: { colorScheme: 'dark' }, 'phone, Chinese': { viewport: PHONE, locale: 'zh-CN' } })) {
  it(`axe finds nothing serious in tray and question, and nothing sticks out; ${name}`, async () => {
    const { page, context } = await open(options);
    // Slow enough to be running still when the question has been looked at.
    line.rate(1 << 18);
    writeFileSync(at('taken.txt'), 'old');
    await page.setInputFiles('#upload-files', [make(`${'名'.repeat(40)}${'x'.repeat(60)}.bin`, 16 << 20), make('taken.txt', 5)]);
    await until(() => page.locator('#upload-conflict').isVisible());
    expect(await findings(page)).toEqual([]);
    await page.click('#upload-conflict button[value=skip]');
    await page.evaluate("document.getElementById('upload-tray').open = true");
    await until(async () => (await states(page)).includes('running'));
    // Nobody has to find the buttons by pointing at them, and the list ends where it did.
    expect(await page.locator('#upload-tray li[data-upload=running] [data-act=pause]').evaluate((button) => getComputedStyle(button).opacity)).toBe('1');
    const ends = await page.evaluate(() => [document.getElementById('statusbar').getBoundingClientRect().bottom, Math.min(innerHeight, document.getElementById('main').getBoundingClientRect().bottom)]);
    expect(Math.abs(ends[0] - ends[1])).toBeLessThan(2);
    expect(await findings(page)).toEqual([]);
    expect(await overflow(page)).toEqual([]);
    page.on('dialog', (dialog) => void dialog.accept());
    await page.close({ runBeforeUnload: false });
    await context.close();
  });
}
