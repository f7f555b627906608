import { afterAll, beforeAll, expect } from 'bun:test';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { type SystemdHost, startSystemdHost } from '../support/systemd-host.ts';
import { until } from '../support/until.ts';

/** A Debian without Docker, where the panel installs it: from the page, with the packages of Debian. */
const it = needs('linux', 'root', 'docker', 'debootstrap');
let host: SystemdHost;
let session = '';

const url = () => `https://${host.ip}:8686`;
const get = (path: string, init: RequestInit = {}) =>
  fetch(url() + path, { redirect: 'manual', signal: AbortSignal.timeout(60_000), tls: { rejectUnauthorized: false }, headers: { cookie: session }, ...init } as RequestInit);
const post = (path: string, fields: Record<string, string>) => get(path, { method: 'POST', headers: { origin: url(), cookie: session }, body: new URLSearchParams(fields) });

if (it.ok) {
  beforeAll(async () => {
    host = await startSystemdHost();
    await host.put(await executable(), '/root/mantou');
    const { out } = await host.run('/root/mantou', 'service', 'install');
    const token = /\/setup#([\w-]{43})/.exec(out)![1]!;
    await until(async () => (await get('/healthz', { signal: AbortSignal.timeout(5000) }).catch(() => null))?.ok);
    const answer = await post('/setup', { token, name: 'lin', password: 'steamed bun 2026', password2: 'steamed bun 2026' });
    session = /(?:__Host-)?mantou_session=[^;]+/.exec(answer.headers.get('set-cookie')!)![0];
  });
  afterAll(() => host?.stop());
}

it('without an engine the page says so, shows what would run, and installs it', async () => {
  const page = await (await get('/containers')).text();
  expect(page).toContain('satisfy docker.io iptables');
  const answer = await post('/docker/install', {});
  const task = answer.headers.get('location')!;
  expect(task).toMatch(/^\/tasks\//);
  await until(async () => (await host.run('test', '-x', '/usr/sbin/dockerd')).code === 0 && (await host.run('systemctl', 'is-enabled', 'docker')).out.trim() === 'enabled');
  // What apt says is written down a moment after it is done.
  await until(async () => (await (await get(`${task}/log`)).text()).includes('Setting up docker.io'));
  // It starts where the kernel lets it; where it does not, the task says why in the engine's own words.
  await until(async () => !/data-state="now"/.test(await (await get(task)).text()));
  const running = (await host.run('systemctl', 'is-active', 'docker')).out.trim() === 'active';
  expect(await (await get('/containers')).text()).toContain(running ? 'Docker 20.10' : 'No container engine');
});

it('the log of errors is empty', async () => {
  expect((await host.run('sh', '-c', 'cat /var/lib/mantou/logs/error.log 2>/dev/null')).out).toBe('');
});
