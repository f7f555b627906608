import { Hono } from 'hono';
import type { App } from '../core/app.ts';
import { open } from '../http/allow.ts';
import type { Env } from '../http/env.ts';

/** For load balancers and scripts: is the panel up, and which version? */
export function health(app: App) {
  const r = new Hono<Env>();
  r.get('/healthz', open(), (c) => c.json({ status: 'ok', version: app.version }));
  return r;
}
