import { afterEach, expect, test } from 'bun:test';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { until } from '../../test/support/until.ts';
import { followedLogs } from '../core/logs/hub.ts';

let panel: TestApp;
const start = () => (panel = testApp());
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

function write(name: string, text: string) {
  const folder = join(panel.app.config.dataDir, 'logs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
const read = async (query = '') => (await panel.as('admin', crypto.randomUUID()).request(`/logs${query}`)).text();
const file = (path: string, more = '') => `?source=${encodeURIComponent(path)}${more}`;

async function events(path: string) {
  const abort = new AbortController();
  const answer = await panel.as('admin', crypto.randomUUID()).request(path, { signal: abort.signal });
  let text = '';
  const reader = answer.body!.getReader();
  void (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) text += new TextDecoder().decode(next.value);
  })().catch(() => {});
  const lines = () => [...text.matchAll(/^event: lines\ndata: (.*)$/gm)].flatMap((found) => (JSON.parse(found[1]!) as { lines: { cursor: string; segments: [string, string][] }[] }).lines);
  return { lines, text: () => text, end: () => abort.abort() };
}

test('one reader of the journal for all who follow the same, each from where its page ended', async () => {
  start();
  const html = await read();
  const after = /data-after="([^"]+)"/.exec(html)![1]!;
  let started = 0;
  const { follow } = panel.app.host.logs;
  panel.app.host.logs.follow = (...words) => (started++, follow(...words));
  panel.clock.advance(40_000);
  const first = await events(`/logs/stream?after=${encodeURIComponent(after)}`);
  await until(() => first.lines().length >= 10);
  panel.clock.advance(20_000);
  await until(() => first.lines().length >= 15);
  const second = await events(`/logs/stream?after=${encodeURIComponent(after)}&q=nginx`);
  const third = await events(`/logs/stream?after=${encodeURIComponent(after)}`);
  await until(() => third.lines().length >= 15);
  panel.clock.advance(40_000);
  await until(() => third.lines().length >= 25 && first.lines().length >= 25);
  expect(third.lines()).toEqual(first.lines());
  expect(new Set(first.lines().map(({ cursor }) => cursor)).size).toBe(first.lines().length);
  expect(second.lines().length).toBeLessThan(first.lines().length);
  expect([started, followedLogs(panel.app)]).toEqual([1, 1]);
  for (const one of [first, second, third]) one.end();
  await until(() => followedLogs(panel.app) === 0);
});

test('a file goes on where its page ended, through rotation', async () => {
  start();
  const path = write('live.log', 'one\ntwo\n');
  const after = /data-after="([^"]+)"/.exec(await read(file(path)))![1]!;
  appendFileSync(path, 'three\n');
  const live = await events(`/logs/stream${file(path, `&after=${encodeURIComponent(after)}`)}`);
  await until(() => live.lines().length === 1);
  appendFileSync(path, 'four\nfi');
  appendFileSync(path, 've\n');
  await until(() => live.lines().length === 3);
  expect(live.lines().map(({ segments }) => segments[0]![0])).toEqual(['three', 'four', 'five']);
  // Whoever lost the connection goes on after the last that they saw.
  const again = await events(`/logs/stream${file(path, `&after=${encodeURIComponent(live.lines()[0]!.cursor)}`)}`);
  await until(() => again.lines().length === 2);
  live.end();
  again.end();
});

test('S22 a flood reaches a page in portions, and what is left out is counted', async () => {
  start();
  panel.app.host.logs.follow = async function* (_filter, _after, signal) {
    for (let n = 0; n < 100 && !signal.aborted; n++) {
      yield Array.from({ length: 1000 }, (_, i) => ({ at: 1, priority: 6, unit: null, identifier: 'flood', pid: 1, message: 'x'.repeat(200), cut: false, cursor: `s=1;i=${(n * 1000 + i).toString(16)}` }));
      await Bun.sleep(5);
    }
  };
  const began = performance.now();
  const live = await events('/logs/stream');
  await until(() => live.text().includes('event: ended'));
  const portions = (performance.now() - began) / 100 + 2;
  const left = [...live.text().matchAll(/"left":(\d+)/g)].reduce((sum, found) => sum + Number(found[1]), 0);
  expect(live.lines().length + left).toBe(100_000);
  // 200 lines ten times a second, however long it took.
  expect(live.lines().length).toBeLessThan(200 * portions);
  expect(live.lines().at(-1)!.cursor).toBe(`s=1;i=${(99_999).toString(16)}`);
});
