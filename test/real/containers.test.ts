import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engine, testContainers } from '../support/docker.ts';
import { readEvents } from '../support/events.ts';
import { needs } from '../support/needs.ts';
import { post, runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { endHost, terminalsOf } from '../support/terminal-panel.ts';
import { until } from '../support/until.ts';

/** Pages and API of containers on the engine of this machine. */
const it = needs('docker', 'busybox');
const docker = engine();
const containers = testContainers('detail');
let panel: RunningPanel;
let cookie = '';
let bearer: Record<string, string> = {};
const shells = terminalsOf(() => panel, () => cookie);

/** From the sources: what is tested here is the same in the executable. */
const start = (env: Record<string, string> = {}) => runPanel([process.execPath, 'src/main.ts'], { env });

if (it.ok) {
  beforeAll(async () => {
    panel = await start();
    cookie = await setUp(panel);
    bearer = { authorization: `Bearer ${await token(panel)}` };
  });
  afterAll(async () => {
    await containers.removeAll();
    expect(panel.errorLog()).toBe('');
    await endHost(panel.dataDir);
    expect(await panel.stop()).toBe(0);
  });
}

async function token({ dataDir }: RunningPanel): Promise<string> {
  const child = Bun.spawn([process.execPath, 'src/main.ts', 'token', 'add', '--user', 'lin', '--name', 'tests', '--data-dir', dataDir], { stdout: 'pipe', stderr: 'inherit' });
  return (await child.stdout.text()).trim();
}

const get = (path: string) => fetch(panel.url + path, { headers: { cookie }, redirect: 'manual' });
const text = async (path: string) => (await get(path)).text();
const api = (path: string, init: RequestInit = {}) => fetch(`${panel.url}/api/v1${path}`, { ...init, headers: { ...bearer, 'content-type': 'application/json' } });
const act = (fields: Record<string, string>) => post(panel, cookie, '/containers/act', fields);

interface Line {
  time: string;
  stream: string;
  text: string;
  cut?: boolean;
}

async function log(id: string, query = ''): Promise<Line[]> {
  const answer = await api(`/containers/${id}/logs?${query}`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
  return (await answer.text()).split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

const ended = (id: string) => docker.ask({ method: 'POST', path: `/containers/${id}/wait`, timeout: 300_000 });

it('a container is listed, stopped, started and removed by the pages', async () => {
  const { id, name } = await containers.run(['sleep', '600']);
  expect(await text(`/containers?q=${name}`)).toContain(`href="/containers/${id}"`);
  const back = await act({ one: `stop ${id}`, to: `/containers/${id}` });
  expect([back.status, back.headers.get('location')]).toEqual([303, `/containers/${id}`]);
  expect(await (await api(`/containers/${name}`)).json()).toMatchObject({ id, name, state: 'exited' });
  expect((await api(`/containers/${id.slice(0, 12)}/act`, { method: 'POST', body: JSON.stringify({ action: 'start' }) })).status).toBe(204);
  expect(await (await api(`/containers?q=${name}`)).json()).toMatchObject({ total: 1, items: [{ id, name, state: 'running' }] });
  expect(await text(`/containers/remove?ids=${id}`)).toContain(name);
  expect((await act({ action: 'remove', ids: id })).headers.get('location')).toBe('/containers');
  expect((await get(`/containers/${id}`)).status).toBe(404);
  expect((await api(`/containers/${id}/act`, { method: 'POST', body: JSON.stringify({ action: 'start' }) })).status).toBe(404);
});

it('a log without a terminal: both streams, bytes that are no UTF-8, 10,000 characters in one line', async () => {
  const script = `echo 馒头; echo wrong >&2; printf 'a\\377b\\n'; head -c 10000 /dev/zero | tr '\\0' y; echo; head -c 200000 /dev/zero | tr '\\0' z; echo; echo last`;
  const { id } = await containers.run(['sh', '-c', script]);
  await ended(id);
  const lines = await log(id, 'tail=all');
  expect(lines.filter(({ stream }) => stream === 'stderr').map((line) => line.text)).toEqual(['wrong']);
  const out = lines.filter(({ stream }) => stream === 'stdout');
  expect(out.map((line) => (line.text.length > 20 ? `${line.text[0]}${line.text.length}` : line.text))).toEqual(['馒头', 'a\ufffdb', 'y10000', 'z65536', 'last']);
  expect(out.map(({ cut }) => cut ?? false)).toEqual([false, false, false, true, false]);
  for (const { time } of lines) expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  // The page shows the same; the file has all of it.
  const page = await text(`/containers/${id}/logs`);
  for (const shown of ['馒头', '<li class="err">', 'y'.repeat(10_000), 'a\ufffdb']) expect(page).toContain(shown);
  const file = await text(`/containers/${id}/logs/download?plain=on&stream=stdout`);
  expect(file).toBe(`馒头\na\ufffdb\n${'y'.repeat(10_000)}\n${'z'.repeat(200_000)}\nlast\n`);
  expect((await log(id, 'stdout=false')).map((line) => line.text)).toEqual(['wrong']);
  expect((await log(id, `q=${encodeURIComponent('馒')}`)).map((line) => line.text)).toEqual(['馒头']);
  expect((await log(id, 'tail=1&stderr=false')).map((line) => line.text)).toEqual(['last']);
});

it('a log with a terminal: lines, colours, and long ones', async () => {
  const { id } = await containers.run(['sh', '-c', `printf '\\033[31mred\\033[0m plain\\n'; head -c 40000 /dev/zero | tr '\\0' x; echo; echo 馒头`], { Tty: true });
  await ended(id);
  const lines = await log(id);
  expect(lines.map((line) => (line.text.length > 100 ? `${line.text[0]}${line.text.length}` : line.text))).toEqual(['\x1b[31mred\x1b[0m plain', 'x40000', '馒头']);
  const page = await text(`/containers/${id}/logs`);
  expect(page).toContain('<i class="a1">red</i> plain');
  expect(page).toContain('x'.repeat(40_000));
});

it('a followed log goes on after the last line of the page, and ends when its container is removed', async () => {
  const { id } = await containers.run(['sh', '-c', 'i=0; while true; do echo line $i; i=$((i+1)); sleep 0.05; done']);
  await until(async () => (await log(id)).length > 5);
  const after = /data-after="([^"]+)"/.exec(await text(`/containers/${id}/logs?tail=100`))![1]!;
  const before = (await log(id)).filter(({ time }) => time <= after).length;
  const stream = await readEvents(`${panel.url}/containers/${id}/logs/stream?after=${encodeURIComponent(after)}`, { cookie });
  const said = () => stream.events.filter(({ event }) => event === 'lines').flatMap(({ value }) => value.lines.map((line: any) => line.segments[0][0]));
  await until(() => said().length > 10);
  expect(said().slice(0, 3)).toEqual([before, before + 1, before + 2].map((n) => `line ${n}`));
  await docker.ask({ method: 'DELETE', path: `/containers/${id}`, query: { force: true } });
  await until(() => stream.events.some(({ event }) => event === 'ended'));
  await stream.over;
});

it('20,000 lines a second: the page is sent the newest, and told how many are left out', async () => {
  const { id } = await containers.run(['yes', 'a line that is said again and again, much faster than anybody reads it']);
  const stream = await readEvents(`${panel.url}/containers/${id}/logs/stream`, { cookie });
  const portions = () => stream.events.filter(({ event }) => event === 'lines').map(({ value }) => value);
  await Bun.sleep(3000);
  expect(portions().length).toBeLessThan(40);
  // A slow engine takes longer for as many.
  await until(() => portions().length > 3 && portions().reduce((sum, { left }) => sum + left, 0) > 20_000);
  stream.close();
  await docker.ask({ method: 'POST', path: `/containers/${id}/kill` });
  expect(Math.max(...portions().map(({ lines }) => lines.length))).toBeLessThanOrEqual(200);
  // And the panel is as quick as before.
  const began = performance.now();
  expect((await get('/containers')).status).toBe(200);
  expect(performance.now() - began).toBeLessThan(10_000);
});

it('S13 what a container was told in secret is on no page and in no answer; who asks to see it is written down', async () => {
  const secret = 'steamed-bun-secret';
  const env = [`DB_PASSWORD=${secret}`, `API_TOKEN=${secret}`, `DATABASE_URL=postgres://lin:${secret}@db/x`, 'COLOUR=brown'];
  const { id, name } = await containers.run(['sleep', '600'], { Env: env, Labels: { 'x.secret': secret } });
  const pages = ['', '/inspect', '/logs', '/processes', '/changes', '/limits', '/rename', '/exec'].map((page) => `/containers/${id}${page}`);
  for (const path of pages) {
    const answer = await get(path);
    expect([path, answer.status]).toEqual([path, 200]);
    expect([path, (await answer.text()).includes(secret)]).toEqual([path, false]);
  }
  expect(await text(`/containers/${id}`)).toContain('brown');
  for (const path of [`/containers/${id}`, `/containers?q=${name}`]) expect(await (await api(path)).text()).not.toContain(secret);
  const shown = await (await post(panel, cookie, `/containers/${id}/environment`, {})).text();
  expect(shown).toContain(`postgres://lin:${secret}@db/x`);
  const { items } = (await (await api('/audit?limit=5')).json()) as { items: { action: string; target: string }[] };
  expect(items[0]).toMatchObject({ action: 'containers.reveal', target: name });
});

it('processes and changes', async () => {
  const { id } = await containers.run(['sh', '-c', 'echo x > /data/new; rm /etc/passwd; sleep 600']);
  const top = async () => (await (await api(`/containers/${id}/processes`)).json()) as { titles: string[]; rows: string[][] };
  // The last that it does: what it changes is changed by then.
  await until(async () => (await top()).rows.some((row) => row.at(-1)!.startsWith('sleep 600')));
  const { changes } = (await (await api(`/containers/${id}/changes`)).json()) as { changes: { path: string; kind: string }[] };
  expect(changes).toContainEqual({ path: '/data/new', kind: 'added' });
  expect(changes).toContainEqual({ path: '/etc/passwd', kind: 'deleted' });
  expect((await top()).titles).toContain('PID');
  await act({ one: `stop ${id}` });
  expect((await api(`/containers/${id}/processes`)).status).toBe(409);
  expect((await get(`/containers/${id}/processes`)).status).toBe(200);
});

it('renamed and limited while it runs; a name that is taken is said in the form', async () => {
  const [one, other] = [await containers.run(['sleep', '600']), await containers.run(['sleep', '600'])];
  const taken = await post(panel, cookie, `/containers/${one.id}/rename`, { name: other.name });
  expect([taken.status, (await taken.text()).includes(`Another container is called ${other.name}.`)]).toEqual([422, true]);
  expect((await post(panel, cookie, `/containers/${one.id}/rename`, { name: '../x' })).status).toBe(422);
  expect((await post(panel, cookie, `/containers/${one.id}/rename`, { name: `${one.name}-new` })).status).toBe(303);
  const limits = (fields: Record<string, string>) => post(panel, cookie, `/containers/${one.id}/limits`, { memory: '', cpus: '', restart: 'no', retries: '0', ...fields });
  const now = async () => (await api(`/containers/${one.id}`)).json();
  expect((await limits({ memory: '64', cpus: '0.5', restart: 'on-failure', retries: '3' })).status).toBe(303);
  expect(await now()).toMatchObject({ name: `${one.name}-new`, memoryLimit: 64 * 2 ** 20, cpuLimit: 0.5, restartPolicy: 'on-failure', restartsMost: 3, state: 'running' });
  expect((await limits({ memory: '2', cpus: '0.5' })).status).toBe(422);
  const many = await limits({ cpus: '4000' });
  expect([many.status, (await many.text()).includes('refused')]).toEqual([422, true]);
  for (const [name, value] of [['cpus', '1'], ['memory', '128']] as const) expect(await (await limits({ [name]: value })).text()).toContain('takes none away');
  expect((await limits({ memory: '128', cpus: '1' })).status).toBe(303);
  expect(await now()).toMatchObject({ memoryLimit: 128 * 2 ** 20, cpuLimit: 1, restartPolicy: 'no' });
});

it('a terminal in a container is a shell in it, of the user that was asked for', async () => {
  const { id, name } = await containers.run(['sleep', '600'], { Hostname: 'in-the-box' });
  const answer = await post(panel, cookie, `/containers/${id}/exec`, { shell: 'auto', user: 'www' });
  expect([answer.status, answer.status === 303 ? '' : await answer.text()]).toEqual([303, '']);
  const terminal = /\?id=([\w-]+)$/.exec(answer.headers.get('location')!)![1]!;
  const socket = await shells.socket(terminal);
  socket.type('cat /etc/passwd | head -1; id -u; echo e""nd\r');
  await socket.saw('end');
  expect(socket.seen.bytes.toString()).toMatch(/root:x:0:0:root[^]*\n33\r\n/);
  expect(await (await api(`/terminals/${terminal}`)).json()).toMatchObject({ kind: 'container', target: name, state: 'running' });
  const running = async () => ((await (await api(`/containers/${id}/processes`)).json()) as { rows: string[][] }).rows.map((row) => row.at(-1));
  socket.type('sleep 500 &\r');
  await until(async () => (await running()).includes('sleep 500'));
  expect(await running()).toHaveLength(3);
  // The engine would let all of it go on.
  await shells.kill(terminal);
  await until(async () => (await running()).join() === 'sleep 600');
  await act({ one: `stop ${id}` });
  expect((await post(panel, cookie, `/containers/${id}/exec`, { shell: 'auto', user: '' })).status).toBe(409);
  expect((await post(panel, cookie, `/containers/${id}/exec`, { shell: 'auto', user: '--privileged' })).status).toBe(422);
});

it('who looks is told at once that something changed, and each second what is used', async () => {
  const stream = await readEvents(`${panel.url}/containers/stream`, { cookie });
  const { id } = await containers.run(['sh', '-c', 'while true; do true; done']);
  await until(() => stream.events.some(({ event, value }) => event === 'used' && value.uses.some((use: any) => use.id === id && use.cpu > 5)));
  const seen = stream.events.length;
  await docker.ask({ method: 'POST', path: `/containers/${id}/kill` });
  const killed = performance.now();
  const told = () => stream.events.slice(seen).find(({ event }) => event === 'changed');
  await until(told);
  // Half a second, where nothing else runs.
  expect(told()!.at - killed).toBeLessThan(4000);
  stream.close();
  expect((((await (await api(`/containers/${id}/stats`)).json()) as { items: object[] }).items)).toEqual([]);
});

/** Pages of a panel whose engine is at this socket. */
async function elsewhere(socket: string, run: (open: (path: string) => Promise<{ status: number; text: string; ms: number }>) => Promise<void>) {
  const other = await start({ DOCKER_HOST: `unix://${socket}` });
  try {
    const session = await setUp(other);
    await run(async (path) => {
      const began = performance.now();
      const answer = await fetch(other.url + path, { headers: { cookie: session } });
      return { status: answer.status, text: await answer.text(), ms: performance.now() - began };
    });
    expect(other.errorLog()).toBe('');
  } finally {
    await other.stop();
  }
}

it('no engine: every page says so, and how to get one', async () => {
  await elsewhere('/nonexistent/docker.sock', async (open) => {
    expect(await open('/containers')).toMatchObject({ status: 200, text: expect.stringContaining('No container engine') });
    for (const page of ['', '/logs', '/processes', '/inspect', '/limits']) expect(await open(`/containers/web${page}`)).toMatchObject({ status: 503, text: expect.stringContaining('No container engine') });
  });
});

it('an engine that accepts and says nothing: pages answer within five seconds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-silent-'));
  const path = join(folder, 'docker.sock');
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => void open.add(socket)).listen(path);
  try {
    await elsewhere(path, async (get) => {
      for (const page of ['/containers', '/containers/web', '/containers/web/logs', '/containers/web/changes']) {
        let { text, ms } = await get(page);
        // The quickest of three: a machine that has much else to do is slow now and then, a page that asks twice each time.
        for (let i = 0; i < 2 && ms >= 5500; i++) ({ text, ms } = await get(page));
        expect([page, text.includes('The engine does not answer'), ms < 5500]).toEqual([page, true, true]);
      }
    });
  } finally {
    for (const socket of open) socket.destroy();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
