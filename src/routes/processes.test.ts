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
    }));
}

const pids = (html: string) => [...html.matchAll(/<tr data-pid="(\d+)"/g)].map((found) => Number(found[1]));
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

test('live refresh is in the address: it works with htmx and without', async () => {
  start();
  const html = await read('/processes?live=on&q=ng');
  expect(html).toContain('hx-trigger="every 3s"');
  expect(html).toContain('<noscript><meta http-equiv="refresh" content="3"/></noscript>');
  expect(await read('/processes')).not.toContain('every 3s');
});
