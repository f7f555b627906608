import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type Browser, type TestApp } from '../../../test/support/app.ts';
import { live } from '../../../test/support/live.ts';
import { until } from '../../../test/support/until.ts';
import { SYSTEM } from '../../core/app.ts';
import { followedCount } from '../../core/files/windows/tail.ts';
import { changeSettings } from '../../core/settings/change.ts';
import { createToken } from '../../core/tokens/tokens.ts';

let t: TestApp;
let served: ReturnType<typeof live>;
let root = '';
let admin: Browser;
let operator: Browser;
let bearer = '';
beforeAll(() => {
  t = testApp();
  served = live(t);
  root = mkdtempSync(join(tmpdir(), 'mantou-viewing-'));
  admin = t.as('admin');
  operator = t.as('operator');
  mkdirSync(join(root, 'theirs'));
  changeSettings(t.app, SYSTEM, { filesRootsOperator: [join(root, 'theirs')] });
  bearer = createToken(t.app, SYSTEM, { userId: admin.userId, name: 'test', role: 'admin', expiresInDays: 1 }).token;
  Bun.spawnSync(['mkfifo', join(root, 'pipe')]);
  writeFileSync(join(root, 'a.txt'), 'one\ntwo\nthree\n');
  writeFileSync(join(root, 'page.html'), '<title>x</title><script>alert(1)</script><link rel=stylesheet href=//x><p onclick=alert(1)>words');
  writeFileSync(join(root, 'drawing.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(root, 'program'), Buffer.of(0x7f, 0x45, 0x4c, 0x46, 0, 0, 0));
  symlinkSync(join(root, 'a.txt'), join(root, 'theirs/out'));
});
afterAll(async () => {
  expect(t.errors).toEqual([]);
  await served.stop();
  await t.close();
  rmSync(root, { recursive: true, force: true });
});

const PATHS = ['/files/open', '/files/view', '/files/raw', '/files/tail', '/files/tail/stream', '/files/view/window?at=0&toward=near', '/files/view/find?q=x&from=0'];
const address = (route: string, path: string) => `${route}${route.includes('?') ? '&' : '?'}path=${encodeURIComponent(path)}`;

test.each(PATHS)('S4 %s shows nothing outside the folders of one’s role, also through a symlink', async (route) => {
  for (const path of [join(root, 'a.txt'), join(root, 'theirs/out'), '/etc/shadow', join(t.app.config.dataDir, 'mantou.db')]) {
    expect({ path, status: (await operator.request(address(route, path))).status }).toEqual({ path, status: 403 });
  }
  expect((await admin.request(address(route, `${root}/theirs/../a.txt`))).status).toBe(422);
  expect((await admin.request(address(route, join(root, 'none')))).status).toBe(404);
  expect((await admin.request(address(route, 'relative'))).status).toBe(422);
});

test('S22 a pipe and a device are never opened: every way to look at them answers', async () => {
  // An open of this pipe would wait for a writer that never comes.
  for (const path of [join(root, 'pipe'), '/dev/zero', '/dev/tty']) {
    expect((await admin.request(address('/files/open', path))).headers.get('location')).toContain('/files/view?');
    const shown = await admin.request(address('/files/view', path));
    expect([shown.status, (await shown.text()).includes('does not open it')]).toEqual([200, true]);
    for (const route of PATHS.slice(2)) expect({ route, status: (await admin.request(address(route, path))).status }).toEqual({ route, status: 422 });
  }
});

test('numbers that are none, and expressions that are none, are refused', async () => {
  for (const query of ['at=-1&toward=near', 'at=1e99&toward=near', 'at=0&toward=up', 'at=x&toward=back', 'at=0&toward=near&encoding=klingon']) {
    expect({ query, status: (await admin.request(address(`/files/view/window?${query}`, join(root, 'a.txt')))).status }).toEqual({ query, status: 422 });
  }
  const bad = await admin.request(address('/files/view/find?q=(&regex=on&from=0', join(root, 'a.txt')));
  expect([bad.status, ((await bad.json()) as { error: string }).error]).toEqual([422, expect.stringContaining('RE2')]);
});

test('S15 raw files come sandboxed, by what they are: nothing that could act keeps its type', async () => {
  const raw = async (name: string, more = '', headers: Record<string, string> = {}) => {
    // On a real socket: the file is held only until Bun has opened it for the answer.
    const answer = await fetch(`${served.origin}${address('/files/raw', join(root, name))}${more}`, { headers: { cookie: `mantou_session=${admin.token}`, ...headers } });
    return { status: answer.status, type: answer.headers.get('content-type'), disposition: answer.headers.get('content-disposition')?.split(';')[0], headers: answer.headers, text: await answer.text() };
  };
  for (const [name, type, disposition] of [
    ['a.txt', 'text/plain; charset=utf-8', 'inline'], ['page.html', 'text/plain; charset=utf-8', 'inline'], ['drawing.svg', 'text/plain; charset=utf-8', 'inline'],
    ['program', 'application/octet-stream', 'attachment'],
  ] as const) {
    const found = await raw(name);
    expect({ name, type: found.type, disposition: found.disposition }).toEqual({ name, type, disposition });
    const policy = found.headers.get('content-security-policy')!;
    expect(policy).toStartWith("sandbox; default-src 'none'");
    expect(policy).toEndWith("frame-ancestors 'none'");
    expect([found.headers.get('x-content-type-options'), found.headers.get('x-frame-options')]).toEqual(['nosniff', 'DENY']);
  }
  expect((await raw('drawing.svg', '', { 'sec-fetch-dest': 'image' })).type).toBe('image/svg+xml');
  const page = await raw('page.html', '&as=page');
  expect([page.type, page.headers.get('x-frame-options'), page.text]).toEqual(['text/html; charset=utf-8', 'SAMEORIGIN', '<title>x</title><p onclick=alert(1)>words']);
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
  expect((await raw('a.txt', '&as=page')).status).toBe(422);
  expect((await raw('a.txt', '', { range: 'bytes=4-6' })).text).toBe('two');
});

test('an entry opens where it belongs, by its bytes', async () => {
  writeFileSync(join(root, 'big.txt'), 'steam\n'.repeat(1_000_000));
  writeFileSync(join(root, 'text.png'), 'words');
  const to = async (path: string) => decodeURIComponent((await admin.request(address('/files/open', path))).headers.get('location')!);
  expect(await to(root)).toBe(`/files?path=${root}`);
  expect(await to(join(root, 'a.txt'))).toBe(`/files/edit?path=${root}/a.txt`);
  expect(await to(join(root, 'text.png'))).toBe(`/files/edit?path=${root}/text.png`);
  expect(await to(join(root, 'big.txt'))).toBe(`/files/view?path=${root}/big.txt`);
  expect(await to(join(root, 'program'))).toBe(`/files/view?path=${root}/program`);
  expect(await to('/proc/cpuinfo')).toBe('/files/view?path=/proc/cpuinfo');
});

test('the page of a text has its first lines without JavaScript, and every hostile name is only a name', async () => {
  const name = `a"><img src=x onerror=alert(1)>\u202e\n.txt`;
  writeFileSync(join(root, name), '<b>bold</b>\n');
  for (const way of ['text', 'hex']) {
    const html = await (await admin.request(`${address('/files/view', join(root, name))}&as=${way}`)).text();
    expect(html).not.toContain('<img src=x');
    expect(html).not.toContain('<b>bold');
    if (way === 'text') expect(html).toContain('&lt;b&gt;bold');
  }
});

test('S10 a followed log ends with its session, and the file is let go', async () => {
  const someone = t.as('admin', 'leaving');
  const answer = await someone.request(address('/files/tail/stream', join(root, 'a.txt')));
  const reader = answer.body!.pipeThrough(new TextDecoderStream() as never).getReader() as ReadableStreamDefaultReader<string>;
  let said = '';
  while (!said.includes('event: piece')) said += (await reader.read()).value ?? '';
  expect(said).toContain('one\\ntwo\\nthree');
  expect(followedCount(t.app)).toBe(1);
  t.app.bus.emit('sessions.ended', { ids: [someone.sessionId] });
  for (let next = await reader.read(); !next.done; next = await reader.read()) said += next.value;
  expect(said).toContain('event: signed-out');
  await until(() => followedCount(t.app) === 0);
});

const api = (query: string, headers: Record<string, string> = { authorization: `Bearer ${bearer}` }) => t.request(`/api/v1/files/search?${query}`, { headers });

test('the API refuses before the first line, and then tells each hit as a line and how it ended', async () => {
  for (const [query, status] of [[`path=${root}`, 422], [`path=${root}&text=(&regex=true`, 422], [`path=${root}/none&name=a`, 404], ['path=relative&name=a', 422], [`path=${root}&name=a&limit=0`, 422]] as const) {
    expect({ query, status: (await api(query)).status }).toEqual({ query, status });
  }
  expect((await api(`path=${root}&name=a`, {})).status).toBe(401);
  const answer = await api(`path=${root}&text=TWO`);
  expect(answer.headers.get('content-type')).toStartWith('application/x-ndjson');
  const lines = (await answer.text()).split('\n').filter(Boolean).map((line) => JSON.parse(line));
  expect(lines[0]).toEqual({ path: join(root, 'a.txt'), type: 'file', size: 14, line: 2, column: 0, at: 4, text: 'two', from: 0, to: 3 });
  expect(lines[1]).toMatchObject({ end: 'all', results: 1 });
  expect((await (await api(`path=${root}&name=theirs`)).text()).split('\n')[1]).toBe(JSON.stringify({ path: join(root, 'theirs'), type: 'dir' }));
});

test('S4 a search stays within the folders of one’s role', async () => {
  expect((await operator.request(`/files/search?path=${root}`)).status).toBe(403);
  const stream = await operator.request(`/files/search/stream?path=${root}&text=one`);
  expect(await stream.text()).toContain('event: fault');
  const own = await operator.request(`/files/search/stream?path=${root}/theirs&text=one`);
  expect(await own.text()).toContain('"results":0');
});
