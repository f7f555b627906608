/** Shells in real Chromium, from the compiled executable: what people do in a terminal, and what happens to it meanwhile. */
import { afterEach, expect } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { PHONE, picture } from '../support/browser.ts';
import { e2ePanel } from '../support/e2e-panel.ts';
import { needs } from '../support/needs.ts';
import { endTerminals, line, newShell, openShell, READABLE, screen, shows, status, tabs } from '../support/terminal-page.ts';
import { until } from '../support/until.ts';

// What runs inside the page; the project's own types know no browser.
declare const document: any;
declare const navigator: any;
declare const getComputedStyle: any;

const it = needs('chromium', 'linux', 'vim', 'htop');
const e2e = e2ePanel(it, { root: 'each', flags: READABLE });

if (it.ok) afterEach(() => endTerminals(e2e));


it('a shell: it is typed to, answers in colours and wide letters, and its title is the tab’s', async () => {
  const { page, complaints } = await openShell(e2e);
  await line(page, `cd ${e2e.root} && echo $((6*7)) 馒头 && printf '\\e[38;2;10;200;30mgreen\\e[0m\\n'`);
  await shows(page, '42 馒头');
  const colour = () => page.evaluate(() => [...document.querySelectorAll('.xterm-rows span')].find((span: any) => span.textContent === 'green')?.style.color);
  await until(async () => (await colour()) === 'rgb(10, 200, 30)');
  // Each of the two letters takes two cells.
  await line(page, `printf '馒头\\e[6n'; IFS= read -rsd R at; printf '\\n<%s>\\n' "\${at#*;}"`);
  await shows(page, '<5>');
  await line(page, `printf '\\e]0;steaming\\a'; read`);
  await until(async () => (await tabs(page))[0]?.includes('steaming') ?? false);
  expect(await status(page)).toMatch(/^Connected/);
  expect(complaints).toEqual([]);
});

it('nothing of the panel’s own is in its environment', async () => {
  const { page } = await openShell(e2e);
  await line(page, 'env | grep -ci mantou; echo done');
  await shows(page, /\n0\ndone/);
});

it('vim and htop draw, a split shows both, and a reload finds them as they were', async () => {
  writeFileSync(join(e2e.root, 'notes.md'), '# steam\nten minutes\n');
  const { page, complaints } = await openShell(e2e);
  await line(page, `vim -u NONE ${e2e.root}/notes.md`);
  await shows(page, /ten minutes\n~/);
  await page.keyboard.type('Gofor a soft crumb\x1b:w\n');
  await shows(page, /written/);
  await page.click('#tt-tools > [data-tt=split-right]');
  await until(async () => (await page.locator('.tt-pane').count()) === 2);
  await shows(page, /[#$] ?$/m);
  await line(page, 'htop');
  await shows(page, /F1Help/);
  await picture(page, 'terminal-split');
  await page.reload();
  await shows(page, /F1Help/);
  await page.click('.tt-pane:first-child');
  await shows(page, /ten minutes\nfor a soft crumb\n~/);
  // It is the same vim, which goes on where it was.
  await page.keyboard.type(':q\n');
  await shows(page, /[#$] ?$/m);
  expect(complaints).toEqual([]);
});

it('the panel is killed and started again: the page comes back by itself, with the screen and the shell that it had', async () => {
  const { page } = await openShell(e2e);
  await line(page, `cd ${e2e.root}; token=steamed; vim -u NONE -c 'normal ibefore the kill' fresh`);
  await shows(page, /before the kill\n~/);
  const port = Number(new URL(e2e.panel.url).port);
  await e2e.kill();
  await until(async () => /trying again/.test(await status(page)));
  // Meanwhile the shell goes on.
  await e2e.start(port);
  await until(async () => /^Connected/.test(await status(page)));
  await shows(page, /before the kill\n~/);
  await page.keyboard.type('o and after\x1b:wq\n');
  await shows(page, /[#$] ?$/m);
  await line(page, 'cat fresh; echo "<$token>"');
  await shows(page, 'before the kill\n and after\n<steamed>');
});

it('two browsers on one shell: both see it, both type, and the smaller decides its size', async () => {
  const wide = await openShell(e2e);
  const id = new URL(wide.page.url()).searchParams.get('id');
  await line(wide.page, 'echo first');
  await shows(wide.page, /\nfirst/);
  const size = async (page: Page) => (await page.innerText('#tt-size')).split(' × ').map((text) => Number.parseInt(text));
  const [cols] = await size(wide.page);
  const narrow = await e2e.open(`/terminal?id=${id}`, { viewport: { width: 900, height: 600 } });
  await shows(narrow.page, /\nfirst/);
  await until(async () => (await size(wide.page))[0]! < cols!);
  await until(async () => Bun.deepEquals(await size(wide.page), await size(narrow.page)));
  await until(async () => (await wide.page.innerText('#tt-others')) === '2 looking');
  await line(narrow.page, 'echo second');
  await shows(wide.page, /\nsecond/);
  await narrow.context.close();
  await until(async () => (await size(wide.page))[0] === cols);
});

it('what ends says so, and is put away; what is ended ends whole', async () => {
  const { page, complaints } = await openShell(e2e);
  // Of this run alone: what another left behind sleeps for long.
  const nap = (n: number) => `sleep 4${process.pid}${n}`;
  const found = async (...all: number[]) => (await Bun.$`pgrep -f ${all.map(nap).join('|')}`.nothrow().text()).split('\n').filter(Boolean);
  await line(page, `(setsid ${nap(1)} &) ; ${nap(2)} & exit 3`);
  await until(async () => /Ended with 3/.test(await page.innerText('.tt-over')));
  await page.keyboard.press('Enter');
  await until(async () => (await tabs(page)).length === 0);
  await newShell(page);
  await line(page, `${nap(3)} & (setsid ${nap(4)} &) ; echo $!`);
  await shows(page, /\n\d+\n/);
  await until(async () => (await found(3, 4)).length >= 2);
  await page.click('[popovertarget=tt-more]');
  await page.click('[data-tt=kill]');
  await page.click('#tt-kill [value=yes]');
  await until(async () => (await page.locator('.tt-over:not([hidden])').count()) > 0);
  // What left the session on purpose (setsid) is not part of the terminal any more; what stayed in it is ended.
  await until(async () => (await found(3)).length === 0);
  for (const pid of await found(1, 2, 4)) process.kill(Number(pid));
  expect(complaints).toEqual([]);
});

it('many lines are not pasted unasked where each would run', async () => {
  const { page } = await openShell(e2e);
  await line(page, `bind 'set enable-bracketed-paste off'; echo rea""dy; cat > /dev/null`);
  // Before that the shell has the keyboard, and shows nothing of what comes for cat.
  await shows(page, /\nready/);
  const paste = (text: string) =>
    page.evaluate((value: string) => {
      const data = new (globalThis as any).DataTransfer();
      data.setData('text/plain', value);
      document.activeElement.dispatchEvent(new (globalThis as any).ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, text);
  await paste('one line');
  await shows(page, 'one line');
  await paste('first\nsecond');
  await until(() => page.locator('#tt-paste[open]').count());
  expect(await page.innerText('#tt-paste h2')).toBe('Paste 2 lines?');
  await page.click('#tt-paste [value=no]');
  expect(await screen(page)).not.toContain('second');
  await paste('third\nfourth');
  // The next one comes before the browser has told of the end of this dialog: each answer belongs to its own question.
  await page.evaluate(() => {
    (document.querySelector('#tt-paste [value=no]') as any).click();
    const data = new (globalThis as any).DataTransfer();
    data.setData('text/plain', 'fifth\nsixth');
    document.activeElement.dispatchEvent(new (globalThis as any).ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await until(async () => (await page.innerText('#tt-paste .tt-shown')).includes('sixth'));
  await page.check('#tt-paste [name=always]');
  await page.click('#tt-paste [value=yes]');
  await shows(page, 'sixth');
  expect(await screen(page)).not.toContain('fourth');
  // The box said not to ask again.
  await paste('seventh\neighth');
  await shows(page, 'eighth');
  expect(await page.locator('#tt-paste[open]').count()).toBe(0);
});

it('S15 a program’s title, clipboard and links are shown before they do anything', async () => {
  const { page, context, complaints } = await openShell(e2e);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const clipboard = () => page.evaluate<string>(() => navigator.clipboard.readText());
  await page.evaluate(() => navigator.clipboard.writeText('mine'));
  await line(page, `printf '\\e]0;<img src=x onerror=alert(1)>\\a\\e]52;c;%s\\a' "$(printf evil | base64)"`);
  await until(() => page.locator('#tt-clipboard[open]').count());
  expect(await page.innerText('#tt-clipboard .tt-shown')).toBe('evil');
  await page.click('#tt-clipboard [value=no]');
  expect(await clipboard()).toBe('mine');
  expect((await tabs(page))[0]).toContain('<img src=x onerror=alert(1)>');
  // Reading what is on it is not offered at all.
  await line(page, `printf '\\e]52;c;?\\a'; read -rsn 8 -t 1 got; echo "<$got>"`);
  await shows(page, '<>');
  await line(page, `clear; printf '\\e]8;;javascript:alert(1)\\e\\\\bad\\e]8;;\\e\\\\ \\e]8;;https://example.com/far\\e\\\\good\\e]8;;\\e\\\\\\n'`);
  await shows(page, 'bad good');
  expect(await page.locator('img[src=x]').count()).toBe(0);
  expect(complaints).toEqual([]);
});

it('S15 what was said before a reload types nothing and asks nothing again', async () => {
  const { page, context } = await openShell(e2e);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  // The program is answered once; what it gets after that, it shows.
  await line(page, `stty -echo raw; printf '\\e[6n\\e[c\\e]11;?\\e\\\\\\e]52;c;aGVsbG8=\\a'; IFS= read -rd Z answers; stty cooked; echo rea""dy; cat -v`);
  await until(() => page.locator('#tt-clipboard[open]').count());
  await page.click('#tt-clipboard [value=no]');
  await until(() => page.evaluate(() => document.activeElement?.classList.contains('xterm-helper-textarea')));
  await page.keyboard.type('Z');
  await shows(page, 'ready');
  await page.reload();
  await shows(page, 'ready');
  await Bun.sleep(1000);
  expect(await page.locator('#tt-clipboard[open]').count()).toBe(0);
  await page.locator('.xterm-helper-textarea').first().focus();
  await line(page, 'mine');
  await shows(page, /ready\nmine/);
});

it('what is looked for is found, names and colours stay, letters grow', async () => {
  const { page, complaints } = await openShell(e2e);
  await line(page, 'seq 1 300 | sed s/^/line-/');
  await shows(page, 'line-300');
  await page.keyboard.press('Control+Shift+F');
  await page.keyboard.type('line-29');
  await until(async () => /\d+ of 11/.test(await page.innerText('#tt-search-count')));
  await page.keyboard.press('Escape');
  await page.click('[popovertarget=tt-more]');
  await page.click('[data-tt=rename]');
  await page.fill('#tt-looks [name=name]', '部署');
  await page.click('#tt-looks .seg label:nth-child(3)');
  await page.click('#tt-looks [type=submit]');
  await until(async () => (await tabs(page))[0] === '部署');
  await page.reload();
  await until(async () => (await tabs(page))[0] === '部署');
  expect(await page.locator('#tt-tabs .tt-c-celadon').count()).toBe(1);
  const ground = () => page.evaluate(() => getComputedStyle(document.querySelector('.tt-pane')).backgroundColor);
  const dark = await ground();
  await page.evaluate(() => document.querySelector('[data-tt=paper]').click());
  await until(async () => (await ground()) !== dark);
  const cols = async () => Number((await page.innerText('#tt-size')).split(' ')[0]);
  await until(async () => (await cols()) > 0);
  const before = await cols();
  await page.click('[popovertarget=tt-more]');
  for (let n = 0; n < 3; n++) await page.evaluate(() => document.querySelector('[data-tt=larger]').click());
  await until(async () => (await cols()) < before);
  expect(complaints).toEqual([]);
});

it('Ctrl K belongs to the shell while it has the focus, and to the palette elsewhere', async () => {
  const { page } = await openShell(e2e);
  await page.keyboard.type('echo kept gone');
  for (let n = 0; n < 5; n++) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Enter');
  await shows(page, /\nkept\n/);
  expect(await page.locator('#palette[open]').count()).toBe(0);
});

it('S10 a link shows the screen to a stranger, takes no keys, and ends when it is revoked', async () => {
  const owner = await openShell(e2e);
  await line(owner.page, 'echo for everybody');
  await shows(owner.page, /\nfor everybody/);
  await owner.page.click('[popovertarget=tt-more]');
  await owner.page.click('[data-tt=share]');
  await owner.page.click('form[action$="/share"] [type=submit]');
  const link = await owner.page.inputValue('#terminal-link').catch(() => owner.page.innerText('#terminal-link'));
  const guest = await e2e.newPage({ as: null });
  await guest.page.goto(link.trim());
  await shows(guest.page, 'for everybody');
  await guest.page.keyboard.type('echo from a guest\n');
  await guest.page.evaluate(() => document.querySelector('.xterm-helper-textarea')?.focus());
  await guest.page.keyboard.type('echo from a guest\n');
  await owner.page.click('form[action$="/remove"] button');
  await until(async () => /leads nowhere/.test(await guest.page.innerText('.tt-over')));
  expect((await guest.page.goto(link.trim()))?.status()).toBe(404);
  await owner.page.click('.page-head a');
  await shows(owner.page, /\nfor everybody/);
  expect(await screen(owner.page)).not.toContain('guest');
  expect(owner.complaints).toEqual([]);
});

it('S10 signing out ends what a browser looks at, and the shell goes on', async () => {
  const cookie = await e2e.signIn();
  const { page } = await openShell(e2e);
  const id = new URL(page.url()).searchParams.get('id');
  const other = await e2e.open(`/terminal?id=${id}`, { as: cookie });
  await shows(other.page, /[#$] ?$/m);
  const left: string[] = [];
  other.page.on('request', (request) => request.isNavigationRequest() && left.push(request.url()));
  await e2e.post('/signout', {}, cookie);
  // Told at once, not asked for sometimes: how long a page takes to load is the browser's.
  await other.page.waitForURL(/\/signin\?next=/, { waitUntil: 'commit' });
  // The stream of the page and the terminal's end at once: it is left one time, else one would abort the other.
  expect(left).toHaveLength(1);
  await line(page, 'echo still here');
  await shows(page, /\nstill here/);
});

it('a terminal begins where the file manager is', async () => {
  const { page } = await e2e.open(`/terminal?path=${encodeURIComponent(e2e.root)}`);
  await shows(page, /[#$] ?$/m);
  await line(page, 'pwd');
  await shows(page, new RegExp(`\n${e2e.root}\n`));
  // The next one would as well: the list of what runs has been drawn anew since.
  await until(async () => (await page.locator('#tt-running tbody tr').count()) > 0);
  expect(await page.inputValue('#tt-open-form [name=folder]')).toBe(e2e.root);
});

it('on a phone there are the keys that it has not, in Chinese, and nothing sticks out', async () => {
  const { page, complaints } = await openShell(e2e, { viewport: PHONE, isMobile: true, hasTouch: true, lang: 'zh-CN' });
  await page.keyboard.type('cat');
  await page.keyboard.press('Enter');
  await page.tap('[data-hold=ctrl]');
  // What a finger does, the browser makes a click of a little later.
  await until(async () => (await page.getAttribute('[data-hold=ctrl]', 'aria-pressed')) === 'true');
  await page.keyboard.type('c');
  await shows(page, '^C');
  expect(await page.getAttribute('[data-hold=ctrl]', 'aria-pressed')).toBe('false');
  await page.keyboard.type('echo one');
  await page.keyboard.press('Enter');
  await page.tap('[data-key=up]');
  await shows(page, /one[\s\S]*one[\s\S]*one/);
  await page.keyboard.press('Enter');
  await shows(page, /one[\s\S]*one[\s\S]*one[\s\S]*one/);
  expect(await overflow(page)).toEqual([]);
  expect(await status(page)).toContain('已连接');
  await picture(page, 'terminal-phone');
  expect(complaints).toEqual([]);
});

for (const lang of ['en', 'zh-CN']) {
  it(`people who use no mouse and hear the page can use it: ${lang}`, async () => {
    const { page } = await openShell(e2e, { lang });
    expect(await findings(page)).toEqual([]);
    await page.click('#tt-new');
    await until(async () => (await page.locator('#tt-running tbody tr').count()) === 1);
    expect(await findings(page)).toEqual([]);
  });
}
