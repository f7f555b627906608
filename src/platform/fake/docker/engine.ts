import { Hono } from 'hono';
import type { Clock } from '../../../lib/clock.ts';
import { DockerError, type DockerCall, type DockerDriver } from '../../docker.ts';
import { search } from '../../docker/engine.ts';
import { addCarriers } from './carriers.ts';
import { fakeContainers, type FakeContainer } from './containers.ts';
import { fakeFiles } from './files.ts';
import { fakeOne } from './one.ts';
import { addImages, imageIdOf } from './images.ts';
import { addImageWork } from './image-work.ts';
import { addMaking } from './make.ts';
import { addNetworks, networksOf } from './networks.ts';
import { ndjson } from './stream.ts';
import { addVolumes, volumesOf } from './volumes.ts';

/**
 * An engine that does not exist, for `serve --demo` and for tests: it answers Docker's API as the real one does, on
 * containers that it makes up, and what is done with them lasts as long as the process.
 */
export function createFakeDocker(clock: Clock): DockerDriver {
  const containers = fakeContainers(clock.now());
  const listeners = new Set<(line: string) => void>();
  const tell = (one: FakeContainer, action: string) => {
    const line = `${JSON.stringify({ Type: 'container', Action: action, Actor: { ID: one.id, Attributes: { name: one.name } } })}\n`;
    for (const listener of listeners) listener(line);
  };
  const engine = new Hono();
  const notice = (type: string, action: string, id: string) => {
    const line = `${JSON.stringify({ Type: type, Action: action, Actor: { ID: id, Attributes: {} } })}\n`;
    for (const listener of listeners) listener(line);
  };
  const world = { clock, containers, notice };
  addCarriers(engine, world);
  const { images, imageOf } = addImages(engine, world);
  addImageWork(engine, world, images);
  addMaking(engine, { ...world, imageOf, tell });
  addVolumes(engine, world);
  addNetworks(engine, world);

  engine.get('/version', (c) => c.json({ Version: '27.3.1', ApiVersion: '1.47' }));
  engine.get('/info', (c) => c.json(info(containers)));
  engine.get('/events', () => ndjson((send) => {
    listeners.add(send);
    return () => listeners.delete(send);
  }));

  // Not of Docker's API: the made-up process behind it (fake/dockerd.ts) says that it has read its file again.
  engine.post('/made-up/reload', () => {
    for (const listener of listeners) listener(`${JSON.stringify({ Type: 'daemon', Action: 'reload', Actor: { ID: 'demo', Attributes: {} } })}\n`);
    return new Response(null, { status: 204 });
  });

  engine.get('/containers/json', (c) => c.json(containers.filter(({ state }) => c.req.query('all') || state === 'running').map((one) => listed(one, clock.now()))));

  const find = (id: string) => containers.find((one) => one.id === id || one.name === id || one.id.startsWith(id));
  const missing = (id: string) => Response.json({ message: `No such container: ${id}` }, { status: 404 });

  fakeOne(engine, { find, missing, tell, all: () => containers, now: () => clock.now() });

  fakeFiles(engine, { find, missing, now: () => clock.now() });

  engine.get('/containers/:id/stats', (c) => {
    const one = find(c.req.param('id'));
    if (!one) return missing(c.req.param('id'));
    let used = 0;
    return ndjson((send) => {
      const timer = setInterval(() => {
        used += one.cpu * (0.8 + 0.4 * Math.abs(Math.sin(clock.now() / 7000 + one.name.length))) * 1e9;
        send(`${JSON.stringify(statistics(one, used, clock.now()))}\n`);
      }, 1000);
      return () => clearInterval(timer);
    });
  });

  const becomes: Record<string, Partial<FakeContainer>> = {
    start: { state: 'running' }, unpause: { state: 'running' }, restart: { state: 'running' }, pause: { state: 'paused' },
    stop: { state: 'exited', exitCode: 0 }, kill: { state: 'exited', exitCode: 137 },
  };
  const events: Record<string, string> = { stop: 'die', kill: 'die', restart: 'start' };
  for (const [action, change] of Object.entries(becomes)) {
    engine.post(`/containers/:id/${action}`, (c) => {
      const one = find(c.req.param('id'));
      if (!one) return missing(c.req.param('id'));
      if (action === 'start' && one.state === 'running') return new Response(null, { status: 304 });
      Object.assign(one, change, { changedAt: clock.now() });
      tell(one, events[action] ?? action);
      return new Response(null, { status: 204 });
    });
  }
  engine.delete('/containers/:id', (c) => {
    const one = find(c.req.param('id'));
    if (!one) return missing(c.req.param('id'));
    containers.splice(containers.indexOf(one), 1);
    tell(one, 'destroy');
    return new Response(null, { status: 204 });
  });

  const dial = async ({ method = 'GET', path, query = {}, body, content, headers, signal }: DockerCall): Promise<Response> => {
    const sent = content ? content.data : body === undefined ? null : JSON.stringify(body);
    const answer = await engine.request(`${path}${search(query)}`, { method, headers: { ...headers, ...(content ? { 'content-type': content.type } : {}) }, body: sent, duplex: 'half', ...(signal ? { signal } : {}) } as RequestInit);
    if (answer.status < 400) return answer;
    const text = await answer.text();
    throw new DockerError(answer.status, text.startsWith('{') ? (JSON.parse(text) as { message: string }).message : text);
  };

  return {
    endpoint: () => 'unix:///var/run/docker.sock',
    async ask(call) {
      const text = await (await dial(call)).text();
      return text === '' ? null : JSON.parse(text);
    },
    async stream(call) {
      const reader = (await dial(call)).body!.getReader();
      const destroy = () => void reader.cancel().catch(() => {});
      call.signal?.addEventListener('abort', destroy, { once: true });
      async function* pieces() {
        for (let next = await reader.read(); !next.done; next = await reader.read()) yield Buffer.from(next.value);
      }
      return Object.assign(pieces(), { destroy });
    },
  };
}

function listed(one: FakeContainer, now: number) {
  const ago = duration(now - one.changedAt);
  const health = one.health && one.state === 'running' ? ` (${one.health})` : '';
  const status = { running: `Up ${ago}${health}`, paused: `Up ${ago} (Paused)`, exited: `Exited (${one.exitCode}) ${ago} ago`, created: 'Created' }[one.state];
  return {
    Id: one.id, Names: [`/${one.name}`], Image: one.image, ImageID: one.imageId ?? imageIdOf(one.image), Command: 'docker-entrypoint.sh', Created: Math.floor(one.createdAt / 1000),
    State: one.state, Status: status,
    Ports: one.ports.map(({ address, host, container }) => ({ ...(host === null ? {} : { IP: address, PublicPort: host }), PrivatePort: container, Type: 'tcp' })),
    Labels: one.stack ? { 'com.docker.compose.project': one.stack, 'com.docker.compose.service': one.service, 'com.docker.compose.project.working_dir': `/srv/${one.stack}` } : {},
    Mounts: volumesOf(one.name).map((name) => ({ Type: 'volume', Name: name })),
    NetworkSettings: { Networks: Object.fromEntries(networksOf(one).map((name) => [name, {}])) },
  };
}

/** As the engine says it. */
function duration(ms: number): string {
  const hours = ms / 3_600_000;
  if (ms < 1000) return 'Less than a second';
  if (hours < 1 / 60) return `${Math.floor(ms / 1000)} seconds`;
  if (hours < 1) return `${Math.floor(hours * 60)} minutes`;
  if (hours < 48) return `${Math.floor(hours)} hours`;
  if (hours < 24 * 14) return `${Math.floor(hours / 24)} days`;
  return hours < 24 * 60 ? `${Math.floor(hours / 24 / 7)} weeks` : `${Math.floor(hours / 24 / 30)} months`;
}

function statistics(one: FakeContainer, used: number, now: number) {
  const seconds = now / 1000;
  return {
    read: new Date(now).toISOString(),
    cpu_stats: { cpu_usage: { total_usage: Math.round(used) }, system_cpu_usage: now * 1e6, online_cpus: 8 },
    memory_stats: { usage: Math.round(one.memory * (1 + 0.03 * Math.sin(seconds / 11 + one.name.length))), limit: 32 * 2 ** 30, stats: {} },
    networks: { eth0: { rx_bytes: Math.round(seconds * one.cpu * 90_000), tx_bytes: Math.round(seconds * one.cpu * 210_000) } },
    blkio_stats: { io_service_bytes_recursive: [{ op: 'read', value: 0 }, { op: 'write', value: Math.round(seconds * one.cpu * 4000) }] },
    pids_stats: { current: 12 },
  };
}

function info(containers: readonly FakeContainer[]) {
  const count = (state: FakeContainer['state']) => containers.filter((one) => one.state === state).length;
  return {
    NCPU: 8, MemTotal: 32 * 2 ** 30, Name: 'demo-01', OperatingSystem: 'Debian GNU/Linux 12 (bookworm)', KernelVersion: '6.1.0-25-amd64', Architecture: 'x86_64', ServerVersion: '27.3.1',
    Driver: 'overlay2', LoggingDriver: 'json-file', CgroupDriver: 'systemd', CgroupVersion: '2', DefaultRuntime: 'runc', DockerRootDir: '/var/lib/docker', LiveRestoreEnabled: false,
    SecurityOptions: ['name=apparmor', 'name=seccomp,profile=builtin', 'name=cgroupns'], ContainersRunning: count('running'), ContainersPaused: count('paused'), ContainersStopped: count('exited') + count('created'),
    Images: 12, Warnings: null, RegistryConfig: { Mirrors: ['https://mirror.example.org/'] },
  };
}
