import { afterEach, describe, expect, test } from 'bun:test';
import type { ProcessRow } from '../platform/processes.ts';
import { testApp, type TestApp } from '../../test/support/app.ts';

let panel: TestApp;
const start = () => (panel = testApp());
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

function many(n: number) {
  panel.app.host.processes.list = async () =>
    Array.from({ length: n }, (_, i): ProcessRow => ({
      pid: i + 1, parent: 0, name: `p${i}`, command: `/bin/p${i} --n ${i}`, user: i % 2 ? 'root' : 'app', state: 'S', threads: 1,
      cpu: (i * 7) % 100, memory: (i + 1) * 4096, startedAt: panel.clock.now() - i * 1000,
      nice: 0, service: null, container: null, read: null, written: null, received: null, sent: null,
    }));
}

const pids = (html: string) => [...html.matchAll(/<tr data-pid="(\d+)"/g)].map((found) => Number(found[1])).filter((pid) => pid > 0);
const read = async (path: string) => (await panel.as('viewer', crypto.randomUUID()).request(path)).text();

describe('refusals', () => {
  test('S6 nobody sees them without signing in', async () => {
    start();
    panel.as('admin');
    expect((await panel.request('/processes')).headers.get('location')).toBe('/signin?next=%2Fprocesses');
  });

  test('S14 an order that is none, or a cursor of another list, is 422', async () => {
    start();
    const browser = panel.as('viewer');
    for (const query of ['sort=password', 'sort=--cpu', 'cursor=abc', 'limit=0']) expect((await browser.request(`/processes?${query}`)).status).toBe(422);
  });
});

test('none', async () => {
  start();
  many(0);
  expect(await read('/processes')).toContain('The panel sees no processes on this machine.');
});

test('ten thousand are a hundred pages, each process on exactly one', async () => {
  start();
  many(10_000);
  const seen = new Set<number>();
  let path: string | undefined = '/processes?sort=name';
  let pages = 0;
  while (path) {
    const html: string = await read(path);
    const found = pids(html);
    expect(found.length).toBe(100);
    for (const pid of found) seen.add(pid);
    pages++;
    const next: string | undefined = /rel="next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
    path = pages < 3 || !next ? next : undefined;
  }
  expect([pages, seen.size]).toEqual([3, 300]);
});

test('sorted by any column, both ways', async () => {
  start();
  many(50);
  for (const column of ['name', 'pid', 'user', 'cpu', 'memory', 'state', 'startedAt', 'command']) {
    const up = pids(await read(`/processes?sort=${column}`));
    const down = pids(await read(`/processes?sort=-${column}`));
    expect(down).toEqual(up.toReversed());
  }
});

test('the filter looks into name, command, user and pid, and keeps the order', async () => {
  start();
  many(50);
  expect(pids(await read('/processes?q=p12&sort=pid'))).toEqual([13]);
  expect(pids(await read('/processes?q=17'))).toEqual(expect.arrayContaining([17, 18]));
  expect(await read('/processes?q=nothing-like-it')).toContain('Nothing matches “nothing-like-it”');
  expect(await read('/processes?q=%22%3E%3Cscript%3E')).not.toContain('"><script>');
});

test('without scripts the page is loaded again when asked, in the tree as well', async () => {
  start();
  const html = await read('/processes?live=on&q=ng&view=tree');
  expect(html).toContain('<noscript><meta http-equiv="refresh" content="3"/></noscript>');
  expect(await read('/processes')).not.toContain('http-equiv="refresh"');
});

test('the tree stands below who started them, the filter keeps everybody above', async () => {
  start();
  const postgres = (await panel.app.host.processes.list()).filter(({ name }) => name === 'postgres');
  const html = await read('/processes?view=tree&q=checkpointer&sort=pid');
  expect(pids(html)).toEqual([1, postgres[0]!.pid, postgres.find(({ command }) => command.includes('checkpointer'))!.pid]);
  expect(html).toContain('data-depth="2"');
});

describe('one process', () => {
  const find = async (name: string) => (await panel.app.host.processes.list()).find((row) => row.name === name)!;

  test('S6 S14 refusals: a number that is none, one that has ended, a viewer who would end it', async () => {
    start();
    const { pid, startedAt } = await find('redis-server');
    const viewer = panel.as('viewer');
    for (const path of ['/processes/x/1', '/processes/0/1', `/processes/${pid}/${startedAt + 1}`, '/processes/999999/1']) expect((await viewer.request(path)).status).toBe(404);
    for (const path of ['signal', 'priority', 'environment']) expect((await viewer.request(`/processes/${pid}/${startedAt}/${path}`, { form: { signal: 'KILL', nice: '1' } })).status).toBe(403);
    const admin = panel.as('admin');
    for (const form of [{ signal: 'NONE' }, { signal: '' }]) expect((await admin.request(`/processes/${pid}/${startedAt}/signal`, { form })).status).toBe(422);
    for (const nice of ['20', '-21', 'x', '']) expect((await admin.request(`/processes/${pid}/${startedAt}/priority`, { form: { nice } })).status).toBe(422);
    expect((await find('redis-server')).nice).toBe(0);
  });

  test('what it has open and was told is drawn for administrators only, secrets for nobody', async () => {
    start();
    const { pid, startedAt } = await find('nginx');
    const path = `/processes/${pid}/${startedAt}`;
    const seen = await read(path);
    expect(seen).toContain('0.0.0.0:443');
    expect(seen).not.toContain('APP_SECRET');
    const admin = panel.as('admin');
    const whole = await (await admin.request(path)).text();
    expect(whole).toContain('APP_SECRET');
    expect(whole).toContain('/var/log/nginx.log');
    expect(whole).not.toContain('not-a-real-one');
    expect(await (await admin.request(`${path}/environment`, { form: {} })).text()).toContain('not-a-real-one');
  });

  test('the command is shown before, a guarded one asks for its name, the others go', async () => {
    start();
    const admin = panel.as('admin');
    const sshd = await find('sshd');
    const ask = await (await admin.request(`/processes/${sshd.pid}/${sshd.startedAt}/signal?signal=KILL`)).text();
    expect(ask).toContain(`kill -KILL ${sshd.pid}`);
    expect(ask).toContain('Type sshd to confirm.');
    const again = await admin.request(`/processes/${sshd.pid}/${sshd.startedAt}/signal`, { form: { signal: 'KILL', confirm: 'no' } });
    expect([again.status, Boolean(await find('sshd'))]).toEqual([422, true]);
    const redis = await find('redis-server');
    const done = await admin.request(`/processes/${redis.pid}/${redis.startedAt}/signal`, { form: { signal: 'TERM' } });
    expect([done.status, done.headers.get('location'), await find('redis-server')]).toEqual([303, '/processes', undefined] as never);
  });
});

test('what ran in a minute of the past', async () => {
  start();
  expect(await read(`/processes?at=${panel.clock.now() - 60_000}`)).toContain('Nothing is kept of this minute.');
});

test('the stream tells all of them, then what moves', async () => {
  start();
  const abort = new AbortController();
  const answer = await panel.as('viewer').request('/processes/stream', { signal: abort.signal });
  const reader = answer.body!.getReader();
  let text = '';
  const saw = async (what: RegExp) => {
    while (!what.test(text)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`ended: ${text.slice(0, 200)}`);
      text += new TextDecoder().decode(value);
    }
  };
  await saw(/event: belongings\ndata: .*443/);
  expect(text).toMatch(/event: patch\ndata: \{"at":\d+,"fresh":\[\[1,0,"systemd"/);
  text = '';
  panel.clock.advance(1000);
  await saw(/event: patch\ndata: \{"at":\d+,"fresh":\[\],"moved":\[\[/);
  abort.abort();
  await reader.cancel().catch(() => {});
});

test('S22 the page of one shows the first of its connections and of what it started', async () => {
  start();
  const row = (await panel.app.host.processes.list()).find(({ name }) => name === 'redis-server')!;
  const one = (await panel.app.host.processes.one(row))!;
  panel.app.host.processes.one = async () => ({ ...one, sockets: Array.from({ length: 3000 }, (_, i) => ({ protocol: 'tcp' as const, address: '10.9.8.7', port: 1 + i, remote: null, state: 'LISTEN', received: null, sent: null })) });
  panel.app.host.processes.list = async () => [row, ...Array.from({ length: 3000 }, (_, i): ProcessRow => ({ ...row, pid: 100_000 + i, parent: row.pid }))];
  const html = await read(`/processes/${row.pid}/${row.startedAt}`);
  expect([html.split('10.9.8.7:').length - 1, html.split('href="/processes/10').length - 1, html.split('The first 500 are shown.').length - 1]).toEqual([500, 500, 2]);
});

test('what goes over the network is asked only for who looks at it, and the list is sorted by it', async () => {
  start();
  const { processes } = panel.app.host;
  let asked = 0;
  const { traffic } = processes;
  Object.assign(processes, { traffic: () => (asked++, traffic!()) });
  const stream = async (query: string, until: RegExp) => {
    const abort = new AbortController();
    const answer = await panel.as('viewer', crypto.randomUUID()).request(`/processes/stream${query}`, { signal: abort.signal });
    const reader = answer.body!.getReader();
    let text = '';
    for (let i = 0; i < 40 && !until.test(text); i++) {
      text += new TextDecoder().decode((await reader.read()).value);
      panel.clock.advance(1000);
    }
    abort.abort();
    await reader.cancel().catch(() => {});
    return text;
  };
  await stream('', /"moved":\[\[/);
  expect(asked).toBe(0);
  const rate = /"nginx".*?,(\d+),(\d+)\]|"moved":\[.*?\[\d+,[^\]]+,(\d{3,}),(\d{3,})\]/;
  expect(await stream('?traffic=on', rate)).toMatch(rate);
  expect(asked).toBeGreaterThan(0);
  expect(pids(await read('/processes?sort=-sent'))[0]).toBe([...(await traffic!())].toSorted(([, a], [, b]) => b.sent - a.sent)[0]![0]);
  const row = (await processes.list()).find(({ name }) => name === 'nginx')!;
  expect(await read(`/processes/${row.pid}/${row.startedAt}`)).toContain('sent over 2 open TCP connections');
  // A system that does not tell offers no column for it.
  expect(await read('/processes')).toContain('value="received"');
  Object.assign(processes, { traffic: null });
  expect(await read('/processes')).not.toContain('value="received"');
});
