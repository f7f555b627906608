import { Hono } from 'hono';
import { docs } from './api/docs.tsx';
import { api } from './api/mount.ts';
import type { App } from './core/app.ts';
import { routeRules, type RouteRule } from './http/allow.ts';
import { wholeBody } from './http/body.ts';
import type { Env } from './http/env.ts';
import { notFound, onError } from './http/fault.tsx';
import { compress } from './http/compress.ts';
import { guard } from './http/guard.ts';
import { headers } from './http/headers.ts';
import { person } from './http/person.ts';
import { setupGate } from './http/setup-gate.ts';
import { createStreams, type Streams } from './http/sse.ts';
import { assets } from './routes/assets.ts';
import { dashboard } from './routes/dashboard.tsx';
import { health } from './routes/health.ts';
import { power } from './routes/power.tsx';
import { preferences } from './routes/preferences.ts';
import { processes } from './routes/processes.tsx';
import { users } from './routes/users.tsx';
import { account } from './routes/account.tsx';
import { secondFactor } from './routes/second-factor.tsx';
import { setup } from './routes/setup.tsx';
import { signin } from './routes/signin.tsx';
import { about } from './routes/about.tsx';
import { audit } from './routes/audit.tsx';
import { metrics } from './routes/metrics.ts';
import { settings } from './routes/settings.tsx';
import { tasks } from './routes/tasks.tsx';

export interface PanelServer {
  hono: Hono<Env>;
  streams: Streams;
  rules: RouteRule[];
}

/** The whole panel as one request → answer function; no I/O of its own. */
export function createServer(app: App): PanelServer {
  const streams = createStreams(app);
  const server = new Hono<Env>();
  server.onError(onError);
  server.notFound(notFound);
  server.use(async (c, next) => {
    c.set('app', app);
    c.set('streams', streams);
    c.set('nonce', Buffer.from(app.random.bytes(16)).toString('base64'));
    await next();
  });
  server.use(compress(), headers(), guard(app));
  server.route('/', health(app));
  server.route('/', assets());
  // The body before the person: whoever is asked about must still be signed in when everything is there.
  server.use(wholeBody(), person(app), setupGate(app));
  server.route('/', api(app));
  server.route('/', metrics(app));
  server.route('/', dashboard(app));
  server.route('/', processes(app));
  server.route('/', power(app));
  server.route('/', tasks(app));
  server.route('/', about(app));
  server.route('/', docs(app));
  server.route('/', audit(app));
  server.route('/', settings(app));
  server.route('/', setup(app));
  server.route('/', signin(app));
  server.route('/', preferences(app));
  server.route('/', account(app));
  server.route('/', secondFactor(app));
  server.route('/', users(app));
  return { hono: server, streams, rules: routeRules(server) };
}
