import { afterAll, beforeAll, expect } from 'bun:test';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { type SystemdHost, startSystemdHost } from '../support/systemd-host.ts';
import { until } from '../support/until.ts';

/** The engine of a machine of its own, with systemd: its daemon.json is changed, refused, and taken back. */
const it = needs('linux', 'root', 'docker', 'debootstrap', 'busybox');
const FILE = '/etc/docker/daemon.json';
let host: SystemdHost;
let session = '';

const url = () => `https://${host.ip}:8686`;
const get = (path: string, init: RequestInit = {}) =>
  fetch(url() + path, { redirect: 'manual', signal: AbortSignal.timeout(60_000), tls: { rejectUnauthorized: false }, headers: { cookie: session }, ...init } as RequestInit);
const post = (path: string, fields: Record<string, string>) => get(path, { method: 'POST', headers: { origin: url(), cookie: session }, body: new URLSearchParams(fields) });

const sh = async (script: string) => {
  const { code, out, err } = await host.run('sh', '-c', script);
  if (code !== 0) throw new Error(`${script}: ${out}${err}`);
  return out.trim();
};
const pid = () => sh('systemctl show docker -p MainPID --value');
const running = async () => (await sh("docker ps --format '{{.Names}}' | sort")).split('\n');
const file = () => sh(`cat ${FILE} 2>/dev/null || true`);

if (it.ok) {
  beforeAll(async () => {
    host = await startSystemdHost();
    // An overlay does not lie on an overlay.
    await sh('mkdir -p /var/lib/docker && mount -t tmpfs tmpfs /var/lib/docker');
    await host.put(await executable(), '/root/mantou');
    await sh('apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends docker.io iptables');
    await host.put('/bin/busybox', '/root/busybox');
    await sh('mkdir -p /root/image/bin && cp /root/busybox /root/image/bin/busybox && ln -s busybox /root/image/bin/sleep && tar -C /root/image -c . | docker import - box:1');
    await sh('docker run -d --network none --restart always --name keep box:1 /bin/sleep 100000');
    await sh('docker run -d --network none --name loose box:1 /bin/sleep 100000');
    const { out } = await host.run('/root/mantou', 'service', 'install');
    const token = /\/setup#([\w-]{43})/.exec(out)![1]!;
    await until(async () => (await get('/healthz', { signal: AbortSignal.timeout(5000) }).catch(() => null))?.ok);
    const answer = await post('/setup', { token, name: 'lin', password: 'steamed bun 2026', password2: 'steamed bun 2026' });
    session = /(?:__Host-)?mantou_session=[^;]+/.exec(answer.headers.get('set-cookie')!)![0];
  });
  afterAll(() => host?.stop());
}

async function apply(text: string) {
  const html = await (await get('/docker/settings')).text();
  const hash = /name="hash" value="([^"]*)"/.exec(html)![1]!;
  const answer = await post('/docker/settings', { do: 'apply', text, hash, startAgain: 'on' });
  return { status: answer.status, task: answer.headers.get('location') ?? '', html: answer.status === 303 ? '' : await answer.text() };
}

/** How a task ended, and its log. */
async function ended(task: string) {
  await until(async () => !/data-state="now"/.test(await (await get(task)).text()));
  return { html: await (await get(task)).text(), log: await (await get(`${task}/log`)).text() };
}

it('a mirror is taken while the engine runs: the same process, no container stops', async () => {
  const page = await (await get('/docker/settings')).text();
  for (const text of [FILE, 'systemctl restart docker.service', '-H fd://']) expect(page).toContain(text);
  const [before, ids] = [await pid(), await sh('docker inspect -f {{.State.StartedAt}} keep loose')];
  const { task, html } = await apply('{"registry-mirrors": ["http://127.0.0.1:9"]}\n');
  expect(html).toBe('');
  expect((await ended(task)).log).toContain('the engine has read it');
  expect([await pid(), await sh('docker inspect -f {{.State.StartedAt}} keep loose')]).toEqual([before, ids]);
  expect(await sh('docker info -f {{.RegistryConfig.Mirrors}}')).toContain('http://127.0.0.1:9/');
});

it('what needs a restart gets one, and all that ran runs again', async () => {
  const before = await pid();
  const review = await (await post('/docker/settings', { do: 'review', text: '{"mtu": 1400}', hash: /name="hash" value="([^"]*)"/.exec(await (await get('/docker/settings')).text())![1]! })).text();
  expect(review).toContain('Without a restart policy, these stop: loose');
  const { task } = await apply('{\n  "registry-mirrors": ["http://127.0.0.1:9"],\n  "log-opts": {"max-size": "5m"}\n}\n');
  const { log } = await ended(task);
  expect(log).toContain('what ran before runs again: keep, loose');
  expect(log).toContain('API listen on');
  expect(await pid()).not.toBe(before);
  expect(await running()).toEqual(['keep', 'loose']);
  expect(await sh(`stat -c %a ${FILE}`)).toBe('644');
});

it('one that the engine does not start with is taken back by itself, and containers run again', async () => {
  const good = await file();
  await sh(`chmod 600 ${FILE}`);
  const { task } = await apply('{"storage-driver": "floppy"}');
  const { html, log } = await ended(task);
  expect(html).toContain('The file of before is back');
  expect(log).toContain('floppy');
  expect([await file(), await sh(`stat -c %a ${FILE}`), await running()]).toEqual([good, '600', ['keep', 'loose']]);
  // A key that dockerd does not know is only told of before, and taken back all the same.
  await ended((await apply('{"no-such-key": 1}')).task);
  expect([await file(), await running()]).toEqual([good, ['keep', 'loose']]);
  const versions = await (await get('/docker/settings/versions')).text();
  expect(versions.match(/Taken back/g)!.length).toBe(2);
});

it('what dockerd was told by a flag is refused before', async () => {
  const good = await file();
  const { status, html } = await apply('{"hosts": ["unix:///var/run/docker.sock"]}');
  expect([status, html.includes('it does not start when hosts is in the file as well')]).toEqual([422, true]);
  expect(await file()).toBe(good);
});

it('a panel that is killed in the middle settles it when it is there again', async () => {
  const good = await file();
  const begun = () => sh('cat /var/lib/mantou/docker-daemon/begun.json 2>/dev/null || true');
  for (const [text, then] of [['{"storage-driver": "floppy"}', good], ['{\n  "debug": false,\n  "mtu": 1450\n}', '{\n  "debug": false,\n  "mtu": 1450\n}']] as const) {
    void apply(text).catch(() => {});
    await until(async () => /"phase":"(tell|wait)"/.test(await begun()));
    await sh('systemctl kill -s KILL mantou');
    await until(async () => (await get('/healthz', { signal: AbortSignal.timeout(5000) }).catch(() => null))?.ok);
    await until(async () => (await begun()) === '');
    expect(await file()).toBe(then);
    await until(async () => (await running()).join() === 'keep,loose');
  }
});

it('when the engine is down by a file that somebody wrote, the page still mends it', async () => {
  await sh(`echo '{"storage-driver": "floppy"}' > ${FILE}; systemctl restart docker || true`);
  const page = await (await get('/docker/settings')).text();
  expect(page).toContain('floppy');
  const { task } = await apply('{}\n');
  expect((await ended(task)).log).toContain('the engine answers');
  expect([await file(), await running()]).toEqual(['{}', ['keep']]);
});

it('the log of errors is empty', async () => {
  expect((await host.run('sh', '-c', 'cat /var/lib/mantou/logs/error.log 2>/dev/null')).out).toBe('');
});
