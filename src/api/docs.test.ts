import { afterAll, beforeAll, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { ENDPOINTS } from './table.ts';
import { messages } from '../i18n/languages.ts';
import { curlLine } from '../views/docs/words.ts';

let panel: TestApp;
beforeAll(() => void (panel = testApp()));
afterAll(() => panel.close());

test('S6 refused without signing in, also with an API token', async () => {
  panel.as('viewer', 'somebody');
  for (const path of ['/api/docs', '/api/docs/openapi.json', '/about']) {
    expect((await panel.request(path)).headers.get('location')).toBe(`/signin?next=${encodeURIComponent(path)}`);
    expect((await panel.request(path, { headers: { authorization: 'Bearer x' } })).status).toBe(303);
  }
});

test.each(['en', 'zh-CN'] as const)('the reference has every call and every schema, in %s', async (lang) => {
  const { request } = panel.as('viewer', lang);
  const headers = { 'accept-language': lang };
  const html = await (await request('/api/docs', { headers })).text();
  for (const row of ENDPOINTS) {
    expect(html).toContain(`id="${row.id.replace('.', '-')}"`);
    expect(html).toContain(messages(lang).docs.endpoints[row.id]);
  }
  const links = [...html.matchAll(/href="#(schema-\w+)"/g)].map((match) => match[1]!);
  expect(links.length).toBeGreaterThan(10);
  for (const id of links) expect(html).toContain(`id="${id}"`);
  expect(html).not.toMatch(/>#\w+</);
  const document = await (await request('/api/docs/openapi.json', { headers })).json() as { openapi: string };
  expect(document.openapi).toBe('3.1.0');
});

test('S1 what a curl line quotes stays one word of the shell', () => {
  expect(curlLine("http://h'; rm -rf /;'", 'post', '/x', { a: "it's" })).toBe(
    `curl -X POST -H "Authorization: Bearer $MANTOU_TOKEN" \\\n  -H 'Content-Type: application/json' \\\n  -d '{"a":"it'\\''s"}' \\\n  'http://h'\\''; rm -rf /;'\\''/x'`,
  );
});

test('about: versions, and licences where there is a build', async () => {
  const html = await (await panel.as('viewer', 'about').request('/about')).text();
  for (const text of ['0.0.0-test', Bun.version, 'MIT']) expect(html).toContain(text);
});
