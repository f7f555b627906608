import { Hono, type Context } from 'hono';
import type { z } from 'zod';
import type { App } from '../core/app.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { accept, readQuery } from '../http/list.ts';
import { AppError } from '../lib/errors.ts';
import { en } from '../i18n/en.ts';
import type { Endpoint } from './endpoint.ts';
import { openApi } from './openapi.ts';
import { ENDPOINTS } from './table.ts';

/** The API under /api/v1: one route for each row of the table, and the table itself as OpenAPI. */
export function api(app: App) {
  const r = new Hono<Env>();
  for (const row of ENDPOINTS) {
    const path = `/api/v1${row.path.replace(/\{(\w+)\}/g, ':$1')}`;
    r.on(row.method.toUpperCase(), path, allow(row.permission), (c) => serve(app, row, c));
  }
  r.get('/api/v1/openapi.json', allow('api.read'), (c) => c.json(openApi(en, app.version)));
  return r;
}

async function serve(app: App, row: Endpoint, c: Context<Env>): Promise<Response> {
  const params = row.params && accept(row.params, c.req.param(), 'path');
  const query = row.query && readQuery(c, row.query);
  const body = row.body && accept(row.body, await readJson(c), 'body');
  const headers = row.headers && accept(row.headers, readHeaders(row.headers, c), 'header');
  const found = await row.run(app, actorOf(c), { params, query, body, headers }, c);
  if (found instanceof Response) return found;
  if (!row.response) return c.body(null, row.status as 204);
  // What leaves is what the reference says: a field that core adds later stays here until it is described.
  return c.json(row.response.parse(found) as object, row.status as 200);
}

/** Those that the row names; a header that is not sent is not given. */
const readHeaders = (schema: z.ZodObject, c: Context<Env>) =>
  Object.fromEntries(Object.keys(schema.shape).flatMap((name) => (c.req.header(name) === undefined ? [] : [[name, c.req.header(name)]])));

/** @throws AppError invalid, also for a body that does not say it is JSON: forms of foreign pages cannot (S7). */
async function readJson(c: Context<Env>): Promise<unknown> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') {
    try {
      return JSON.parse(await c.req.text());
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
    }
  }
  throw new AppError('invalid', (t) => t.errors.notJson);
}
