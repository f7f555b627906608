import { afterAll, beforeAll, expect } from 'bun:test';
import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { type SystemdHost, startSystemdHost } from '../support/systemd-host.ts';
import { PATIENCE_MS } from '../support/until.ts';

/** `mantou service` on a real Debian with systemd: as somebody would who copied the executable to /root. */
const it = needs('linux', 'root', 'docker', 'debootstrap');
let host: SystemdHost;
let session = '';

if (it.ok) {
  beforeAll(async () => {
    host = await startSystemdHost();
    await host.put(await executable(), '/root/mantou');
  });
  afterAll(() => host?.stop());
}

const url = () => `https://${host.ip}:8686`;
const get = (path: string, init: RequestInit = {}) =>
  fetch(url() + path, { redirect: 'manual', signal: AbortSignal.timeout(60_000), tls: { rejectUnauthorized: false }, ...init } as RequestInit);
const post = (path: string, fields: Record<string, string>) =>
  get(path, { method: 'POST', headers: { origin: url(), cookie: session }, body: new URLSearchParams(fields) });
const mainPid = async () => Number((await host.run('systemctl', 'show', '-P', 'MainPID', 'mantou')).out);
const setupToken = (text: string) => /\/setup#([\w-]{43})/.exec(text)?.[1];

/** Polls until the work answers something true. */
async function until<T>(work: () => Promise<T>, ms = PATIENCE_MS): Promise<NonNullable<T>> {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await work().catch(() => null);
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error('waited too long');
    await Bun.sleep(100);
  }
}
const healthy = () => until(async () => (await get('/healthz', { signal: AbortSignal.timeout(5000) })).ok);

function servedCertificate(): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: host.ip, port: 8686, rejectUnauthorized: false, ALPNProtocols: ['h2'] }, () => {
      resolve(new X509Certificate(socket.getPeerCertificate().raw));
      socket.end();
    });
    socket.on('error', reject);
  });
}

it('S20 only root may install it', async () => {
  await host.run('cp', '/root/mantou', '/tmp/mantou');
  const ran = await host.run('setpriv', '--reuid=65534', '--clear-groups', '/tmp/mantou', 'service', 'install');
  expect(ran.code).toBe(1);
  expect(ran.err).toContain('sudo mantou service');
  const { code, out } = await host.run('/root/mantou', 'service', 'status');
  expect({ code, out }).toEqual({ code: 3, out: expect.stringContaining('not installed') });
});

it('refuses a port that is taken, before it changes anything', async () => {
  await host.run('systemd-run', '--unit=holder', 'sh', '-c', 'exec /root/mantou serve --host 0.0.0.0 --data-dir /tmp/other');
  await healthy();
  const ran = await host.run('/root/mantou', 'service', 'install');
  expect(ran.code).toBe(1);
  expect(ran.err).toContain(':8686 is already in use');
  expect((await host.run('ls', '/etc/systemd/system/mantou.service', '/usr/local/bin/mantou')).code).toBe(2);
  await host.run('systemctl', 'stop', 'holder');
});

it('installs, starts and tells where the set-up begins', async () => {
  const { code, out, err } = await host.run('/root/mantou', 'service', 'install');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain(`The panel: ${url()}`);
  expect(out).toContain((await servedCertificate()).fingerprint256);
  expect(setupToken(out)).toBeDefined();
  const version = await (await get('/healthz')).json();
  expect(version).toMatchObject({ status: 'ok' });
});

it('its certificate names the machine', async () => {
  const certificate = await servedCertificate();
  expect(certificate.checkIP(host.ip)).toBe(host.ip);
  expect(certificate.checkHost('steamer')).toBe('steamer');
  expect(certificate.checkHost('localhost')).toBe('localhost');
});

it('S20 the executable and the data belong to root alone', async () => {
  const { out } = await host.run('stat', '-c', '%a %u %n', '/usr/local/bin/mantou', '/var/lib/mantou', '/var/lib/mantou/secret.key', '/var/lib/mantou/mantou.db', '/var/lib/mantou/tls/key.pem');
  expect(out.trim().split('\n')).toEqual([
    '755 0 /usr/local/bin/mantou', '700 0 /var/lib/mantou', '600 0 /var/lib/mantou/secret.key', '600 0 /var/lib/mantou/mantou.db', '600 0 /var/lib/mantou/tls/key.pem',
  ]);
});

it('systemd finds nothing wrong with the unit, and the panel sees the same files as the machine', async () => {
  const { code, out, err } = await host.run('systemd-analyze', 'verify', '/etc/systemd/system/mantou.service');
  expect({ code, out, err }).toEqual({ code: 0, out: '', err: '' });
  const spaces = await host.run('readlink', '/proc/1/ns/mnt', `/proc/${await mainPid()}/ns/mnt`);
  const [machine, panel] = spaces.out.trim().split('\n');
  expect(panel).toBe(machine);
});

it('S9 S13 the journal does not keep the setup token', async () => {
  const { out } = await host.run('journalctl', '-u', 'mantou', '--no-pager', '-o', 'cat');
  expect(out).toContain('is ready:');
  expect(out).toContain('sudo mantou service status');
  expect(out).not.toContain('/setup#');
});

it('status tells the same again with a new token, which sets the panel up', async () => {
  const { code, out } = await host.run('mantou', 'service', 'status');
  expect(code).toBe(0);
  expect(out).toContain('mantou.service: active, enabled');
  const name = 'lin';
  const password = 'steamed bun 2026';
  const answer = await post('/setup', { token: setupToken(out)!, name, password, password2: password });
  session = answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
  expect(session).toContain('__Host-mantou_session=');
  expect((await get('/', { headers: { cookie: session } })).status).toBe(200);
  expect((await host.run('mantou', 'service', 'status')).out).not.toContain('/setup#');
});

it('the command line works beside it', async () => {
  expect((await host.run('mantou', 'user', 'list')).out).toBe('lin\tadmin\t-\tactive\n');
  const { code, out } = await host.run('mantou', 'doctor');
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^ok {4}service: /m) });
  expect(out).toContain(`the panel runs at ${url()}`);
});

it('the restart button restarts it through systemd, and the session stays', async () => {
  const before = await mainPid();
  expect((await post('/power/panel', { confirm: 'steamer' })).status).toBe(200);
  await until(async () => (await mainPid()) !== before && (await mainPid()) > 0);
  await healthy();
  expect((await get('/', { headers: { cookie: session } })).status).toBe(200);
  expect((await host.run('systemctl', 'show', '-P', 'NRestarts', 'mantou')).out.trim()).toBe('0');
  const { out } = await host.run('journalctl', '-u', 'mantou', '--no-pager', '-o', 'cat');
  expect(out).not.toMatch(/Failed|timed out|SIGKILL/);
});

it('comes back after kill -9, and after the machine was started again', async () => {
  const before = await mainPid();
  await host.run('kill', '-9', String(before));
  await until(async () => (await mainPid()) > 0 && (await mainPid()) !== before);
  await healthy();
  await host.reboot();
  await healthy();
  expect((await get('/', { headers: { cookie: session } })).status).toBe(200);
});

it('installing again keeps what there is', async () => {
  const fingerprint = (await servedCertificate()).fingerprint256;
  const { code, err } = await host.run('/root/mantou', 'service', 'install');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect((await servedCertificate()).fingerprint256).toBe(fingerprint);
  expect((await get('/', { headers: { cookie: session } })).status).toBe(200);
});

it('says in its own words why a service does not start', async () => {
  await host.run('sh', '-c', 'echo "prot = 1" > /var/lib/mantou/config.toml');
  const broken = await host.run('mantou', 'service', 'install');
  expect(broken.code).toBe(2);
  expect(broken.err).toContain('unknown key prot');
  await host.run('rm', '/var/lib/mantou/config.toml');
});

it('no error was logged', async () => {
  expect((await host.run('cat', '/var/lib/mantou/logs/error.log')).out).toBe('');
});

it('uninstall stops it and keeps the data', async () => {
  const { code, out } = await host.run('mantou', 'service', 'uninstall');
  expect(code).toBe(0);
  expect(out).toContain('the data in /var/lib/mantou');
  expect((await host.run('systemctl', 'show', '-P', 'LoadState', 'mantou')).out.trim()).toBe('not-found');
  expect((await host.run('stat', '/var/lib/mantou/mantou.db')).code).toBe(0);
  expect(await get('/healthz').then(() => 'answers', () => 'closed')).toBe('closed');
  const again = await host.run('mantou', 'service', 'uninstall');
  expect({ code: again.code, err: again.err }).toEqual({ code: 1, err: expect.stringContaining('not installed') });
});
