import type { Hono } from 'hono';
import type { FakeContainer } from './containers.ts';
import { imageIdOf } from './images.ts';

interface Needs {
  find(id: string): FakeContainer | undefined;
  missing(id: string): Response;
  all(): readonly FakeContainer[];
  now(): number;
  tell(one: FakeContainer, action: string): void;
}

interface Limits {
  Memory: number;
  NanoCpus: number;
  RestartPolicy: { Name: string; MaximumRetryCount: number };
}

/** What the made-up engine says of one container: details, log, processes, changes; and what changes it. */
export function fakeOne(engine: Hono, { find, missing, all, now, tell }: Needs) {
  const limits = new Map<string, Limits>();
  const limitsOf = (one: FakeContainer): Limits => limits.get(one.id) ?? { Memory: 0, NanoCpus: 0, RestartPolicy: { Name: 'unless-stopped', MaximumRetryCount: 0 } };

  engine.get('/containers/:id/json', (c) => {
    const one = find(c.req.param('id'));
    return one ? c.json(inspected(one, limitsOf(one), now())) : missing(c.req.param('id'));
  });

  engine.get('/containers/:id/top', (c) => {
    const one = find(c.req.param('id'));
    if (!one) return missing(c.req.param('id'));
    if (one.state !== 'running') return c.json({ message: `Container ${one.id} is not running` }, 409);
    const row = (pid: number, command: string) => ['1000', String(pid), one.cpu.toFixed(1), '0.4', '212344', String(Math.round(one.memory / 2048)), '?', 'Ssl', '09:12', '0:42', command];
    return c.json({ Titles: ['USER', 'PID', '%CPU', '%MEM', 'VSZ', 'RSS', 'TTY', 'STAT', 'START', 'TIME', 'COMMAND'], Processes: [row(4021, 'docker-entrypoint.sh'), row(4077, `${one.service ?? one.name}: worker`)] });
  });

  engine.get('/containers/:id/changes', (c) => {
    const one = find(c.req.param('id'));
    if (!one) return missing(c.req.param('id'));
    return c.json([{ Path: '/run', Kind: 0 }, { Path: '/run/app.pid', Kind: 1 }, { Path: '/tmp', Kind: 0 }, { Path: '/tmp/cache', Kind: 1 }, { Path: '/etc/motd', Kind: 2 }]);
  });

  engine.get('/containers/:id/logs', (c) => {
    const one = find(c.req.param('id'));
    if (!one) return missing(c.req.param('id'));
    const query = c.req.query();
    const wanted = (stderr: boolean) => query[stderr ? 'stderr' : 'stdout'] === 'true';
    const most = query.tail === 'all' ? 400 : Math.min(400, Number(query.tail));
    const since = Number(query.since ?? 0) * 1000;
    const until = query.until ? Number(query.until) * 1000 : Infinity;
    const past = Array.from({ length: most }, (_, i) => now() - (most - i) * 4000).filter((at) => at >= since && at <= until);
    let count = 0;
    let timer: ReturnType<typeof setInterval> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const say = (at: number) => {
          const { text, stderr } = line(one, Math.floor(at / 4000));
          if (wanted(stderr)) controller.enqueue(frame(stderr, `${new Date(at).toISOString().replace('Z', `${String(count++ % 1e6).padStart(6, '0')}Z`)} ${text}\n`));
        };
        past.forEach(say);
        if (query.follow !== 'true' || one.state !== 'running') return controller.close();
        timer = setInterval(() => say(now()), 4000);
      },
      cancel: () => clearInterval(timer),
    });
    return new Response(body);
  });

  engine.post('/containers/:id/rename', (c) => {
    const one = find(c.req.param('id'));
    if (!one) return missing(c.req.param('id'));
    const name = c.req.query('name') ?? '';
    if (all().some((other) => other !== one && other.name === name)) return c.json({ message: `Conflict. The container name "/${name}" is already in use` }, 409);
    one.name = name;
    tell(one, 'rename');
    return new Response(null, { status: 204 });
  });

  engine.post('/containers/:id/update', async (c) => {
    const one = find(c.req.param('id'));
    if (!one) return missing(c.req.param('id'));
    const body = (await c.req.json()) as Partial<Limits>;
    limits.set(one.id, { ...limitsOf(one), ...body });
    tell(one, 'update');
    return c.json({ Warnings: null });
  });
}

/** As the engine frames what programs say without a terminal. */
function frame(stderr: boolean, text: string): Uint8Array {
  const bytes = Buffer.from(text);
  const head = Buffer.from([stderr ? 2 : 1, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

const PATHS = ['/', '/cart', '/api/orders', '/assets/app.css', '/healthz', '/search?q=bao'];

function line(one: FakeContainer, n: number): { text: string; stderr: boolean } {
  if (n % 23 === 0) return { text: `\x1b[33mWARN\x1b[0m slow query: ${120 + (n % 80)} ms`, stderr: true };
  if (n % 61 === 0) return { text: '\x1b[31mERROR\x1b[0m upstream timed out after 5000 ms', stderr: true };
  return { text: `\x1b[32mINFO\x1b[0m ${one.service ?? one.name} GET ${PATHS[n % PATHS.length]} 200 ${3 + (n % 40)} ms`, stderr: false };
}

function inspected(one: FakeContainer, limits: Limits, now: number) {
  const at = (ms: number) => new Date(ms).toISOString();
  const runs = one.state === 'running' || one.state === 'paused';
  const network = one.stack ? `${one.stack}_default` : 'bridge';
  return {
    Id: one.id, Name: `/${one.name}`, Created: at(one.createdAt), Path: 'docker-entrypoint.sh', Args: [one.service ?? one.name], Image: one.imageId ?? imageIdOf(one.image), RestartCount: one.restarts ?? 0,
    State: {
      Status: one.state, Running: runs, Paused: one.state === 'paused', ExitCode: one.exitCode, Error: '', OOMKilled: one.exitCode === 137 && one.name !== 'old-exporter',
      StartedAt: at(runs ? one.changedAt : one.createdAt), FinishedAt: runs ? '0001-01-01T00:00:00Z' : at(one.changedAt),
      ...(one.health ? { Health: { Status: one.health, FailingStreak: 0, Log: [{ Start: at(now - 30_000), End: at(now - 29_900), ExitCode: one.health === 'healthy' ? 0 : 1, Output: one.health === 'healthy' ? 'ok' : 'connection refused' }] } } : {}),
    },
    Config: {
      Image: one.image, Tty: false, User: '', WorkingDir: '/app', Hostname: one.id.slice(0, 12),
      Env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'TZ=Asia/Hong_Kong', 'DATABASE_URL=postgres://shop:made-up@shop-db-1:5432/shop', 'SESSION_SECRET=made-up'],
      Labels: one.stack ? { 'com.docker.compose.project': one.stack, 'com.docker.compose.service': one.service, 'com.docker.compose.project.working_dir': `/srv/${one.stack}`, 'com.docker.compose.project.config_files': `/srv/${one.stack}/compose.yaml` } : {},
    },
    HostConfig: { ...limits, NetworkMode: network, Privileged: false, LogConfig: { Type: 'json-file', Config: {} } },
    Mounts: [{ Type: 'volume', Name: `${one.stack ?? one.name}_data`, Source: `/var/lib/docker/volumes/${one.stack ?? one.name}_data/_data`, Destination: '/data', RW: true, Mode: 'z' }, { Type: 'bind', Source: '/etc/localtime', Destination: '/etc/localtime', RW: false, Mode: 'ro' }],
    NetworkSettings: {
      Ports: Object.fromEntries(one.ports.map(({ address, host, container }) => [`${container}/tcp`, host === null ? null : [{ HostIp: address, HostPort: String(host) }]])),
      Networks: { [network]: { IPAddress: runs ? `172.${network === 'bridge' ? 17 : 20}.0.${parseInt(one.id.slice(0, 2), 16) + 1}` : '', GlobalIPv6Address: '', Aliases: one.service ? [one.service] : null } },
    },
  };
}
