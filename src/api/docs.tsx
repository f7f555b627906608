import { Hono } from 'hono';
import { openApi } from './openapi.ts';
import { ENDPOINTS } from './table.ts';
import type { App } from '../core/app.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { DocsPage } from '../views/docs/page.tsx';

/** The API reference for people; programs get the same document with a token at /api/v1/openapi.json. */
export function docs(app: App) {
  const r = new Hono<Env>();
  const queries = Object.fromEntries(ENDPOINTS.map((row) => [row.id, row.example?.query]));

  r.get('/api/docs', allow('api.read'), (c) => {
    const ui = uiOf(c);
    return page(c, <DocsPage ui={ui} document={openApi(ui.t, app.version)} origin={c.get('origin')} queries={queries} />);
  });

  r.get('/api/docs/openapi.json', allow('api.read'), (c) => c.json(openApi(uiOf(c).t, app.version)));

  return r;
}
