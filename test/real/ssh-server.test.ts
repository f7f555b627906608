import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { type SystemdHost, startSystemdHost } from '../support/systemd-host.ts';
import { until } from '../support/until.ts';

/** The SSH server of a machine of its own: its port, its keys and passwords are changed, with real connections that are made to it. */
const it = needs('linux', 'root', 'docker', 'debootstrap', 'sshd');
const OWN = '/etc/ssh/sshd_config.d/00-mantou.conf';
/** Two sign-ins have to fit into it, also on a machine that has more to do. */
const SECONDS = 15;
let host: SystemdHost;
let scratch = '';
let session = '';

const url = () => `https://${host.ip}:8686`;
const get = (path: string, init: RequestInit = {}) =>
  fetch(url() + path, { redirect: 'manual', signal: AbortSignal.timeout(60_000), tls: { rejectUnauthorized: false }, headers: { cookie: session, 'accept-language': 'en' }, ...init } as RequestInit);
const post = (path: string, fields: Record<string, string>) => get(path, { method: 'POST', headers: { origin: url(), cookie: session, 'accept-language': 'en' }, body: new URLSearchParams(fields) });

const sh = async (script: string) => {
  const { code, out, err } = await host.run('sh', '-c', script);
  if (code !== 0) throw new Error(`${script}: ${out}${err}`);
  return out.trim();
};

/** A real sign-in with the key. @returns what the command says, or null when nobody got in */
async function ssh(port: number, command = 'echo in', user = 'root'): Promise<string | null> {
  const options = ['-F', 'none', '-i', join(scratch, 'key'), '-p', String(port), '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=5', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'IdentitiesOnly=yes'];
  const child = Bun.spawn(['ssh', ...options, `${user}@${host.ip}`, command], { stdin: 'ignore', stdout: 'pipe', stderr: 'ignore' });
  const [out, code] = await Promise.all([child.stdout.text(), child.exited]);
  return code === 0 ? out.trim() : null;
}

const healthy = () => until(async () => (await get('/healthz', { signal: AbortSignal.timeout(5000) }).catch(() => null))?.ok);

if (it.ok) {
  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'mantou-ssh-server-'));
    await Bun.spawn(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(scratch, 'key')]).exited;
    host = await startSystemdHost('ufw');
    await host.put(await executable(), '/root/mantou');
    await sh('mkdir -p -m 700 /root/.ssh; systemctl start ssh');
    await host.put(join(scratch, 'key.pub'), '/root/.ssh/authorized_keys');
    await sh('chown root:root /root/.ssh/authorized_keys; chmod 600 /root/.ssh/authorized_keys');
    const { out } = await host.run('/root/mantou', 'service', 'install');
    const token = /\/setup#([\w-]{43})/.exec(out)![1]!;
    await healthy();
    const answer = await post('/setup', { token, name: 'lin', password: 'steamed bun 2026', password2: 'steamed bun 2026' });
    session = /(?:__Host-)?mantou_session=[^;]+/.exec(answer.headers.get('set-cookie')!)![0];
    expect((await post('/settings/armed-changes', { armedSeconds: String(SECONDS) })).status).toBe(303);
  });
  afterAll(async () => {
    await host?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });
}

interface Form { hash: string; [name: string]: string }

/** What the page's form holds. */
async function form(): Promise<Form> {
  const html = await (await get('/system/ssh')).text();
  const value = (name: string) => new RegExp(`name="${name}"[^>]* value="([^"]*)"`).exec(html)?.[1] ?? '';
  const box = (name: string) => (new RegExp(`<input[^>]*name="${name}"[^>]*checked`).test(html) ? { [name]: 'on' } : {});
  const select = (name: string) => new RegExp(`name="${name}".*?<option value="([^"]*)" selected`, 's').exec(html)![1]!;
  return {
    hash: value('hash'), ports: value('ports'), maxAuthTries: value('maxAuthTries'), permitRootLogin: select('permitRootLogin'), allowTcpForwarding: select('allowTcpForwarding'),
    listenAddresses: /name="listenAddresses"[^>]*>([^<]*)</.exec(html)![1]!.trim(), ...box('passwordAuthentication'), ...box('pubkeyAuthentication'), ...box('kbdInteractiveAuthentication'), ...box('x11Forwarding'),
  };
}

async function apply(change: Record<string, string>) {
  const answer = await post('/system/ssh', { ...(await form()), do: 'apply', ...change });
  return { status: answer.status, html: answer.status === 303 ? '' : await answer.text() };
}
const armedId = async () => /action="\/armed\/([0-9a-f-]{36})\/keep"/.exec(await (await get('/system/ssh')).text())?.[1];
const keep = async () => expect((await post(`/armed/${await armedId()}/keep`, { next: '/system/ssh' })).status).toBe(303);

it('the page says what counts, where it comes from, and what would be done', async () => {
  expect(await ssh(22)).toBe('in');
  const html = await (await get('/system/ssh')).text();
  for (const text of ['/etc/ssh/sshd_config:', 'OpenSSH_9', 'ssh.service: runs', 'SHA256:', 'default of sshd']) expect(html).toContain(text);
  expect(html).toContain(await sh('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d" " -f2'));
  const review = await (await post('/system/ssh', { ...(await form()), do: 'review', ports: '2222' })).text();
  for (const text of [OWN, 'Port 2222', 'systemctl reload-or-restart ssh.service', 'Apply, and revert unless kept']) expect(review).toContain(text);
  expect((await host.run('test', '-e', OWN)).code).toBe(1);
});

it('another port: the old one is refused, connections stay, and with the panel killed it comes back when nobody keeps it', async () => {
  const open = ssh(22, 'touch /run/came-in; until [ -e /run/go ]; do sleep 0.2; done; echo still in');
  await until(async () => (await host.run('test', '-e', '/run/came-in')).code === 0);
  expect(await apply({ ports: '2222' })).toEqual({ status: 303, html: '' });
  expect([await ssh(2222), await ssh(22)]).toEqual(['in', null]);
  await sh('systemctl mask --runtime mantou; systemctl kill --kill-whom=all -s KILL mantou');
  await until(async () => (await ssh(22)) === 'in');
  expect([await ssh(2222), (await host.run('test', '-e', OWN)).code]).toEqual([null, 1]);
  await sh('touch /run/go');
  expect(await open).toBe('still in');
  await sh('systemctl unmask --runtime mantou; systemctl restart mantou');
  await healthy();
  await until(async () => (await (await get('/system/ssh')).text()).includes('as nobody kept it.'));
});

it('kept, it stays; and a way back is another change', async () => {
  expect((await apply({ ports: '2222, 2223' })).status).toBe(303);
  await keep();
  await Bun.sleep(SECONDS * 1000 + 1000);
  expect([await ssh(2222), await ssh(2223), await ssh(22)]).toEqual(['in', 'in', null]);
  expect(await sh(`cat ${OWN}`)).toContain('Port 2222\nPort 2223');
  expect((await apply({ ports: '22' })).status).toBe(303);
  await keep();
  await until(async () => (await ssh(22)) === 'in');
  expect(await ssh(2222)).toBeNull();
});

it('a port that the main file sets is made a comment there, with the diff shown before', async () => {
  await sh(`rm ${OWN}; sed -i 's/^#Port 22$/Port 22/; s/^Include .*//' /etc/ssh/sshd_config; systemctl reload ssh`);
  const before = await sh('cat /etc/ssh/sshd_config');
  const review = await (await post('/system/ssh', { ...(await form()), do: 'review', ports: '2222' })).text();
  for (const text of ['# Set in 00-mantou.conf: Port 22', 'Include /etc/ssh/sshd_config.d/*.conf']) expect(review).toContain(text);
  expect((await apply({ ports: '2222' })).status).toBe(303);
  expect([await ssh(2222), await ssh(22)]).toEqual(['in', null]);
  expect((await post(`/armed/${await armedId()}/revert`, { next: '/' })).status).toBe(303);
  // The watchdog may have been quicker, and be at it.
  await until(async () => (await ssh(22)) === 'in');
  expect([await ssh(2222), await ssh(22), await sh('cat /etc/ssh/sshd_config'), await sh('stat -c %a /etc/ssh/sshd_config')]).toEqual([null, 'in', before, '644']);
  await sh(`sed -i 's/^Port 22$/#Port 22/; 1i Include /etc/ssh/sshd_config.d/*.conf' /etc/ssh/sshd_config; systemctl reload ssh`);
});

it('who would lock out everybody is warned, and has to say so', async () => {
  await sh('mv /root/.ssh/authorized_keys /root/keys');
  const change = { passwordAuthentication: '', kbdInteractiveAuthentication: '' };
  const { passwordAuthentication: _, ...fields } = await form();
  const review = await (await post('/system/ssh', { ...fields, do: 'review' })).text();
  expect(review).toContain('no account that administers this machine has a key');
  const refused = await post('/system/ssh', { ...fields, do: 'apply' });
  expect([refused.status, (await host.run('test', '-e', OWN)).code]).toEqual([409, 1]);
  await sh('mv /root/keys /root/.ssh/authorized_keys');
  expect(change).toBeDefined();
  expect((await post('/system/ssh', { ...fields, do: 'apply', hash: (await form()).hash })).status).toBe(303);
  expect(await sh('sshd -T | grep ^passwordauthentication')).toBe('passwordauthentication no');
  expect(await ssh(22)).toBe('in');
  await keep();
});

it('root is kept out, the others stay in', async () => {
  await sh('useradd -m -s /bin/bash -G sudo deploy; mkdir -p -m 700 /home/deploy/.ssh; cp /root/.ssh/authorized_keys /home/deploy/.ssh/; chown -R deploy /home/deploy/.ssh');
  expect((await apply({ permitRootLogin: 'no' })).status).toBe(303);
  expect([await ssh(22), await ssh(22, 'id -un', 'deploy')]).toEqual([null, 'deploy']);
  await until(async () => (await ssh(22)) === 'in');
});

it('a port that another program holds is refused before', async () => {
  await sh('systemctl start nginx');
  const { status, html } = await apply({ ports: '80' });
  expect([status, html.includes('Another program listens at port 80')]).toEqual([409, true]);
});

it('what sshd does not accept is shown with its words, and nothing is written', async () => {
  const text = 'Banner /no\\nMaxStartups nonsense';
  await sh(`printf 'MaxSessions 5\\n' > /etc/ssh/sshd_config.d/50-other.conf`);
  const fields = await form();
  await sh(`printf '${text}\\n' > /etc/ssh/sshd_config.d/50-other.conf`);
  const broken = await get('/system/ssh');
  expect([broken.status, (await broken.text()).includes('50-other.conf')]).toEqual([503, true]);
  const refused = await post('/system/ssh', { ...fields, do: 'apply', ports: '2222' });
  expect(refused.status).toBe(503);
  await sh('rm /etc/ssh/sshd_config.d/50-other.conf');
  expect(await ssh(22)).toBe('in');
});

it('where systemd waits for connections, its socket gets the port, and gives it back', async () => {
  await sh('systemctl disable --now ssh; systemctl enable --now ssh.socket');
  expect(await ssh(22)).toBe('in');
  expect(await (await get('/system/ssh')).text()).toContain('systemd waits for connections in place of sshd');
  expect((await apply({ ports: '2222' })).status).toBe(303);
  expect(await sh('cat /etc/systemd/system/ssh.socket.d/mantou.conf')).toContain('ListenStream=2222');
  expect([await ssh(2222), await ssh(22)]).toEqual(['in', null]);
  await until(async () => (await ssh(22)) === 'in');
  expect([await ssh(2222), (await host.run('test', '-e', '/etc/systemd/system/ssh.socket.d/mantou.conf')).code]).toEqual([null, 1]);
});

it('the machine goes down while the port is another: it is the old one when it is up again', async () => {
  await sh('systemctl disable --now ssh.socket; systemctl stop ssh || true; systemctl enable --now ssh');
  expect((await post('/settings/armed-changes', { armedSeconds: '600' })).status).toBe(303);
  expect((await apply({ ports: '2222' })).status).toBe(303);
  expect(await ssh(22)).toBe(null);
  await host.reboot();
  await healthy();
  await until(async () => (await ssh(22)) === 'in');
  expect(await ssh(2222)).toBe(null);
});

it('S13 the audit log has every change with what ran, and the log of errors is empty', async () => {
  const audit = await (await get('/audit?group=ssh_server')).text();
  expect(audit).toContain('systemctl reload-or-restart ssh.service');
  expect((await host.run('sh', '-c', 'cat /var/lib/mantou/logs/error.log 2>/dev/null')).out).toBe('');
  expect(readFileSync(join(scratch, 'key.pub'), 'utf8')).toContain('ssh-ed25519');
});
