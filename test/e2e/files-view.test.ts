import { afterAll, beforeAll, expect } from 'bun:test';
import { appendFileSync, closeSync, mkdirSync, openSync, renameSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { TCPSocketListener } from 'bun';
import type { Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { openPage, PHONE, picture } from '../support/browser.ts';
import { e2ePanel } from '../support/e2e-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

// What runs inside the page; the project's own types know no browser.
declare const document: any;

const it = needs('linux', 'chromium');
const e2e = e2ePanel(it, { root: 'once' });
const at = (...parts: string[]) => join(e2e.root, ...parts);

/** Listens for what should never come: requests, connections and all. */
let outside: TCPSocketListener;
let connections = 0;

if (it.ok) {
  beforeAll(async () => {
    outside = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { open: () => void (connections += 1), data: () => {} } });
    await captured();
  });
  afterAll(() => outside?.stop(true));
}

const view = (name: string, more = '') => `/files/view?path=${encodeURIComponent(at(name))}${more}`;

/** A picture, a document, a video and a sound, made by the browser itself. */
async function captured() {
  const { context, page } = await openPage(e2e.browser);
  await page.setContent('<h1>Steamed</h1><p>selectable words</p><div style="break-before:page">second page</div>');
  writeFileSync(at('shot.dat'), await page.screenshot());
  writeFileSync(at('paper.pdf'), await page.pdf({ format: 'A5' }));
  const recorded = await page.evaluate(`(async () => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    const sound = new AudioContext().createMediaStreamDestination();
    const record = async (stream, mimeType) => {
      const recorder = new MediaRecorder(stream, { mimeType });
      const pieces = [];
      recorder.ondataavailable = (event) => pieces.push(event.data);
      const ended = new Promise((resolve) => (recorder.onstop = resolve));
      recorder.start();
      for (let i = 0; i < 20; i++) { context.fillStyle = 'hsl(' + i * 18 + ' 80% 50%)'; context.fillRect(0, 0, 300, 150); await new Promise((next) => setTimeout(next, 40)); }
      recorder.stop();
      await ended;
      const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
      return [...bytes];
    };
    return record(canvas.captureStream(25), 'video/webm');
  })()`) as number[];
  writeFileSync(at('clip'), Buffer.from(recorded));
  // RIFF/WAVE: a second of silence, 8 kHz.
  const wave = Buffer.alloc(44 + 8000, 0x80);
  wave.write('RIFF', 0);
  wave.writeUInt32LE(36 + 8000, 4);
  wave.write('WAVEfmt ', 8);
  wave.set([16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0], 16);
  wave.write('data', 36);
  wave.writeUInt32LE(8000, 40);
  writeFileSync(at('sound.bin'), wave);
  await context.close();
}

const attack = () => {
  const far = `http://127.0.0.1:${outside.port}`;
  return `<script>top.hacked=1;fetch('${far}/fetch')</script><img src="${far}/img" onerror="top.hacked=1"><link rel="preconnect" href="${far}">
<link rel="stylesheet" href="${far}/css"><link rel="prefetch" href="${far}/prefetch"><noscript><link rel="preconnect" href="${far}"></noscript><meta http-equiv="refresh" content="0;url=${far}/refresh">
<iframe src="${far}/frame"></iframe><iframe srcdoc="<script>top.hacked=1</script>"></iframe><object data="${far}/object"></object><embed src="${far}/embed"><base href="${far}/">
<form action="${far}/form" id="f"><input name="a" value="b"><button id="go">go</button></form><a id="js" href="javascript:top.hacked=1">js</a><svg onload="top.hacked=1"><script>top.hacked=1</script></svg>
<video src="${far}/video" autoplay></video><style>@import url(${far}/import);body{background:url(${far}/bg)}</style><p id="words">harmless words</p><body onload="top.hacked=1">`;
};

it('S15 hostile HTML, SVG and Markdown run no script, send no form, and make no connection', async () => {
  const far = `http://127.0.0.1:${outside.port}`;
  writeFileSync(at('bad.html'), `<!doctype html><html><head><title>x</title></head>${attack()}</html>`);
  writeFileSync(at('bad.md'), `# Title\n\n${attack()}\n\n![pic](${far}/md)\n\n[js](javascript:top.hacked=1) [web](https://example.org/x)\n\n<img src=x onerror=top.hacked=1>\n`);
  writeFileSync(at('bad.svg'), `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="90" onload="top.hacked=1"><script>top.hacked=1;fetch('${far}/svg')</script>
<image href="${far}/svgimage" width="9" height="9"/><foreignObject width="9" height="9"><iframe xmlns="http://www.w3.org/1999/xhtml" src="${far}/foreign"></iframe></foreignObject><style>@import url(${far}/svgimport);</style><rect width="90" height="90" fill="teal"/></svg>`);
  connections = 0;
  const { context, page } = await e2e.open(view('bad.html'));
  // What the policy refuses is announced as a request too; what counts is whether anybody was reached.
  const answered: string[] = [];
  page.on('response', (response) => void (response.url().startsWith(e2e.origin()) || answered.push(response.url())));
  const hacked = () => page.evaluate('window.hacked');

  const html = page.frameLocator('iframe.view-frame');
  await until(async () => (await html.locator('#words').textContent()) === 'harmless words');
  await html.locator('#go').click({ noWaitAfter: true });
  await html.locator('#js').click({ noWaitAfter: true });
  await until(async () => (await html.locator('#words').textContent()) === 'harmless words');
  expect(await hacked()).toBeUndefined();

  await page.goto(e2e.origin() + view('bad.md'));
  const markdown = page.frameLocator('#markdown');
  await until(async () => (await markdown.locator('h1').textContent()) === 'Title');
  expect(await markdown.locator('img, script, iframe, form, link, svg').count()).toBe(0);
  expect(await markdown.locator('a').evaluateAll((links) => links.map((link: any) => link.href))).toEqual(['https://example.org/x']);
  expect(await hacked()).toBeUndefined();

  await page.goto(e2e.origin() + view('bad.svg'));
  await until(() => page.evaluate(() => document.querySelector('.view-media img').naturalWidth > 0));
  expect(await hacked()).toBeUndefined();
  // Opened by itself, as a document: the text that it is.
  for (const name of ['bad.svg', 'bad.html']) {
    await page.goto(`${e2e.origin()}/files/raw?path=${encodeURIComponent(at(name))}`);
    expect(await hacked()).toBeUndefined();
  }
  await page.goto(`${e2e.origin()}/files/raw?as=page&path=${encodeURIComponent(at('bad.html'))}`);
  await until(async () => (await page.locator('#words').textContent()) === 'harmless words');
  expect(await hacked()).toBeUndefined();
  expect(answered).toEqual([]);
  expect(connections).toBe(0);
  // The listener does listen.
  const proof = new AbortController();
  const asked = fetch(`${far}/proof`, { signal: proof.signal }).catch(() => {});
  await until(() => connections > 0);
  proof.abort();
  await asked;
  expect(connections).toBe(1);
  await context.close();
});

it('pictures, sound and video play by what they are, whatever their name; video seeks by ranges', async () => {
  const { context, page, complaints } = await e2e.open(view('shot.dat'));
  await until(() => page.evaluate(() => document.querySelector('.view-media img').naturalWidth === 1440));
  await page.goto(e2e.origin() + view('clip'));
  await until(() => page.evaluate(() => document.querySelector('video').readyState >= 1));
  expect(await page.evaluate(() => document.querySelector('video').videoWidth)).toBe(300);
  await page.goto(e2e.origin() + view('sound.bin'));
  await until(() => page.evaluate(() => document.querySelector('audio').duration > 0.9));
  await page.evaluate(() => void (document.querySelector('audio').currentTime = 0.5));
  await until(() => page.evaluate(() => Math.abs(document.querySelector('audio').currentTime - 0.5) < 0.1));
  expect(complaints).toEqual([]);
  writeFileSync(at('broken.png'), Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(50)]));
  await page.goto(e2e.origin() + view('broken.png'));
  await until(async () => (await page.locator('.view-media').textContent())!.includes('cannot show'));
  await context.close();
});

it('a PDF is drawn page by page and its words can be selected; a broken one says so', async () => {
  const { context, page, complaints } = await e2e.open(view('paper.pdf'));
  await page.waitForSelector('.pdf-page[data-page="1"][data-drawn]');
  expect(await page.locator('.pdf-page').count()).toBe(2);
  expect(await page.locator('.pdf-text').first().textContent()).toContain('selectable words');
  expect(await page.evaluate(() => {
    const canvas = document.querySelector('canvas');
    return [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].some((value: number) => value < 100);
  })).toBe(true);
  expect(complaints).toEqual([]);
  writeFileSync(at('broken.pdf'), '%PDF-1.7\nnothing of the kind\n');
  await page.goto(e2e.origin() + view('broken.pdf'));
  await until(async () => (await page.locator('#pdf').textContent())!.includes('cannot be shown'));
  await context.close();
});

const BIG = 'big.log';
const LINES = 400_000;
/** 24 MB of lines that say which they are, then a hole of 3 GB, then an end. */
function makeBig() {
  const fd = openSync(at(BIG), 'w');
  for (let i = 0; i < LINES; i += 10_000) writeSync(fd, Array.from({ length: 10_000 }, (_, k) => `line ${String(i + k).padStart(7, '0')} ${'steam '.repeat(7)}\n`).join(''));
  closeSync(fd);
}

const text = (page: Page) => page.locator('#window').innerText();
const firstSeen = (page: Page) => page.evaluate(() => {
  const box = document.getElementById('window');
  const top = box.getBoundingClientRect().top + 2;
  return [...box.querySelectorAll('.ln')].find((row: any) => row.getBoundingClientRect().bottom > top)?.textContent ?? '';
});

it('a big log opens at once, jumps to its end and anywhere, scrolls on, and is searched both ways', async () => {
  makeBig();
  const { context, page, complaints } = await e2e.open(view(BIG));
  await until(async () => (await firstSeen(page)).startsWith('line 0000000'));
  // Three gigabytes more, which nobody reads.
  truncateSync(at(BIG), 3 * 2 ** 30);
  appendFileSync(at(BIG), '\nthe very end\n');
  await page.reload();
  await page.locator('[data-go=end]').click();
  await until(async () => (await text(page)).includes('the very end'));
  await page.locator('[data-go="0"]').click();
  await until(async () => (await firstSeen(page)).startsWith('line 0000000'));
  // Down by the wheel through many windows, without a gap and without a line twice.
  await page.locator('#window').hover();
  // A turn leads to the end of what has come.
  await until(async () => (await page.mouse.wheel(0, 4000), Number((await firstSeen(page)).slice(5, 12)) > 3000));
  const shown = (await page.locator('#window .ln').allTextContents()).map((line) => Number(line.slice(5, 12)));
  expect(shown).toEqual(shown.map((_, i) => shown[0]! + i));
  expect(shown.length).toBeLessThan(15_000);
  // And back up.
  await until(async () => (await page.mouse.wheel(0, -4000), (await firstSeen(page)).startsWith('line 0000000')));

  await page.locator('#go-to input').fill('0.25%');
  await page.locator('#go-to button').click();
  await until(async () => Number((await firstSeen(page)).slice(5, 12)) > 100_000);
  await page.locator('#find input[type=search]').fill('line 0399999');
  await page.keyboard.press('Enter');
  await until(async () => (await page.locator('#window mark').textContent().catch(() => '')) === 'line 0399999');
  await page.locator('#find input[type=search]').fill('LINE 00000\\d7 ');
  await page.locator('#find input[name=regex]').check();
  await page.locator('[data-find=back]').click();
  await until(async () => (await page.locator('#window mark').textContent().catch(() => '')) === 'line 0000097 ');
  await page.locator('[data-find=back]').click();
  await until(async () => (await page.locator('#window mark').textContent().catch(() => '')) === 'line 0000087 ');
  await page.locator('#find input[type=search]').fill('(((');
  await page.keyboard.press('Enter');
  await until(async () => (await page.locator('#window-said').textContent())!.includes('RE2'));
  expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
  await context.close();
  rmSync(at(BIG));
});

it('bytes are shown in rows of sixteen, anywhere in the file, and found', async () => {
  const bytes = Buffer.alloc(1_000_000, 0);
  bytes.write('needle', 777_777);
  writeFileSync(at('image.bin'), bytes);
  const { context, page, complaints } = await e2e.open(view('image.bin'));
  await until(async () => (await firstSeen(page)).startsWith('00000000'));
  await page.locator('#find input[type=search]').fill('6e 65 65 64 6c 65');
  await page.keyboard.press('Enter');
  await until(async () => (await page.locator('#window .hex-text mark').allTextContents()).join('') === 'needle');
  await page.locator('#go-to input').fill('0xf0000');
  await page.locator('#go-to button').click();
  await until(async () => (await firstSeen(page)).startsWith('000f0000'));
  await page.locator('[data-go=end]').click();
  await until(async () => (await text(page)).includes('000f4230'));
  expect(complaints).toEqual([]);
  await context.close();
});

it('tail follows what is appended, a rotation and a truncation, filters while one types, and lets go of the file', async () => {
  const log = at('app.log');
  writeFileSync(log, 'first\n\x1b[31mred\x1b[0m line\n');
  const { context, page, complaints } = await e2e.open(`/files/tail?path=${encodeURIComponent(log)}`);
  const shown = () => page.locator('#tail .ln').allTextContents();
  await until(async () => (await shown()).length === 2);
  expect(await page.locator('#tail .ansi-1').textContent()).toBe('red');
  expect(e2e.held(log)).not.toEqual([]);
  appendFileSync(log, 'half');
  appendFileSync(log, ' and half 馒头\n');
  await until(async () => (await shown()).at(-1) === 'half and half 馒头');
  renameSync(log, `${log}.1`);
  appendFileSync(`${log}.1`, 'late words in the old one\n');
  await until(async () => (await shown()).includes('late words in the old one'));
  writeFileSync(log, 'from the new one\n');
  await until(async () => (await shown()).at(-1) === 'from the new one');
  expect(await page.locator('#tail .note').allTextContents()).toEqual(['The file was replaced: its successor is followed.']);
  writeFileSync(log, 'x\n');
  await until(async () => (await shown()).at(-1) === 'x');

  await page.locator('#tail-include').fill('HALF');
  await until(async () => JSON.stringify(await shown()) === JSON.stringify(['half and half 馒头']));
  appendFileSync(log, 'no\nanother half\n');
  await until(async () => (await shown()).at(-1) === 'another half');
  await page.locator('#tail-exclude').fill('another');
  await until(async () => JSON.stringify(await shown()) === JSON.stringify(['half and half 馒头']));
  await page.locator('#tail-exclude').fill('');
  await page.locator('#tail-include').fill('');
  await page.locator('#tail-pause').click();
  appendFileSync(log, 'while paused\n');
  await until(async () => (await page.locator('#tail-status').textContent()) === 'New lines: 1');
  expect(await shown()).not.toContain('while paused');
  await page.locator('#tail-pause').click();
  await until(async () => (await shown()).includes('while paused'));
  // A flood stays bounded on the page.
  appendFileSync(log, Array.from({ length: 9000 }, (_, i) => `flood ${i}\n`).join(''));
  await until(async () => (await shown()).at(-1) === 'flood 8999');
  expect((await shown()).length).toBeLessThanOrEqual(2000);
  expect(complaints).toEqual([]);
  await context.close();
  await until(() => [log, `${log}.1`].every((path) => e2e.held(path).length === 0));
});

it('a search shows what it finds while it goes, links to the line, and ends when it is stopped or left', async () => {
  mkdirSync(at('tree/.git'), { recursive: true });
  for (let i = 0; i < 30; i++) writeFileSync(at(`tree/f${i}.txt`), `nothing\n  the <b>Needle</b> ${i}\n`);
  writeFileSync(at('tree/.git/f'), 'needle\n');
  writeFileSync(at('tree/bin'), Buffer.from('needle\0'));
  const { context, page, complaints } = await e2e.open(`/files/search?path=${encodeURIComponent(at('tree'))}`);
  await page.locator('[name=text]').fill('needle');
  await page.keyboard.press('Enter');
  await until(async () => (await page.locator('#search-status').textContent())!.startsWith('Found: 30 '));
  expect(await page.locator('#found mark').first().textContent()).toBe('Needle');
  expect(await page.locator('#found li li a').first().getAttribute('href')).toContain('&line=2');
  // The address is the search.
  await page.reload();
  await until(async () => (await page.locator('#search-status').textContent())!.startsWith('Found: 30 '));
  await page.locator('[name=text]').fill('(a+');
  await page.locator('[name=regex]').check();
  await page.keyboard.press('Enter');
  await until(async () => (await page.locator('#search-status').textContent())!.includes('RE2'));
  // Something that takes long: the whole machine.
  await until(async () => (await e2e.streams()) === 0);
  await page.locator('[name=text]').fill('z{3}q{4}[0-9]');
  await page.locator('[name=path]').fill('/usr');
  await page.keyboard.press('Enter');
  await until(async () => (await e2e.streams()) === 1);
  await page.locator('#search-stop').click();
  await until(async () => (await e2e.streams()) === 0 && e2e.held('/usr').length === 0);
  await page.keyboard.press('Enter');
  await page.locator('#search button[type=submit]').click();
  await until(async () => (await e2e.streams()) === 1);
  await page.goto('about:blank');
  await until(async () => (await e2e.streams()) === 0 && e2e.held('/usr').length === 0);
  expect(complaints).toEqual([]);
  await context.close();
});

const LOOKS = ['light', 'dark'] as const;
it('every page of the viewer is accessible in both themes and fits a phone', async () => {
  writeFileSync(at('notes.md'), '# Notes\n\n- steam\n- buns\n\n```sh\nls -la\n```\n\n| a | b |\n| - | - |\n| 1 | 2 |\n');
  writeFileSync(at('rows.csv'), `name,city,note\n${Array.from({ length: 300 }, (_, i) => `lin ${i},"Tianjin, ${i}",steamed`).join('\n')}\n`);
  writeFileSync(at('page.html'), '<!doctype html><title>x</title><h1>Hello</h1>');
  writeFileSync(at('plain.log'), Array.from({ length: 500 }, (_, i) => `2026-11-23 12:00:${i % 60} worker ${i} steams\n`).join(''));
  const pages = [
    view('notes.md'), view('rows.csv'), view('page.html'), view('plain.log', '&as=text'), view('plain.log', '&as=hex'), view('shot.dat'), view('paper.pdf'), view('sound.bin'),
    '/files/view?path=/dev/null', '/files/view?path=/proc/cpuinfo', `/files/tail?path=${encodeURIComponent(at('plain.log'))}`, `/files/search?path=${encodeURIComponent(e2e.root)}&text=steam`,
  ];
  for (const colorScheme of LOOKS) {
    const { context, page } = await e2e.open('/about', { colorScheme });
    for (const path of pages) {
      await page.goto(e2e.origin() + path, { waitUntil: 'load' });
      await until(async () => (await page.locator('[data-drawn], .ln, .win-part, .found li, .view-media, .view-table, .empty, .view-frame').count()) > 0);
      expect({ path, colorScheme, found: await findings(page) }).toEqual({ path, colorScheme, found: [] });
      await picture(page, `view-${colorScheme}-${pages.indexOf(path)}`);
    }
    await context.close();
  }
  const phone = await e2e.open('/about', { viewport: PHONE, hasTouch: true, isMobile: true });
  for (const path of pages) {
    await phone.page.goto(e2e.origin() + path, { waitUntil: 'load' });
    expect({ path, wide: await overflow(phone.page) }).toEqual({ path, wide: [] });
    await picture(phone.page, `view-phone-${pages.indexOf(path)}`);
  }
  await phone.context.close();
});
