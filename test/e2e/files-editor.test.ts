import { expect } from 'bun:test';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { PHONE, picture } from '../support/browser.ts';
import { e2ePanel } from '../support/e2e-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

// What runs inside the page; the project's own types know no browser.
declare const document: any;
declare const getComputedStyle: any;

const it = needs('linux', 'chromium');
const e2e = e2ePanel(it, { root: 'each' });

const file = (name: string, text: string | Uint8Array) => {
  const path = join(e2e.root, name);
  writeFileSync(path, text);
  return path;
};
const iconv = (text: string, to: string) => Buffer.from(Bun.spawnSync(['/usr/bin/iconv', '-f', 'UTF-8', '-t', to], { stdin: Buffer.from(text) }).stdout);

const opened = (page: Page, path: string) => until(async () => (await page.getAttribute('#ed', 'data-open')) === path && (await page.locator('.cm-content').count()) > 0);
const edit = async (page: Page, path: string, more = '') => {
  await page.goto(`${e2e.origin()}/files/edit?path=${encodeURIComponent(path)}${more}`);
  await page.waitForSelector('#ed[data-ready]');
  await opened(page, path);
};
const shownText = (page: Page) => page.locator('.cm-content').first().innerText();
const unsaved = (page: Page) => page.locator('.ed-tab[aria-current] .dot').count();
const saved = async (page: Page) => {
  await page.keyboard.press('Control+s');
  await until(async () => (await page.locator('.toast[data-tone=ok]').count()) > 0 && (await unsaved(page)) === 0);
};
/** Writes at the very end of the text. */
const append = async (page: Page, text: string) => {
  await page.locator('.cm-content').first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(text);
};

it('a file is opened, coloured, edited and saved; keys leave the editor again', async () => {
  const path = file('server.mjs', "import { createServer } from 'node:http';\n// 反向代理\nconst port = 3000;\n");
  const { page, context, complaints } = await e2e.newPage();
  await edit(page, path);
  const colour = (text: string) => page.evaluate((word: string) => {
    const spans = [...document.querySelector('.ed-host').shadowRoot.querySelectorAll('.cm-line span')];
    return getComputedStyle(spans.find((span: any) => span.textContent.includes(word)) ?? document.body).color as string;
  }, text);
  await until(async () => (await colour('import')) !== (await colour('nothing like it')));
  expect(new Set([await colour('import'), await colour('node:http'), await colour('3000'), await colour('反向')]).size).toBe(4);
  expect(await page.locator('#ed-language').textContent()).toBe('JavaScript');
  // Letters that are commands elsewhere are letters here.
  await append(page, 'jjg?/ end');
  expect(await unsaved(page)).toBe(1);
  expect(await page.locator('dialog[open]').count()).toBe(0);
  await saved(page);
  expect(readFileSync(path, 'utf8')).toBe("import { createServer } from 'node:http';\n// 反向代理\nconst port = 3000;\njjg?/ end");
  await page.keyboard.press('Tab');
  expect(await shownText(page)).toContain('\n  jjg?/ end');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement.id)).not.toBe('');
  expect(await page.evaluate(() => document.activeElement.className)).not.toBe('ed-host');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'light');
  expect(complaints).toEqual([]);
  await context.close();
});

it('saved again while it is being saved: what was typed since then is saved after it', async () => {
  const path = file('notes.txt', 'one');
  const { page, context, complaints } = await e2e.newPage();
  await edit(page, path);
  const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await page.route('**/files/text', async (route) => {
    if (route.request().method() !== 'PUT') return route.continue();
    asked.resolve();
    await go.promise;
    await route.continue();
  });
  await append(page, ' two');
  await page.keyboard.press('Control+s');
  await asked.promise;
  await append(page, ' three');
  await page.keyboard.press('Control+s');
  go.resolve();
  await until(() => readFileSync(path, 'utf8') === 'one two three');
  await until(async () => (await unsaved(page)) === 0);
  expect(complaints).toEqual([]);
  await context.close();
});

it('search and replace, go to line, a line of the address, indentation that is found out', async () => {
  const path = file('app.py', Array.from({ length: 200 }, (_, i) => (i % 2 ? `    value = ${i}` : `def f${i}():`)).join('\n'));
  const { page, context, complaints } = await e2e.newPage();
  await edit(page, path, '&line=150');
  await until(async () => (await page.locator('#ed-position').textContent()) === 'Ln 150, Col 1');
  expect(await page.locator('#ed-indent').textContent()).toBe('Spaces: 4');
  await page.keyboard.press('Control+f');
  await page.keyboard.type('value');
  await page.locator('[name=replace].cm-textfield').fill('result');
  await picture(page, 'search');
  await page.locator('button[name=replaceAll]').click();
  await page.keyboard.press('Escape');
  await until(async () => (await unsaved(page)) === 1);
  await saved(page);
  const text = readFileSync(path, 'utf8');
  expect([text.includes('value'), text.match(/result/g)?.length]).toEqual([false, 100]);
  await page.click('#ed-position');
  await page.keyboard.type('7');
  await page.keyboard.press('Enter');
  await until(async () => (await page.locator('#ed-position').textContent()) === 'Ln 7, Col 1');
  await page.goto(`${e2e.origin()}/files/edit?path=${path}#L42`);
  await until(async () => (await page.locator('#ed-position').textContent()) === 'Ln 42, Col 1');
  expect(await findings(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

it('what changed on the disk meanwhile is merged; where both changed the same, the person chooses', async () => {
  const lines = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
  const path = file('list.txt', lines.join('\n'));
  const { page, context, complaints } = await e2e.newPage();
  await edit(page, path);
  await append(page, ' mine');
  // Apart from each other: nothing to ask, but the result is shown before it is saved.
  writeFileSync(path, ['one disk', ...lines.slice(1)].join('\n'));
  await page.keyboard.press('Control+s');
  await page.waitForSelector('[data-panel=merge]');
  expect(await page.locator('.toast[data-tone=ok]').count()).toBe(0);
  expect(await page.locator('.ed-conflict').count()).toBe(0);
  await page.click('.ed-merge .btn.primary');
  await until(() => readFileSync(path, 'utf8') === ['one disk', ...lines.slice(1, 7), 'eight mine'].join('\n'));
  await until(async () => (await unsaved(page)) === 0 && (await page.locator('[data-panel=merge]').count()) === 0);
  // The same line on both sides.
  await append(page, ' again');
  writeFileSync(path, ['one disk', ...lines.slice(1, 7), 'eight theirs'].join('\n'));
  await page.keyboard.press('Control+s');
  await page.waitForSelector('.ed-conflict');
  expect(await page.locator('.ed-conflict-side[data-side=base]').innerText()).toContain('eight mine');
  expect(await page.locator('.ed-merge .btn.primary').isDisabled()).toBe(true);
  expect(readFileSync(path, 'utf8')).toEndWith('eight theirs');
  await picture(page, 'merge');
  expect(await findings(page)).toEqual([]);
  await page.locator('.ed-conflict button').nth(2).click();
  await until(async () => !(await page.locator('.ed-merge .btn.primary').isDisabled()));
  await page.click('.ed-merge .btn.primary');
  await until(() => readFileSync(path, 'utf8') === ['one disk', ...lines.slice(1, 7), 'eight mine again', 'eight theirs'].join('\n'));
  expect(complaints.filter((line) => !line.includes('409'))).toEqual([]);
  await context.close();
});

it('GBK stays GBK: its bytes are those of iconv; a character it cannot hold is refused and shown', async () => {
  const text = '# 服务器配置说明，端口不要随意修改\r\nport=80\r\n';
  const path = file('说明.conf', iconv(text, 'GBK'));
  const { page, context, complaints } = await e2e.newPage();
  await edit(page, path);
  expect(await page.locator('#ed-encoding').textContent()).toBe('GBK');
  expect(await page.locator('#ed-line-end').textContent()).toBe('CRLF');
  await append(page, '名称=馒头');
  await saved(page);
  expect(readFileSync(path)).toEqual(iconv(`${text}名称=馒头`, 'GBK'));
  await append(page, '🥟');
  await page.keyboard.press('Control+s');
  await page.waitForSelector('[data-about=save]');
  expect(await page.locator('[data-about=save]').innerText()).toContain('line 3, column 6');
  expect(await unsaved(page)).toBe(1);
  expect(readFileSync(path)).toEqual(iconv(`${text}名称=馒头`, 'GBK'));
  // In another encoding and with other line ends, on purpose.
  await page.click('#ed-encoding');
  await picture(page, 'encodings');
  await page.click('[data-save-as="utf-8"]');
  await page.click('#ed-line-end');
  await page.click('[data-line-end=lf]');
  await saved(page);
  expect(readFileSync(path, 'utf8')).toBe(`${text.replaceAll('\r\n', '\n')}名称=馒头🥟`);
  expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
  await context.close();
});

it('bytes that are no text are shown read-only, with ways out; another encoding can be chosen', async () => {
  const path = file('odd.txt', Buffer.concat([Buffer.from('ünïcode ünïcode\n'), Buffer.of(0xff, 0x0a)]));
  const { page, context, complaints } = await e2e.newPage();
  await edit(page, path);
  await page.waitForSelector('[data-about=fault]');
  expect(await page.locator('[data-about=fault] a').getAttribute('href')).toBe(`/files/view?path=${encodeURIComponent(path)}&as=hex`);
  await append(page, 'x');
  expect([await unsaved(page), await page.locator('#ed-save').isDisabled()]).toEqual([0, true]);
  await page.click('#ed-encoding');
  await page.click('[data-reopen=latin1]');
  await until(async () => (await page.locator('[data-about=fault]').count()) === 0);
  await append(page, 'x');
  await saved(page);
  expect(readFileSync(path)).toEqual(Buffer.concat([Buffer.from('ünïcode ünïcode\n'), Buffer.of(0xff, 0x0a), Buffer.from('x')]));
  expect(complaints).toEqual([]);
  await context.close();
});

it('unsaved text survives a reload, is offered, and is gone when it is saved or discarded', async () => {
  const path = file('draft.txt', 'first\n');
  const { page, context, complaints } = await e2e.newPage();
  await edit(page, path);
  await append(page, 'not saved');
  const kept = (text: string) => until(() => page.evaluate(`new Promise((done) => { const open = indexedDB.open('mantou-drafts'); open.onsuccess = () => { const all = open.result.transaction('drafts').objectStore('drafts').getAll(); all.onsuccess = () => { open.result.close(); done(all.result.some((one) => one.text === ${JSON.stringify(text)})); }; }; })`));
  await kept('first\nnot saved');
  await page.reload();
  await page.waitForSelector('[data-about=draft]');
  await opened(page, path);
  expect(await shownText(page)).toBe('first\n\n');
  await picture(page, 'draft');
  // What is typed before it is decided about takes no draft away: both are offered, one after the other.
  await append(page, 'second');
  await kept('first\nsecond');
  await kept('first\nnot saved');
  await page.reload();
  await page.waitForSelector('[data-about=draft]');
  await opened(page, path);
  // Meanwhile the disk has changed at another place: saving merges.
  await page.locator('[data-about=draft] .btn.primary').click();
  await until(async () => (await shownText(page)).includes('not saved') && (await unsaved(page)) === 1);
  writeFileSync(path, 'zero\nfirst\n');
  await page.keyboard.press('Control+s');
  await page.waitForSelector('[data-panel=merge]');
  await page.locator('.ed-merge .btn', { hasText: 'Save yours over it' }).click();
  await until(() => readFileSync(path, 'utf8') === 'first\nnot saved');
  await until(async () => (await unsaved(page)) === 0);
  await page.reload();
  await page.waitForSelector('#ed[data-ready]');
  await opened(page, path);
  expect(await page.locator('[data-about=draft]').count()).toBe(0);
  expect(complaints.filter((line) => !line.includes('409'))).toEqual([]);
  await context.close();
});

it('never said to be saved when it was not: no panel, a proxy, a session that is over', async () => {
  const path = file('a.txt', 'kept\n');
  const session = await e2e.signIn();
  const { page, context } = await e2e.newPage({ as: session });
  let reply: (route: any) => Promise<void> = (route) => route.continue();
  // Before the page is there: a route that is made later lets the first request through now and then.
  await page.route('**/files/text*', (route) => reply(route));
  await edit(page, path);
  await append(page, 'x');
  const refused = async (word: RegExp) => {
    await page.keyboard.press('Control+s');
    await page.waitForSelector('[data-about=save]');
    expect(await page.locator('[data-about=save]').innerText()).toMatch(word);
    expect([await unsaved(page), await page.locator('.toast[data-tone=ok]').count(), readFileSync(path, 'utf8')]).toEqual([1, 0, 'kept\n']);
    // What is said next is said about the next try.
    await page.click('[data-about=save] button');
    await until(async () => (await page.locator('[data-about=save]').count()) === 0);
  };
  reply = (route) => route.abort('connectionrefused');
  await refused(/does not answer/);
  reply = (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' });
  await refused(/502/);
  reply = (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Welcome to the hotel</h1>' });
  await refused(/Not saved/);
  reply = (route) => route.continue();
  // In another tab.
  await e2e.post('/signout', {}, session);
  await refused(/signed out/);
  await context.close();
});

it('tabs: several files, each with its own text, undo and dot; closing asks when something is lost', async () => {
  const a = file('a.txt', 'aaa\n');
  const b = file('b.conf', 'b = 1\n');
  const { page, context, complaints } = await e2e.newPage();
  await edit(page, a);
  await append(page, 'new a');
  await page.click('[data-open=ed-open]');
  await page.fill('#ed-open [name=path]', b);
  await page.keyboard.press('Enter');
  await until(async () => (await shownText(page)).includes('b = 1'));
  expect(await page.locator('.ed-tab').count()).toBe(2);
  await page.locator('.ed-tab-name', { hasText: 'a.txt' }).click();
  await opened(page, a);
  await until(async () => (await shownText(page)).includes('new a'));
  await page.locator('.ed-tab-name', { hasText: 'b.conf' }).click();
  await until(async () => (await shownText(page)).includes('b = 1'));
  await append(page, 'c = 2');
  expect(await page.locator('.ed-tab .dot').count()).toBe(2);
  await picture(page, 'tabs');
  await page.locator('.ed-tab', { hasText: 'a.txt' }).locator('.ed-tab-close').click();
  await page.click('#ed-close button[value=keep]');
  expect(await page.locator('.ed-tab').count()).toBe(2);
  await page.locator('.ed-tab', { hasText: 'a.txt' }).locator('.ed-tab-close').click();
  await page.click('#ed-close button[value=discard]');
  await until(async () => (await page.locator('.ed-tab').count()) === 1);
  expect(await shownText(page)).toContain('c = 2');
  await page.keyboard.press('Control+z');
  expect(readFileSync(a, 'utf8') + readFileSync(b, 'utf8')).toBe('aaa\nb = 1\n');
  expect(complaints).toEqual([]);
  await context.close();
});

it('folders beside the text open its neighbours; wrapping, vim keys and size are remembered', async () => {
  const path = file('a.txt', 'aaa\n');
  file('b.txt', 'bbb\n');
  const { page, context, complaints } = await e2e.newPage();
  await edit(page, path);
  await page.click('#ed-tree-toggle');
  await page.locator('#ed-tree button', { hasText: 'b.txt' }).click();
  await until(async () => (await shownText(page)).includes('bbb'));
  await picture(page, 'tree');
  await page.click('[popovertarget=ed-more]');
  await picture(page, 'more');
  await page.click('[data-ed=vim]');
  await until(async () => (await page.locator('.cm-vim-panel, .cm-vimMode').count()) > 0);
  await page.locator('.cm-content').first().click();
  await page.keyboard.type('ggOvim was here');
  await page.keyboard.press('Escape');
  await page.keyboard.type(':w');
  await page.keyboard.press('Enter');
  await until(() => readFileSync(join(e2e.root, 'b.txt'), 'utf8') === 'vim was here\nbbb\n');
  // The page has to hear of it, else it is asked whether it may be left.
  await until(async () => (await unsaved(page)) === 0);
  await page.reload();
  await page.waitForSelector('#ed[data-ready]');
  await until(async () => (await page.locator('.cm-vim-panel, .cm-vimMode').count()) > 0);
  expect(await page.locator('#ed-tree li').count()).toBe(2);
  expect(complaints).toEqual([]);
  await context.close();
});

it('each save is a version: seen, compared, put back, deleted', async () => {
  const path = file('site.conf', 'listen 80;\n');
  const { page, context, complaints } = await e2e.newPage();
  await edit(page, path);
  await append(page, 'root /srv;');
  await saved(page);
  await page.click('#ed-versions');
  await until(async () => (await page.locator('tbody tr').count()) === 2);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'versions');
  await page.locator('tbody tr').nth(1).locator('a').click();
  await page.waitForSelector('#compare[data-ready]');
  expect(await page.locator('#compare-facts').textContent()).toBe('1 change');
  expect(await page.locator('.cm-merge-b').count()).toBe(1);
  await picture(page, 'compare');
  expect(await findings(page)).toEqual([]);
  await page.goBack();
  await page.locator('tbody tr').nth(1).locator('button').click();
  await until(() => readFileSync(path, 'utf8') === 'listen 80;\n');
  await until(async () => (await page.locator('tbody tr').count()) === 3);
  const kept = () => readdirSync(join(e2e.panel.dataDir, 'versions')).length;
  const before = kept();
  await page.click('[data-open=clear-versions]');
  await page.click('#clear-versions button[type=submit]');
  await page.waitForSelector('.empty');
  // Their bytes go with them; those of other files stay.
  expect(before - kept()).toBe(3);
  expect(complaints).toEqual([]);
  await context.close();
});

it('two files are compared, also on a phone; the disk is compared with the text', async () => {
  const a = file('a.txt', 'same\nold\n');
  const b = file('b.txt', 'same\nnew\nmore\n');
  for (const viewport of [undefined, PHONE]) {
    const { page, context, complaints } = await e2e.newPage(viewport ? { viewport } : {});
    await page.goto(`${e2e.origin()}/files/compare?a=${a}&b=${b}`);
    await page.waitForSelector('#compare[data-ready]');
    expect(await page.locator('.cm-merge-a').count()).toBe(viewport ? 0 : 1);
    await picture(page, viewport ? 'compare-phone' : 'compare-two');
    expect([await findings(page), await overflow(page), complaints]).toEqual([[], [], []]);
    await context.close();
  }
  const { page, context, complaints } = await e2e.newPage();
  await edit(page, a);
  await append(page, 'mine');
  await page.click('[popovertarget=ed-more]');
  await page.click('[data-ed=diff]');
  await page.waitForSelector('[data-panel=diff] .cm-merge-b');
  await until(async () => (await page.locator('[data-panel=diff] [role=status]').textContent()) === '1 change');
  await picture(page, 'diff');
  await page.locator('[data-panel=diff] .btn').last().click();
  await until(async () => (await shownText(page)).includes('mine'));
  expect(complaints).toEqual([]);
  await context.close();
});

it('dark, on a phone, in Chinese, and for whoever may only read', async () => {
  await e2e.api('/settings', { filesRootsViewer: [e2e.root] });
  const path = file('a.json', '{ "name": "馒头", "list": [1, 2, 3] }\n');
  const { page, context, complaints } = await e2e.newPage({ as: await e2e.person('viewer'), viewport: PHONE, colorScheme: 'dark', locale: 'zh-CN' });
  await edit(page, path);
  await until(async () => (await page.locator('#ed-language').textContent()) === 'JSON');
  const background = () => page.evaluate(() => getComputedStyle(document.querySelector('.ed-host').shadowRoot.querySelector('.cm-editor')).backgroundColor as string);
  const dark = await background();
  expect(await page.locator('#ed-save').count()).toBe(0);
  expect(await page.locator('[data-about=rights]').count()).toBe(1);
  expect([await findings(page), await overflow(page)]).toEqual([[], []]);
  await picture(page, 'phone-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await until(async () => (await background()) !== dark);
  expect(complaints).toEqual([]);
  await context.close();
});
