import { Hono } from 'hono';
import { open } from '../http/allow.ts';
import type { Env } from '../http/env.ts';

/** Styles, scripts and icons under `/assets/<hash>/…`, from a map made at start: the path never reaches a file system. */
export function assets() {
  const r = new Hono<Env>();
  r.get('/assets/*', open(), (c) => c.env.assets.respond(c.req.raw, new URL(c.req.url).pathname) ?? c.notFound());
  return r;
}
