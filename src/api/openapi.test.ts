import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { testApp, type TestApp } from '../../test/support/app.ts';
import type { Actor } from '../core/app.ts';
import { createToken } from '../core/tokens/tokens.ts';
import { en } from '../i18n/en.ts';
import { messages } from '../i18n/languages.ts';
import { groupOf } from './endpoint.ts';
import { openApi } from './openapi.ts';
import { ENDPOINTS } from './table.ts';

let panel: TestApp;
let token = '';

beforeAll(() => {
  panel = testApp();
  const { userId } = panel.as('viewer');
  const owner: Actor = { kind: 'user', userId, name: 'viewer', role: 'viewer', sessionId: null, tokenId: null, ip: '127.0.0.1' };
  token = createToken(panel.app, owner, { name: 'test', role: 'viewer', expiresInDays: null }).token;
});
afterAll(() => panel.close());

describe('the description', () => {
  test.each(['en', 'zh-CN'] as const)('is valid OpenAPI 3.1 in %s, without keys left in it', async (lang) => {
    const document = JSON.parse(JSON.stringify(openApi(messages(lang), '1.0.0')));
    const result = await new Validator().validate(document);
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
    expect(JSON.stringify(document)).not.toMatch(/"description":"#\w/);
    expect(JSON.stringify(document)).not.toContain('$defs');
  });

  test('every $ref leads somewhere', () => {
    const document = openApi(en, '1.0.0');
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]!);
    expect(refs.length).toBeGreaterThan(20);
    expect(refs.filter((name) => !(name in document.components.schemas))).toEqual([]);
  });

  test('has every mounted route and none besides', () => {
    const mounted = panel.server.rules.filter((route) => route.path.startsWith('/api/v1/')).map((route) => `${route.method} ${route.path} ${'permission' in route.rule ? route.rule.permission : 'open'}`);
    const described = Object.entries(openApi(en, '1').paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => `${method.toUpperCase()} /api/v1${path.replace(/\{(\w+)\}/g, ':$1')} ${operation['x-permission']}`));
    expect(mounted.sort()).toEqual(described.sort());
  });

  test('is answered to a token, with each text of the table used', async () => {
    const document = await (await panel.request('/api/v1/openapi.json', { headers: { authorization: `Bearer ${token}` } })).json() as ReturnType<typeof openApi>;
    expect(document.info.version).toBe('0.0.0-test');
    const ids = Object.values(document.paths).flatMap((methods) => Object.values(methods).map((operation) => operation.operationId));
    expect(ids.sort()).toEqual(Object.keys(en.docs.endpoints).sort());
    expect(new Set(ENDPOINTS.map(groupOf)).size + 1).toBe(Object.keys(en.docs.groups).length);
  });
});
