import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busyboxImage, engine, testContainers } from '../support/docker.ts';
import { readEvents } from '../support/events.ts';
import { needs } from '../support/needs.ts';
import { post, runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { testPki } from '../support/pki.ts';
import { makeKey, startSshd, type Sshd } from '../support/sshd.ts';
import { endHost, terminalsOf } from '../support/terminal-panel.ts';
import { tlsEngine, type TlsEngine } from '../support/tls-engine.ts';
import { until } from '../support/until.ts';

/** The engine of this machine, as if it were another's: behind TLS that wants a certificate, and behind a real sshd. */
const it = needs('docker', 'busybox', 'sshd', 'openssl', 'root', 'linux');
const stacksToo = needs('docker', 'busybox', 'sshd', 'openssl', 'root', 'linux', 'composeProgram');
const docker = engine();
const containers = testContainers('endpoints');
let folder = '';
let panel: RunningPanel;
let cookie = '';
let bearer: Record<string, string> = {};
let pki: ReturnType<typeof testPki>;
let server: ReturnType<ReturnType<typeof testPki>['leaf']>;
let tls: TlsEngine;
let sshd: Sshd;
let key: ReturnType<typeof makeKey>;
const shells = terminalsOf(() => panel, () => cookie);
const main = [process.execPath, 'src/main.ts'];

if (it.ok) {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mantou-endpoints-'));
    await busyboxImage();
    pki = testPki();
    server = pki.leaf('server', ['127.0.0.1']);
    tls = await tlsEngine({ ca: pki.ca.cert, pair: server });
    key = makeKey(join(folder, 'id'));
    sshd = await startSshd(folder, [key.publicKey]);
    panel = await runPanel(main, { dataDir: mkdtempSync(join(folder, 'data-')) });
    cookie = await setUp(panel);
    const child = Bun.spawn([...main, 'token', 'add', '--user', 'lin', '--name', 'tests', '--data-dir', panel.dataDir], { stdout: 'pipe', stderr: 'inherit' });
    bearer = { authorization: `Bearer ${(await child.stdout.text()).trim()}` };
  });
  afterAll(async () => {
    await containers.removeAll();
    expect(panel.errorLog()).toBe('');
    await endHost(panel.dataDir);
    await panel.stop();
    await sshd.stop();
    tls.stop();
    pki.remove();
    // What the panel opened ends with it.
    await until(() => relays().length === 0);
    rmSync(folder, { recursive: true, force: true });
  });
}

const json = async (method: string, path: string, body?: object) => {
  const answer = await fetch(`${panel.url}/api/v1${path}`, { method, headers: { ...bearer, 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) });
  const text = await answer.text();
  return { status: answer.status, ...(text ? (JSON.parse(text) as Record<string, any>) : {}) } as Record<string, any>;
};
const page = async (path: string) => (await fetch(panel.url + path, { headers: { cookie } })).text();

/** Arguments of every process of this machine. */
const commandLines = () => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).map((pid) => {
  try {
    return { pid: Number(pid), line: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') };
  } catch {
    return { pid: 0, line: '' };
  }
});
/** Those ssh that hold the connection of an engine of ours. */
const relays = () => commandLines().filter(({ line }) => / -T -N -- mantou-hop-0 $/.test(line) && childOf(line)).map(({ pid }) => pid);
const childOf = (line: string) => line.includes(`mantou-ssh-${new Bun.CryptoHasher('sha256').update(panel.dataDir).digest('hex').slice(0, 12)}-`);

const certificates = () => ({ ca: pki.ca.cert, certificate: pki.client.cert, key: pki.client.key });
const addTls = async (name: string, fields: object = {}) => (await json('POST', '/docker/endpoints', { name, kind: 'tls', address: '127.0.0.1', port: tls.port, ...certificates(), ...fields })).id as string;
const remove = (id: string) => json('DELETE', `/docker/endpoints/${id}`);
const test = (id: string) => json('POST', `/docker/endpoints/${id}/test`);
const use = (id: string) => json('POST', `/docker/endpoints/${id}/use`);
const onEngine = async <T>(id: string, work: () => Promise<T>) => {
  expect(await use(id)).toEqual({ status: 204 });
  try {
    return await work();
  } finally {
    expect(await use('here')).toEqual({ status: 204 });
  }
};

/** Saved as a person does it: the form, the host key, and it is tried. */
async function addSsh(name: string, to: Sshd, privateKey = key.privateKey): Promise<string> {
  const blank = { socket: '', ca: '', certificate: '', key: '', passphrase: '' };
  const saved = await post(panel, cookie, '/docker/endpoints', { ...blank, name, kind: 'ssh', sshHost: 'new', address: '127.0.0.1', port: String(to.port), user: 'root', sshKey: privateKey });
  const asked = /^\/terminal\/hosts\/([\w-]+)\/key\?engine=([\w-]+)$/.exec(saved.headers.get('location') ?? '');
  if (!asked) throw new Error(`${saved.status} ${saved.headers.get('location')} ${(await saved.text()).slice(0, 200)}`);
  const [path, host, engineId] = asked;
  expect(await page(path)).toContain(to.hostKey.fingerprint);
  expect(await page('/docker')).toContain(`/terminal/hosts/${host}/key?engine=${engineId}`);
  const pinned = await post(panel, cookie, `/terminal/hosts/${host}/key`, { seen: to.hostKey.fingerprint, for: '', engine: engineId! });
  expect(pinned.headers.get('location')).toBe('/docker#endpoints');
  return engineId!;
}

/** Everything that a page does with a container, through this engine. */
async function everything(id: string) {
  const name = `${containers.prefix}-${id.slice(-6)}`;
  const { id: container } = await containers.run(['sh', '-c', 'i=0; while true; do echo "line $((i=i+1))"; sleep 0.1; done'], {}, name);
  await onEngine(id, async () => {
    expect(await page('/containers')).toContain(name);
    expect(await json('GET', '/docker')).toMatchObject({ endpoint: id, up: true, about: { containers: { running: expect.any(Number) } } });
    const log = await readEvents(`${panel.url}/containers/${container}/logs/stream`, { cookie });
    const live = await readEvents(`${panel.url}/containers/stream`, { cookie });
    await until(() => log.events.flatMap(({ value }) => value?.lines ?? []).length > 5);
    // An engine without control groups of its own measures nothing.
    const { read } = (await docker.ask({ path: `/containers/${container}/stats`, query: { stream: false } })) as { read: string };
    const told = read.startsWith('0001') ? () => live.events.some(({ value }) => value?.up) : () => live.events.some(({ event, value }) => event === 'used' && value.uses.some((one: any) => one.id === container));
    await until(told);
    const answer = await post(panel, cookie, `/containers/${container}/exec`, { shell: 'sh', user: 'www' });
    const terminal = /\?id=([\w-]+)$/.exec(answer.headers.get('location') ?? '')?.[1] ?? '';
    const socket = await shells.socket(terminal);
    socket.type('echo "$(id -u)-en""d"\r');
    await socket.saw('33-end');
    await shells.kill(terminal);
    const running = async () => ((await json('GET', `/containers/${container}/processes`)).rows as string[][]).map((row) => row.at(-1)!).filter((line) => line === 'sh');
    await until(async () => (await running()).length === 0);
    await post(panel, cookie, '/containers/act', { one: `stop ${container}` });
    await until(() => log.events.some(({ event }) => event === 'ended'));
    log.close();
    live.close();
  });
}

it('TLS: lists, logs, statistics, terminals in containers', async () => {
  const id = await addTls('tls-all');
  expect(await test(id)).toMatchObject({ up: true, url: `tcp://127.0.0.1:${tls.port}`, keyOf: null });
  await everything(id);
  await remove(id);
});

it('SSH: the host key is shown and pinned, one connection carries everything, and it ends with its endpoint', async () => {
  const id = await addSsh('ssh-all', sshd);
  await everything(id);
  expect(relays()).toHaveLength(1);
  await remove(id);
  await until(() => relays().length === 0);
});

it('SSH without forwarding goes by docker system dial-stdio', async () => {
  const strict = await startSshd(folder, [key.publicKey], ['AllowStreamLocalForwarding no', 'AllowTcpForwarding no']);
  const id = await addSsh('ssh-stdio', strict);
  await everything(id);
  await remove(id);
  await strict.stop();
});

it('TLS refuses: another authority, another name, one that has ended, no certificate, one of another authority', async () => {
  const other = pki.authority('other');
  const rogue = pki.leaf('rogue', ['rogue'], { by: 'other' });
  const past = await tlsEngine({ ca: pki.ca.cert, pair: pki.leaf('past', ['127.0.0.1'], { days: -1 }) });
  const elsewhere = await tlsEngine({ ca: pki.ca.cert, pair: pki.leaf('elsewhere', ['elsewhere.example']) });
  const why = async (name: string, fields: object) => {
    const id = await addTls(name, fields);
    const found = await test(id);
    expect([name, (await use(id)).status]).toEqual([name, 503]);
    await remove(id);
    return [found.up, found.why];
  };
  expect(await why('other authority', { ca: other.cert })).toEqual([false, 'untrusted']);
  expect(await why('past', { port: past.port })).toEqual([false, 'untrusted']);
  expect(await why('elsewhere', { port: elsewhere.port })).toEqual([false, 'untrusted']);
  expect(await why('nothing shown', { certificate: '', key: '' })).toEqual([false, 'broken']);
  expect(await why('rogue', { certificate: rogue.cert, key: rogue.key })).toEqual([false, 'broken']);
  expect(await why('nobody', { port: 1 })).toEqual([false, 'absent']);
  past.stop();
  elsewhere.stop();
});

it('S16 SSH refuses: a key that is not let in, and another host key than was pinned', async () => {
  const stranger = makeKey(join(folder, 'stranger'));
  const refused = await addSsh('stranger', sshd, stranger.privateKey);
  expect(await test(refused)).toMatchObject({ up: false, why: 'refused', keyOf: null });
  await remove(refused);
  const moving = await startSshd(folder, [key.publicKey]);
  const id = await addSsh('moving', moving);
  expect(await test(id)).toMatchObject({ up: true });
  await moving.reinstall();
  // What is open stays with the sshd that took it; the next connection meets the other key.
  for (const pid of relays()) process.kill(pid, 'SIGKILL');
  await until(() => relays().length === 0);
  const changed = await test(id);
  expect(changed).toMatchObject({ up: false, why: 'untrusted', keyOf: expect.any(String) });
  expect((await use(id)).status).toBe(503);
  await remove(id);
  await moving.stop();
});

it('one that takes connections and says nothing: the page says so, and there is a way back', async () => {
  const id = await addTls('hangs');
  expect(await use(id)).toEqual({ status: 204 });
  tls.hang(true);
  const begun = performance.now();
  const said = await page('/containers');
  expect(said).toContain('hangs does not answer');
  expect(said).toContain('action="/docker/endpoints/here/use"');
  expect(performance.now() - begun).toBeLessThan(40_000);
  expect((await post(panel, cookie, '/docker/endpoints/here/use', {})).status).toBe(303);
  tls.hang(false);
  await remove(id);
  const mute = createServer().listen(0, '127.0.0.1');
  await until(() => mute.listening);
  const silent = await post(panel, cookie, '/docker/endpoints', { name: 'mute', kind: 'ssh', sshHost: 'new', address: '127.0.0.1', port: String((mute.address() as { port: number }).port), user: 'root', sshKey: key.privateKey });
  expect(silent.status).toBe(303);
  expect(await page('/docker')).toContain('mute');
  mute.close();
});

it('S22 ssh that is killed in the middle of a stream: who looks is told, and goes on', async () => {
  const id = await addSsh('killed', sshd);
  const { id: container, name } = await containers.run(['sleep', '600']);
  await onEngine(id, async () => {
    const live = await readEvents(`${panel.url}/containers/stream`, { cookie });
    await until(() => live.events.some(({ event, value }) => event === 'changed' && value.up));
    const [pid] = relays();
    process.kill(pid!, 'SIGKILL');
    await until(() => live.events.some(({ event, value }) => event === 'changed' && !value.up));
    await until(() => live.events.findLast(({ event }) => event === 'changed')?.value.up === true);
    expect(await page('/containers')).toContain(name);
    expect(relays()).not.toContain(pid!);
    live.close();
  });
  await remove(id);
  await docker.ask({ method: 'DELETE', path: `/containers/${container}`, query: { force: true } });
});

it('a shell outlives the panel, and is ended on its own engine though another is chosen', async () => {
  const { id: container } = await containers.run(['sleep', '600']);
  for (const id of [await addSsh('outlives-ssh', sshd), await addTls('outlives-tls')]) {
    const terminal = await onEngine(id, async () => {
      const answer = await post(panel, cookie, `/containers/${container}/exec`, { shell: 'sh', user: '' });
      return /\?id=([\w-]+)$/.exec(answer.headers.get('location') ?? '')![1]!;
    });
    const before = await shells.socket(terminal);
    before.type('x=kept; echo rea""dy\r');
    await before.saw('ready');
    const { dataDir } = panel;
    panel.kill('SIGKILL');
    await panel.exited;
    panel = await runPanel(main, { dataDir });
    // What the killed one held open is swept.
    await until(() => relays().length === 0);
    const after = await shells.socket(terminal);
    after.type('echo "$x-af""ter"\r');
    await after.saw('kept-after');
    await shells.kill(terminal);
    const top = async () => ((await docker.ask({ path: `/containers/${container}/top` })) as { Processes: string[][] }).Processes.length;
    await until(async () => (await top()) === 1);
    await remove(id);
  }
});

stacksToo('a stack goes up on the engine that is chosen, in a folder of its own', async () => {
  const name = `mtep${process.pid}`;
  const compose = `services:\n  web:\n    image: ${await busyboxImage()}\n    command: sleep 600\n    stop_grace_period: 1s\n`;
  const settled = async (task: Record<string, any>) => {
    expect(task).toMatchObject({ status: 202 });
    await until(async () => (await json('GET', `/tasks/${task.id}`)).state !== 'running');
    expect(await json('GET', `/tasks/${task.id}`)).toMatchObject({ state: 'done' });
  };
  for (const id of [await addSsh('stack-ssh', sshd), await addTls('stack-tls')]) {
    await onEngine(id, async () => {
      expect(await json('POST', '/stacks', { name, compose })).toMatchObject({ status: 201 });
      expect(readdirSync(join(panel.dataDir, 'stacks/.on', id))).toContain(name);
      await settled(await json('POST', `/stacks/${name}/deploy`, { wait: 30 }));
      expect(await json('GET', `/stacks/${name}`)).toMatchObject({ own: true, state: 'running', running: 1 });
    });
    // Here it is one that others began.
    expect(await json('GET', `/stacks/${name}`)).toMatchObject({ own: false });
    await onEngine(id, async () => settled(await json('DELETE', `/stacks/${name}`)));
    await remove(id);
  }
});

it('S13 no key is told, shown, logged, or stands in the arguments or the environment of a program', async () => {
  const canaries = [pki.client.key.split('\n')[1]!, key.privateKey.split('\n')[2]!];
  const ids = [await addTls('secret-tls'), await addSsh('secret-ssh', sshd)];
  const { id: container } = await containers.run(['sleep', '600']);
  const seen: string[] = [];
  for (const id of ids) {
    await onEngine(id, async () => {
      const answer = await post(panel, cookie, `/containers/${container}/exec`, { shell: 'sh', user: '' });
      const terminal = /\?id=([\w-]+)$/.exec(answer.headers.get('location') ?? '')![1]!;
      for (const { pid, line } of commandLines()) {
        seen.push(line);
        try {
          seen.push(readFileSync(`/proc/${pid}/environ`, 'utf8'));
        } catch {
          // It has ended.
        }
      }
      seen.push(await page('/docker'), await page(`/docker/endpoints/${id}`), await page('/terminal'), JSON.stringify(await json('GET', `/docker/endpoints/${id}`)), JSON.stringify(await json('GET', `/terminals/${terminal}`)));
      await shells.kill(terminal);
    });
  }
  for (const path of ['/audit', '/tasks', '/terminal', '/settings']) seen.push(await page(path));
  for (const path of ['/audit?limit=200', '/tasks?limit=200', '/docker/endpoints', '/settings']) seen.push(JSON.stringify(await json('GET', path)));
  const files = [...new Bun.Glob('**/*').scanSync({ cwd: panel.dataDir, dot: true, onlyFiles: true })].filter((file) => !file.endsWith('.sock'));
  for (const file of files) seen.push(readFileSync(join(panel.dataDir, file), 'latin1'));
  seen.push(panel.console());
  expect(seen.length).toBeGreaterThan(50);
  for (const canary of canaries) expect(seen.filter((text) => text.includes(canary))).toEqual([]);
  for (const id of ids) await remove(id);
});
