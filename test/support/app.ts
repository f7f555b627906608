import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tellAll } from '../../src/cli/console.ts';
import type { Config } from '../../src/config/load.ts';
import type { App, Panel } from '../../src/core/app.ts';
import type { Events } from '../../src/core/events.ts';
import { createContainerWatch } from '../../src/core/containers/watch.ts';
import { createEngines, withEngines } from '../../src/core/docker/endpoints/engines.ts';
import { createSampler } from '../../src/core/metrics/sampler.ts';
import { createSecrets } from '../../src/core/secrets/secrets.ts';
import { createSession } from '../../src/core/sessions/sessions.ts';
import { createTaskRunner } from '../../src/core/tasks/runner.ts';
import { createTerminalHost } from '../../src/core/terminal/host.ts';
import { followRecordings } from '../../src/core/terminal/recordings/record.ts';
import { followTerminals } from '../../src/core/terminal/terminals.ts';
import { closeDb, openDb } from '../../src/db/open.ts';
import { users, type Role } from '../../src/db/schema/users.ts';
import { loadAssets } from '../../src/http/assets.ts';
import { Bus } from '../../src/lib/bus.ts';
import { manualClock } from '../../src/lib/clock.ts';
import { createLog } from '../../src/lib/log.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { exec } from '../../src/platform/exec.ts';
import type { DockerDriver } from '../../src/platform/docker.ts';
import { createFakeHost } from '../../src/platform/fake/host.ts';
import { createLinuxFiles } from '../../src/platform/linux/files/files.ts';
import type { ExposureDriver } from '../../src/platform/exposure.ts';
import type { FirewallDriver } from '../../src/platform/firewall.ts';
import { createScripts } from '../../src/platform/scripts.ts';
import type { ShellsDriver } from '../../src/platform/shells.ts';
import { createServer, type PanelServer } from '../../src/server.ts';

export const ORIGIN = 'http://127.0.0.1:8686';

export interface TestApp {
  app: App;
  clock: ReturnType<typeof manualClock>;
  server: PanelServer;
  /** Lines that the panel logged as errors: must stay empty unless a test is about one. */
  errors: string[];
  /** Calls of panel.restart(). */
  restarts: number[];
  /** A request of a browser without a session; `init.peer` is the remote address (default 127.0.0.1). */
  request(path: string, init?: Init): Promise<Response>;
  /** Makes a user of this role with a session and returns a browser that is signed in as them. */
  as(role: Role, name?: string): Browser;
  close(): Promise<void>;
}

export interface Init extends RequestInit {
  peer?: string;
  /** Sent as a form with the panel's own Origin. */
  form?: Record<string, string>;
}

export interface Browser {
  userId: string;
  sessionId: string;
  token: string;
  request(path: string, init?: Init): Promise<Response>;
}

export interface TestOptions {
  config?: Partial<Config>;
  panel?: Partial<Panel>;
  app?: Partial<App>;
  /** What terminals run; none when left out. */
  shells?: ShellsDriver;
  /** The container engine; the made-up one when left out. */
  docker?: DockerDriver;
  /** What rules and interfaces the machine has; the made-up ones when left out. */
  exposure?: ExposureDriver;
  /** The firewall; the made-up one when left out. */
  firewall?: FirewallDriver;
}

/** The whole panel in memory on the fake host: real database in a temp folder, a clock that only tests move. */
export function testApp(options: TestOptions = {}): TestApp {
  const dataDir = mkdtempSync(join(tmpdir(), 'mantou-test-'));
  const clock = manualClock();
  const errors: string[] = [];
  const restarts: number[] = [];
  const config: Config = Object.freeze({
    host: '127.0.0.1', port: 8686, dataDir, tls: undefined, tlsCert: undefined, tlsKey: undefined,
    trustedProxies: [], allowedHosts: [], releaseUrl: undefined, portable: false, demo: false, ...options.config,
  });
  const log = createLog(clock.now, (level, line) => void (level === 'error' && errors.push(line)));
  const db = openDb(join(dataDir, 'mantou.db'));
  const bus = new Bus<Events>((error) => errors.push(String(error)));
  const base = { config, version: '0.0.0-test', db, log, bus, clock, random: systemRandom, exec };
  const machine = createFakeHost({ clock, files: createLinuxFiles(exec), ...(options.shells ? { shells: options.shells } : {}), ...(options.docker ? { docker: options.docker } : {}), ...(options.firewall ? { firewall: options.firewall } : {}), ...(options.exposure ? { exposure: options.exposure } : {}) });
  const secrets = createSecrets(systemRandom.bytes(32), systemRandom);
  const engines = createEngines({ ...base, secrets, host: machine });
  const host = withEngines(machine, engines);
  const panel: Panel = {
    startedAt: clock.now(), tls: false, certificate: () => null, restart: () => void restarts.push(clock.now()),
    restartRefusal: () => null, restartCommand: () => 'exec mantou serve', ...options.panel,
  };
  const app: App = {
    ...base, host, engines, secrets, panel,
    scripts: createScripts(exec, join(dataDir, 'scripts')),
    tasks: createTaskRunner({ ...base, folder: join(dataDir, 'tasks'), tell: tellAll }),
    terminals: createTerminalHost(base),
    sampler: createSampler({ ...base, host }),
    containers: createContainerWatch({ ...base, host }),
    ...options.app,
  };
  followTerminals(app);
  followRecordings(app);
  const server = createServer(app);
  const assets = loadAssets();

  const send = async (path: string, { peer = '127.0.0.1', form, ...init }: Init = {}, cookie?: string) => {
    const headers = new Headers(init.headers);
    if (!headers.has('host')) headers.set('host', '127.0.0.1:8686');
    if (form && !headers.has('origin')) headers.set('origin', ORIGIN);
    if (cookie && !headers.has('cookie')) headers.set('cookie', cookie);
    const body = form ? new URLSearchParams(form) : (init.body ?? null);
    const request = new Request(new URL(path, ORIGIN).href, { redirect: 'manual', ...init, method: init.method ?? (form ? 'POST' : 'GET'), headers, body: body as never });
    const socket = { requestIP: () => ({ address: peer, port: 1, family: 'IPv4' }), timeout: () => {} };
    return server.hono.fetch(request, { server: socket as never, assets });
  };

  return {
    app, clock, server, errors, restarts,
    request: (path, init) => send(path, init),
    as(role, name: string = role) {
      const userId = app.random.id();
      app.db.insert(users).values({ id: userId, name, role, passwordHash: 'none', createdAt: clock.now(), passwordChangedAt: clock.now() }).run();
      const session = createSession(app, userId, 'test', { ip: '127.0.0.1', userAgent: 'test' });
      return { userId, sessionId: session.id, token: session.token, request: (path, init) => send(path, init, `mantou_session=${session.token}`) };
    },
    async close() {
      // As a panel does that stops: what is open asks nothing of a database that is closed.
      server.streams.stop('stop');
      app.sampler.stop();
      app.containers.stop();
      app.engines.stop();
      app.terminals.close();
      await app.tasks.stop(1000);
      closeDb(db);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
