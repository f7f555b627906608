import { afterEach, describe, expect, test } from 'bun:test';
import { appendFileSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { listAudit } from '../../test/support/audit.ts';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { cpuMs } from '../../test/support/cpu.ts';
import { SYSTEM } from '../core/app.ts';
import { downloadLogs } from '../core/logs/logs.ts';
import { LogQuery } from '../core/logs/query.ts';
import { NO_LOGS } from '../platform/logs.ts';

let panel: TestApp;
const start = () => (panel = testApp());
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

const realpathOf = (link: string) => {
  try {
    return readlinkSync(link);
  } catch {
    return null;
  }
};
const folder = () => join(panel.app.config.dataDir, 'logs');
const write = (name: string, text: string | Uint8Array) => {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(join(folder(), name), text);
  return join(folder(), name);
};
const page = async (query = '', role: 'admin' | 'operator' = 'admin') => panel.as(role, crypto.randomUUID()).request(`/logs${query}`);
const read = async (query = '') => (await page(query)).text();
const file = (path: string, more = '') => `?source=${encodeURIComponent(path)}${more}`;
const said = (html: string) => [...html.matchAll(/<li[^>]* data-cursor="[^"]*">.*?<span[^>]*>(.*?)<\/span><\/li>/gs)].map((found) => found[1]!.replace(/<[^>]+>/g, ''));
const linkOf = (html: string, id: string) => new RegExp(`id="${id}" href="([^"]+)"(?! hidden)`).exec(html)?.[1]?.replaceAll('&amp;', '&').replace('/logs', '') ?? null;

describe('refusals', () => {
  test('S6 nobody but administrators reads logs', async () => {
    start();
    panel.as('admin');
    expect((await panel.request('/logs')).headers.get('location')).toBe('/signin?next=%2Flogs');
    for (const role of ['viewer', 'operator'] as const) {
      const browser = panel.as(role);
      for (const path of ['/logs', '/logs/stream', '/logs/entry?cursor=s=1;i=1', '/logs/download']) expect((await browser.request(path)).status).toBe(403);
      expect(await (await browser.request('/processes')).text()).not.toContain('href="/logs"');
    }
  });

  test('S4 only files in the folders of logs, wherever a symlink leads', async () => {
    start();
    writeFileSync(join(panel.app.config.dataDir, 'secret.txt'), 'do not tell\n');
    const link = join(folder(), 'link.log');
    write('plain.log', 'told\n');
    symlinkSync('../secret.txt', link);
    for (const path of [link, join(panel.app.config.dataDir, 'secret.txt'), '/etc/passwd', '/proc/self/environ']) {
      const answer = await page(file(path));
      expect([path, answer.status]).toEqual([path, 403]);
      expect(await answer.text()).not.toContain('do not tell');
      for (const other of ['download', 'entry']) {
        const refused = await panel.as('admin', crypto.randomUUID()).request(`/logs/${other}${file(path, '&cursor=f:1:1:0')}`);
        expect(refused.status).toBeGreaterThanOrEqual(400);
      }
    }
    for (const path of [`${folder()}/../secret.txt`, 'relative.log', 'kern']) expect((await page(file(path))).status).toBe(422);
    expect((await page(file(join(folder(), 'none.log')))).status).toBe(404);
    expect(await read()).not.toContain('link.log');
  });

  test('S2 S3 values that could be options, patterns or lines of something else are refused', async () => {
    start();
    panel.app.host.logs.page = () => Promise.reject(new Error('asked'));
    for (const query of ['unit=a%0Ab', 'identifier=a%00', 'q=a%0Ab', 'priority=9', 'boot=%2e%2e%2f', 'since=yesterday', 'until=2026-13-45T99:99', 'cursor=../..', 'to=sideways', 'regex=yes', 'source=a%0Ab']) {
      expect([query, (await page(`?${query}`)).status]).toEqual([query, 422]);
    }
  });

  test('S22 an expression that takes for ever elsewhere does not here, and one that is none is told', async () => {
    start();
    const path = write('evil.log', `${'a'.repeat(60_000)}b\n`.repeat(5));
    const began = cpuMs();
    expect((await page(file(path, `&regex=on&q=${encodeURIComponent('^(a+)+$')}`))).status).toBe(200);
    expect(cpuMs() - began).toBeLessThan(8000);
    expect((await panel.as('admin', 'streams').request('/logs/stream?regex=on&q=(')).status).toBe(422);
    const answer = await page('?regex=on&q=(');
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('missing closing )');
  });

  test('a cursor of another file, and one that is none', async () => {
    start();
    const path = write('a.log', 'one\n');
    expect((await page(file(path, '&cursor=f:1:1:0'))).status).toBe(404);
    expect((await page(file(path, '&cursor=s=de30;i=1'))).status).toBe(422);
    expect((await page('?cursor=f:1:1:0')).status).toBe(422);
  });
});

describe('the journal', () => {
  test('older and newer pages meet without a gap, whatever is written meanwhile', async () => {
    start();
    const first = await read('?priority=warning');
    panel.clock.advance(600_000);
    const older = await read(linkOf(first, 'log-older')!);
    const back = await read(linkOf(older, 'log-newer')!);
    expect(said(first)).toHaveLength(200);
    expect(said(back).slice(0, 200)).toEqual(said(first));
    const cursors = (html: string) => [...html.matchAll(/data-cursor="([^"]+)"/g)].map((found) => Number.parseInt(/i=(\w+)/.exec(found[1]!)![1]!, 16));
    expect(cursors(older).at(-1)!).toBeLessThan(cursors(first)[0]!);
    expect(linkOf(first, 'log-newer')).toBeNull();
  });

  test('a minute of the past, as the dashboard links to it, and the fields have it', async () => {
    start();
    const at = Math.floor(panel.clock.now() / 60_000) * 60_000 - 3_600_000;
    const html = await read(`?since=${at}&until=${at + 59_999}`);
    const times = [...html.matchAll(/<time datetime="([^"]+)">/g)].map((found) => Date.parse(found[1]!));
    expect(times.length).toBeGreaterThan(5);
    expect(times.every((time) => time >= at && time < at + 60_000)).toBe(true);
    expect(html).toMatch(/name="since"[^>]* value="\d{4}-\d\d-\d\dT\d\d:\d\d:00"/);
    expect(html).not.toContain('data-stream');
    const minute = (role: 'admin' | 'viewer') => panel.as(role, crypto.randomUUID()).request(`/processes?at=${at}`).then((answer) => answer.text());
    expect(await minute('admin')).toContain(`href="/logs?since=${at}&amp;until=${at + 59_999}"`);
    expect(await minute('viewer')).not.toContain('href="/logs');
  });

  test('unit, priority, program and text narrow it', async () => {
    start();
    expect(new Set(said(await read('?unit=redis-server')).map((text) => text.replace(/\d+/, '#')))).toEqual(new Set(['# changes in 300 seconds. Saving...']));
    expect(said(await read('?q=KEEPALIVE&source=kernel')).every((text) => text.includes('Keepalive'))).toBe(true);
    expect(await read('?q=no%20such%20text')).toContain('No entry fits.');
    expect(await read('?priority=err')).not.toContain('data-level="warning"');
  });

  test('what is known of one entry, and one that is gone', async () => {
    start();
    const cursor = /data-cursor="([^"]+)"/.exec(await read('?unit=nginx'))![1]!;
    const admin = panel.as('admin');
    const html = await (await admin.request(`/logs/entry?cursor=${encodeURIComponent(cursor)}`)).text();
    for (const text of ['_SYSTEMD_UNIT', 'nginx.service', 'Only nginx.service', 'A minute before and after']) expect(html).toContain(text);
    expect((await admin.request('/logs/entry?cursor=s=de30;i=ffffffff')).status).toBe(404);
  });

  test('S15 hostile messages are text: no markup, no turned letters, nothing hidden behind a return', async () => {
    start();
    panel.app.host.logs.page = async () => ({
      more: false, late: false,
      entries: [{ at: panel.clock.now(), priority: 3, unit: null, identifier: '<b>x\u202e', pid: 1, message: '<script>alert(1)</script>\x1b]0;title\x07\x1b[31mred\x1b[0m evil\rharmless \u202egnp.exe', cut: true, cursor: 's=1;i=1' }],
    });
    const html = await read();
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain('<i class="a1">red</i> evil\nharmless \ufffdgnp.exe…');
    expect(html).not.toMatch(/[\u202e\x1b\x07]/);
  });

  test('without one the page says so and offers files', async () => {
    start();
    Object.assign(panel.app.host.logs, { ...NO_LOGS });
    write('panel.log', '2026-01-01T00:00:00.000Z error something went wrong {"id":1}\n');
    const html = await read();
    expect(html).toContain('journald does not run here');
    expect(html).toContain('panel.log');
    const lines = await read(file(join(folder(), 'panel.log')));
    expect(said(lines)[0]).toContain('something went wrong');
    expect(lines).toContain('data-level="err"');
    expect((await page('?source=kernel')).status).toBe(200);
  });

  test('a journal that only a part may be read of says what is missing', async () => {
    start();
    panel.app.host.logs.state = async () => ({ kind: 'journald', partial: true });
    expect(await read()).toContain('systemd-journal');
    const path = write('a.log', 'x\n');
    expect(await read(file(path))).not.toContain('systemd-journal');
  });
});

describe('files', () => {
  const numbered = (n: number) => Array.from({ length: n }, (_, i) => `2026-01-01 00:00:00 line ${i}\n`).join('');

  test('are read from their end, page by page to their beginning, and forward again', async () => {
    start();
    const path = write('many.log', numbered(30_000));
    let html = await read(file(path));
    const seen: string[] = said(html).toReversed();
    for (let i = 0; i < 4; i++) {
      html = await read(linkOf(html, 'log-older')!);
      seen.push(...said(html).toReversed());
    }
    expect(seen).toEqual(Array.from({ length: 1000 }, (_, i) => `line ${29_999 - i}`));
    appendFileSync(path, 'later\n');
    const newer = said(await read(linkOf(html, 'log-newer')!));
    expect([newer[0], newer.length]).toEqual(['line 29200', 200]);
  });

  test('the first page of a short one, empty ones, and one without a last line end', async () => {
    start();
    expect(said(await read(file(write('short.log', '\nfirst\n\nlast'))))).toEqual(['', 'first', '', 'last']);
    expect(await read(file(write('empty.log', '')))).toContain('Nothing has been written yet.');
    expect(linkOf(await read(file(write('short.log', 'first\nlast'))), 'log-older')).toBeNull();
  });

  test('lines of megabytes are cut, in the middle of many as well', async () => {
    start();
    const path = write('long.log', `before\n${'x'.repeat(3_000_000)}\nafter\n`);
    const lines = said(await read(file(path)));
    expect(lines.map((line) => line.length)).toEqual([6, 16_385, 5]);
  });

  test('times, priorities and programs are told where they are plain to see; traces keep to their line', async () => {
    start();
    // One after the other wherever this machine is: the second says no zone.
    const on = (minute: number) => new Date(2026, 0, 1, 10, minute);
    const path = write('app.log', [
      `${on(0).toISOString()} web sshd[48]: Failed password`,
      '2026/01/01 10:01:00 [error] 812#812: *1 connect() failed',
      '    at Main.java:1',
      `203.0.113.9 - - [${on(2).toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) (\S+) GMT$/, '$1/$2/$3:$4 +0000')}] "GET / HTTP/1.1" 200 1`,
    ].join('\n'));
    const admin = panel.as('admin');
    const html = await (await admin.request(`/logs${file(path)}`)).text();
    expect(html).toContain('sshd[48]');
    expect(said(await (await admin.request(`/logs${file(path, '&priority=err')}`)).text())).toEqual(['812#812: *1 connect() failed']);
    const at = on(1).getTime();
    expect(said(await (await admin.request(`/logs${file(path, `&since=${at}&until=${at + 59_000}`)}`)).text())).toEqual(['812#812: *1 connect() failed', '    at Main.java:1']);
  });

  test('packed ones are unpacked while they are read, broken ones say so', async () => {
    start();
    const path = write('old.log.1.gz', gzipSync(numbered(5000)));
    let html = await read(file(path));
    expect(said(html)).toEqual(Array.from({ length: 200 }, (_, i) => `line ${4800 + i}`));
    expect(html).not.toContain('data-stream');
    html = await read(linkOf(html, 'log-older')!);
    expect(said(html)[0]).toBe('line 4600');
    expect(said(await read(file(path, '&q=line%2012')))).toHaveLength(111);
    expect((await page(file(write('bad.gz', 'no gzip at all')))).status).toBe(503);
  });
});

describe('download', () => {
  test('one that is broken off before its first piece leaves no file open', async () => {
    start();
    const path = write('broken-off.log', 'one\ntwo\n');
    const held = () => readdirSync('/proc/self/fd').filter((fd) => realpathOf(`/proc/self/fd/${fd}`) === path);
    const entries = await downloadLogs(panel.app, SYSTEM, { ...LogQuery.parse({ source: path }), regex: false }, new AbortController().signal);
    expect(held()).toEqual([]);
    await entries.return(undefined);
    expect(held()).toEqual([]);
  });

  test('has all that fits, as text or as objects, and is written down', async () => {
    start();
    const admin = panel.as('admin');
    const answer = await admin.request('/logs/download?unit=redis-server');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="redis-server.log"');
    const lines = (await answer.text()).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(300);
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z redis-server\[965\]: \d+ changes in 300 seconds\. Saving\.\.\.$/);
    const path = write('a.log', 'one\ntwo\n');
    const objects = (await (await admin.request(`/logs/download${file(path, '&as=ndjson&q=two')}`)).text()).trim().split('\n').map((line) => JSON.parse(line));
    expect(objects).toMatchObject([{ message: 'two', cut: false }]);
    expect(listAudit(panel.app).filter(({ action }) => action === 'logs.download').map(({ target }) => target).toSorted()).toEqual([path, 'journal'].toSorted());
  });
});
