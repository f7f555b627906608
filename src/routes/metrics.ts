import { Hono } from 'hono';
import type { App } from '../core/app.ts';
import { metricFamilies } from '../core/metrics/export.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { OPEN_METRICS, openMetrics } from '../lib/open-metrics.ts';

/** For Prometheus and its kin, with a bearer token: `authorization: { credentials: … }` in its scrape_config. */
export function metrics(app: App) {
  const r = new Hono<Env>();
  r.get('/metrics', allow('metrics.read'), async (c) => {
    const families = await metricFamilies(app, { streams: c.get('streams').count() });
    return c.body(openMetrics(families), 200, { 'content-type': OPEN_METRICS });
  });
  return r;
}
