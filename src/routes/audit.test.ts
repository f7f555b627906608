import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { SYSTEM } from '../core/app.ts';
import { record } from '../core/audit/audit.ts';
import { audit } from '../db/schema/audit.ts';

let panel: TestApp;
beforeEach(() => void (panel = testApp()));
afterEach(() => panel.close());

const HOUR = 3_600_000;
const rows = (html: string) => html.match(/<tr id="audit-/g)?.length ?? 0;

describe('refused', () => {
  test('S6 those who are no administrators', async () => {
    for (const role of ['viewer', 'operator'] as const) {
      const { request } = panel.as(role);
      for (const path of ['/audit', '/audit/export?format=csv']) expect((await request(path)).status).toBe(403);
    }
  });

  test('S14 sorts, filters and formats that are not offered', async () => {
    const { request } = panel.as('admin');
    for (const query of ['sort=target', 'sort=at;--', "group=users'--", 'result=x', 'period=year', 'since=x', 'limit=201', 'cursor=AAAA']) {
      expect((await request(`/audit?${query}`)).status).toBe(422);
    }
    for (const query of ['', '?format=xlsx', '?format=csv&group=%25']) expect((await request(`/audit/export${query}`)).status).toBe(422);
  });
});

test('an empty log says what will be in it', async () => {
  expect(await (await panel.as('admin').request('/audit')).text()).toContain('Nothing recorded yet');
});

test('filters: area, who, result, target and period, each in SQL and none as a pattern', async () => {
  const { app } = panel;
  record(app, SYSTEM, { action: 'users.create', target: '100%_Lin' });
  record(app, { kind: 'cli', ip: '' }, { action: 'users_x.create', target: 'other' });
  panel.clock.advance(2 * HOUR);
  record(app, SYSTEM, { action: 'tasks.cancel', target: 'b', result: 'refused' });
  const { request } = panel.as('admin');
  const count = async (query: string) => rows(await (await request(`/audit?${query}`)).text());
  expect(await count('')).toBe(3);
  expect(await count('group=users')).toBe(1);
  expect(await count('actor=cli')).toBe(1);
  expect(await count('result=refused')).toBe(1);
  expect(await count('target=0%25_l')).toBe(1);
  expect(await count('target=%25')).toBe(1);
  expect(await count('period=hour')).toBe(1);
  expect(await count('period=day')).toBe(3);
  expect(await count('group=&actor=&target=')).toBe(3);
  expect(await (await request('/audit?target=nothing')).text()).toContain('No entry matches');
});

test('pages go back in time, and the links keep the filter', async () => {
  for (let i = 0; i < 5; i++) record(panel.app, SYSTEM, { action: 'tasks.cancel', target: `t${i}` });
  const { request } = panel.as('admin');
  const first = await (await request('/audit?limit=3&group=tasks')).text();
  expect(rows(first)).toBe(3);
  expect(first).toContain('3 of 5');
  const next = /rel="next" href="([^"]+)"/.exec(first)![1]!.replaceAll('&amp;', '&');
  expect(next).toContain('group=tasks');
  expect(rows(await (await request(next)).text())).toBe(2);
});

test('S15 names, facts and commands are text', async () => {
  const evil = '<img src=x onerror=alert(1)>';
  record(panel.app, SYSTEM, { action: evil, target: evil, params: { [evil]: evil, deep: { [evil]: evil } }, commands: [evil] });
  const html = await (await panel.as('admin').request('/audit')).text();
  expect(html).not.toContain('<img src=x');
  expect(html).toContain('&lt;img src=x');
});

describe('exports', () => {
  test('have every row that matches, newest first, and are recorded themselves', async () => {
    for (let i = 0; i < 1203; i++) record(panel.app, SYSTEM, { action: 'tasks.cancel', target: `t${i}` });
    record(panel.app, SYSTEM, { action: 'users.create', target: 'other' });
    const answer = await panel.as('admin').request('/audit/export?format=jsonl&group=tasks');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="mantou-audit-2026-01-01.jsonl"');
    const lines = (await answer.text()).trimEnd().split('\n').map((line) => JSON.parse(line));
    expect(lines.map((line) => line.target)).toEqual(Array.from({ length: 1203 }, (_, i) => `t${1202 - i}`));
    expect(panel.app.db.select().from(audit).all().at(-1)).toMatchObject({ action: 'audit.export', params: { format: 'jsonl', group: 'tasks' } });
  });

  test('S15 CSV: what a spreadsheet would run is quoted', async () => {
    record(panel.app, SYSTEM, { action: 'users.create', target: '=HYPERLINK("http://x","y")' });
    const answer = await panel.as('admin').request('/audit/export?format=csv');
    expect(answer.headers.get('content-type')).toStartWith('text/csv');
    expect(await answer.text()).toContain(`,"'=HYPERLINK(""http://x"",""y"")",ok`);
  });

  test('stop reading when the browser goes away', async () => {
    for (let i = 0; i < 2000; i++) record(panel.app, SYSTEM, { action: 'tasks.cancel', target: `t${i}` });
    const answer = await panel.as('admin').request('/audit/export?format=csv');
    const reader = answer.body!.getReader();
    await reader.read();
    await reader.cancel();
    expect(panel.errors).toEqual([]);
  });
});
