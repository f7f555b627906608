import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needs } from '../support/needs.ts';
import { panelOnHost, type PanelOnHost } from '../support/panel-on-host.ts';

/** Accounts of a Debian of its own (support/systemd-host.ts), and people who really sign in to it by SSH. */
const it = needs('linux', 'root', 'docker', 'debootstrap', 'sshd');
let panel: PanelOnHost;
let folder: string;

if (it.ok) {
  beforeAll(async () => {
    panel = await panelOnHost('ufw');
    await panel.sh('systemctl start ssh');
    folder = mkdtempSync(join(tmpdir(), 'mantou-keys-'));
    for (const name of ['one', 'two']) await spawn('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', `${name}@test`, '-f', join(folder, name));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await panel?.stop();
  });
}

async function spawn(...argv: string[]) {
  const child = Bun.spawn(argv, { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { out: out.trim(), err, code };
}
const key = (name: string) => readFileSync(join(folder, `${name}.pub`), 'utf8').trim();
const ssh = (name: string, who: string, ...command: string[]) =>
  spawn('ssh', '-F', 'none', '-i', join(folder, name), '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no', '-o', `UserKnownHostsFile=${join(folder, 'known')}`, '-o', 'ConnectTimeout=5', `${who}@${panel.host.ip}`, ...command);
const one = (name: string) => panel.api('GET', `/accounts/${name}`);

it('S1 S2 S3 refused: names, shells, full names, keys and passwords that would be something else', async () => {
  const before = await panel.sh('md5sum /etc/passwd /etc/shadow /etc/group');
  for (const name of ['-r', 'Lin', '1x', 'a b', 'x;reboot', 'x\ny', 'a:b', '../x', '', 'x'.repeat(33)]) await panel.api('POST', '/accounts', { name, shell: '/bin/bash' }, 422);
  for (const shell of ['/bin/evil', '/usr/bin/python3', 'bash', '/bin/bash\n', '/usr/sbin/nologin']) await panel.api('POST', '/accounts', { name: 'deploy', shell }, 422);
  for (const fullName of ['a:b', 'a\nroot::0:0::/:/bin/sh', '-x', 'a,b']) await panel.api('POST', '/accounts', { name: 'deploy', shell: '/bin/bash', fullName }, 422);
  for (const line of ['command="reboot" ' + key('one'), readFileSync(join(folder, 'one'), 'utf8'), `${key('one')}\n${key('two')}`, 'ssh-ed25519 AAAA', 'ssh-rsa ' + key('one').split(' ')[1]]) await panel.api('POST', '/accounts', { name: 'deploy', shell: '/bin/bash', key: line }, 422);
  for (const name of ['root', 'www-data', 'sudo']) await panel.api('POST', '/accounts', { name, shell: '/bin/bash' }, 409);
  for (const password of ['short', 'long enough\nroot:owned']) await panel.api('PATCH', '/accounts/root', { password }, 422);
  await panel.api('DELETE', '/accounts/root', { confirm: 'root' }, 501);
  await panel.api('DELETE', '/accounts/www-data', { confirm: 'www-data' }, 501);
  await panel.api('GET', '/accounts/nobody-like-it', undefined, 404);
  expect(await panel.sh('md5sum /etc/passwd /etc/shadow /etc/group')).toBe(before);
});

it('one that is made with a key signs in with it, and the sign-in is told', async () => {
  const form = { name: 'deploy', fullName: '部署 Deploy', shell: '/bin/bash', key: key('one') };
  const { html } = await panel.planned('/system/new-account', form);
  expect(html).toContain("useradd --create-home --user-group --shell /bin/bash --comment &#39;部署 Deploy&#39; -- deploy");
  expect(await panel.sh('stat -c "%U:%G %a" /home/deploy /home/deploy/.ssh /home/deploy/.ssh/authorized_keys')).toBe('deploy:deploy 755\ndeploy:deploy 700\ndeploy:deploy 600');
  expect(await ssh('one', 'deploy', 'id', '-un')).toMatchObject({ code: 0, out: 'deploy' });
  expect((await ssh('two', 'deploy', 'true')).code).toBe(255);
  // A terminal, so that it is written down.
  await ssh('one', 'deploy', '-tt', 'true');
  const { account, keys, signIns } = await one('deploy');
  expect(account).toMatchObject({ fullName: '部署 Deploy', password: 'locked', admin: null, shellWorks: true, system: false });
  expect(keys.keys).toMatchObject([{ type: 'ssh-ed25519', bits: 256, comment: 'one@test', fingerprint: (await spawn('ssh-keygen', '-lf', join(folder, 'one.pub'))).out.split(' ')[1] }]);
  expect(signIns).toHaveLength(1);
  expect(Math.abs(Date.now() - signIns[0].at)).toBeLessThan(120_000);
  expect(account.lastSignIn.from).toBe(signIns[0].from);
  expect((await panel.sh('last -w deploy | head -1'))).toContain(signIns[0].from);
});

it('a second key goes beside the first; the one that is taken away lets nobody in; mode and other lines stay', async () => {
  await panel.sh('printf "# by hand\\nnot a key\\n" >> /home/deploy/.ssh/authorized_keys; chmod 640 /home/deploy/.ssh/authorized_keys');
  await panel.planned('/system/accounts/deploy/keys/new', { key: key('two') });
  expect((await ssh('two', 'deploy', 'true')).code).toBe(0);
  await panel.api('POST', '/accounts/deploy/keys', { key: key('two') }, 409);
  const { fingerprint } = (await one('deploy')).keys.keys[0];
  await panel.api('DELETE', '/accounts/deploy/keys', { fingerprint });
  expect([(await ssh('one', 'deploy', 'true')).code, (await ssh('two', 'deploy', 'true')).code]).toEqual([255, 0]);
  expect(await panel.sh('cat /home/deploy/.ssh/authorized_keys; stat -c "%U %a" /home/deploy/.ssh/authorized_keys')).toBe(`# by hand\nnot a key\n${key('two')}\ndeploy 640`);
  expect((await one('deploy')).keys.strange).toBe(1);
});

it('S4 a link in its home leads the panel nowhere', async () => {
  const before = await panel.sh('mkdir -p /root/.ssh && touch /root/.ssh/authorized_keys && md5sum /root/.ssh/authorized_keys /etc/passwd');
  for (const trick of ['ln -sfn /root/.ssh /home/deploy/.ssh', 'mkdir /home/deploy/.ssh && ln -s /etc/passwd /home/deploy/.ssh/authorized_keys', 'mkdir /home/deploy/.ssh && ln /etc/shadow /home/deploy/.ssh/authorized_keys', 'mkdir /home/deploy/.ssh && mkfifo /home/deploy/.ssh/authorized_keys', 'install -d -o www-data /home/deploy/.ssh']) {
    await panel.sh(`rm -rf /home/deploy/.ssh; ${trick}`);
    await panel.api('POST', '/accounts/deploy/keys', { key: key('one') }, 501);
    expect(await (await panel.get('/system/accounts/deploy')).text()).toMatch(/does not follow it|does not touch it/);
  }
  expect(await panel.sh('md5sum /root/.ssh/authorized_keys /etc/passwd')).toBe(before);
  await panel.sh('rm -rf /home/deploy/.ssh');
  await panel.api('POST', '/accounts/deploy/keys', { key: key('one') });
  expect((await ssh('one', 'deploy', 'true')).code).toBe(0);
});

it('locked, neither key nor password lets in; unlocked, both do again', async () => {
  await panel.api('PATCH', '/accounts/deploy', { password: 'steamed buns for all' });
  const hash = await panel.sh('getent shadow deploy | cut -d: -f2');
  await panel.planned('/system/accounts/deploy/lock');
  expect((await ssh('one', 'deploy', 'true')).code).toBe(255);
  expect(await panel.sh('getent shadow deploy | cut -d: -f2')).toBe(`!${hash}`);
  await panel.planned('/system/accounts/deploy/unlock');
  expect((await ssh('one', 'deploy', 'true')).code).toBe(0);
  expect(await panel.sh('getent shadow deploy | cut -d: -f2')).toBe(hash);
  // Without a password there is nothing to unlock, and usermod would refuse.
  await panel.api('POST', '/accounts', { name: 'keyless', shell: '/bin/bash' });
  await panel.api('PATCH', '/accounts/keyless', { locked: true });
  expect((await panel.api('PATCH', '/accounts/keyless', { locked: false })).account.expiresAt).toBeNull();
});

it('root rights are real: sudo takes the password; the last way in is not shut', async () => {
  await panel.api('PATCH', '/accounts/deploy', { admin: true });
  expect((await one('deploy')).account).toMatchObject({ admin: 'group', groups: ['sudo'] });
  expect((await ssh('one', 'deploy', "printf 'steamed buns for all\\n' | sudo -S id -u")).out).toBe('0');
  // root has no password and no key here: deploy is the only one who becomes root.
  await panel.sh('usermod -p "*" root; rm -f /root/.ssh/authorized_keys');
  await panel.api('PATCH', '/accounts/deploy', { admin: false }, 409);
  await panel.api('PATCH', '/accounts/deploy', { locked: true }, 409);
  const refused = await panel.api('DELETE', '/accounts/deploy', { confirm: 'deploy' }, 409);
  expect(refused.detail).toContain('deploy is the last account');
  await panel.api('POST', '/accounts/root/keys', { key: key('two') });
  await panel.api('PATCH', '/accounts/deploy', { admin: false });
  const last = (await one('root')).keys.keys[0].fingerprint;
  await panel.api('DELETE', '/accounts/root/keys', { fingerprint: last }, 409);
  expect((await ssh('two', 'root', 'id', '-u')).out).toBe('0');
});

it('deleted after its name was typed: the home stays or goes as asked', async () => {
  await panel.api('DELETE', '/accounts/keyless', { confirm: 'keyles' }, 422);
  await panel.api('DELETE', '/accounts/keyless', { confirm: 'keyless' }, 204);
  await panel.planned('/system/accounts/deploy/remove', { confirm: 'deploy', home: 'on' });
  expect(await panel.sh('ls /home; getent passwd deploy keyless || echo none')).toBe('keyless\nnone');
  const entries = (await panel.api('GET', '/audit?limit=200')).items.filter(({ action }: any) => action.startsWith('accounts.'));
  expect(entries.find(({ action }: any) => action === 'accounts.remove').commands).toEqual(['userdel --remove -- deploy']);
  expect(JSON.stringify(entries)).not.toContain('steamed buns for all');
});
