import { describe, expect, test } from 'bun:test';
import { Hono } from 'hono';
import type { Env } from './env.ts';
import { changed, go, localPath, toast } from './respond.tsx';

describe('S7 only paths of this panel are followed', () => {
  for (const hostile of ['//evil.test', '/\\evil.test', 'https://evil.test', 'javascript:alert(1)', '\\\\evil', '/a\nb', '/a\\b', '', ' /x']) {
    test(JSON.stringify(hostile), () => expect(localPath(hostile, '/safe')).toBe('/safe'));
  }
  test('ours', () => expect(localPath('/tasks?state=done#x')).toBe('/tasks?state=done#x'));
});

const server = new Hono<Env>()
  .post('/change', (c) => {
    toast(c, 'ok', '已保存 “x”');
    return changed(c, '/list', <p id="one">{'<b>'}</p>, <p id="two" hx-swap-oob="true">2</p>);
  })
  .post('/go', (c) => go(c, '/next'));

describe('a change answers fragments to htmx and a redirect to a browser', () => {
  test('htmx', async () => {
    const answer = await server.request('/change', { method: 'POST', headers: { 'hx-request': 'true' } });
    expect(await answer.text()).toBe('<p id="one">&lt;b&gt;</p><p id="two" hx-swap-oob="true">2</p>');
    const trigger = answer.headers.get('hx-trigger')!;
    expect(trigger).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(trigger)).toEqual({ toast: { tone: 'ok', text: '已保存 “x”' } });
    expect((await server.request('/go', { method: 'POST', headers: { 'hx-request': 'true' } })).headers.get('hx-redirect')).toBe('/next');
  });
  test('browser', async () => {
    const answer = await server.request('/change', { method: 'POST' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/list']);
    expect((await server.request('/go', { method: 'POST' })).headers.get('location')).toBe('/next');
  });
});
