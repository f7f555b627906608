import type { SshServerDriver, SshServerFound } from '../ssh-server.ts';
import { LINUX_LAYOUT, MAIN, readLines, type ConfigTexts } from '../ssh-server/config.ts';
import { LINUX_FIELDS } from '../ssh-server/settings.ts';

const TEXT = `# This is the sshd server system-wide configuration file.

Include /etc/ssh/sshd_config.d/*.conf

#Port 22
PermitRootLogin yes
#PasswordAuthentication yes
KbdInteractiveAuthentication no

UsePAM yes
X11Forwarding yes
PrintMotd no

# Allow client to pass locale environment variables
AcceptEnv LANG LC_*
Subsystem	sftp	/usr/lib/openssh/sftp-server

Match User backup
	ForceCommand /usr/bin/rrsync /srv/backup
	PasswordAuthentication no
`;

const DEFAULTS: readonly (readonly [string, string])[] = [
  ['permitrootlogin', 'prohibit-password'], ['passwordauthentication', 'yes'], ['pubkeyauthentication', 'yes'], ['kbdinteractiveauthentication', 'yes'],
  ['allowtcpforwarding', 'yes'], ['x11forwarding', 'no'], ['maxauthtries', '6'],
];

const YES_NO = /^(passwordauthentication|pubkeyauthentication|kbdinteractiveauthentication|x11forwarding)$/;

/** What sshd would say of these texts: enough of it for what the page sets. */
function ask(texts: ConfigTexts): { effective: Map<string, string[]> } | { fault: string } {
  const lines = readLines(texts).filter(({ match }) => !match);
  const bad = lines.find(({ keyword, args }) => YES_NO.test(keyword) && !/^(yes|no)$/i.test(args[0] ?? ''));
  if (bad) return { fault: `${bad.file} line ${bad.line}: unsupported option "${bad.args[0] ?? ''}".` };
  const effective = new Map(DEFAULTS.map(([keyword, value]) => [keyword, [lines.find((line) => line.keyword === keyword)?.args[0] ?? value]]));
  const ports = lines.filter(({ keyword }) => keyword === 'port').map(({ args }) => args[0]!);
  effective.set('port', ports.length ? ports : ['22']);
  for (const keyword of ['allowusers', 'allowgroups', 'denyusers', 'denygroups']) {
    const found = lines.filter((line) => line.keyword === keyword).flatMap(({ args }) => args);
    if (found.length) effective.set(keyword, found);
  }
  return { effective };
}

/** A server whose files are in memory. */
export function createFakeSshServer(): SshServerDriver & { texts: Map<string, string> } {
  const texts = new Map([[MAIN, TEXT]]);
  return {
    texts, layout: LINUX_LAYOUT, fields: LINUX_FIELDS, opensPorts: false,
    async read(): Promise<SshServerFound> {
      const asked = ask(texts);
      return {
        texts: new Map(texts), effective: 'effective' in asked ? asked.effective : null, fault: 'fault' in asked ? asked.fault : '', version: 'OpenSSH_9.2p1 Debian-2+deb12u3',
        service: { kind: 'service', unit: 'ssh.service', active: true }, selinux: false,
        hostKeys: [
          { type: 'ED25519', bits: 256, fingerprint: 'SHA256:mVPwvezndPv/ARoIadVY98vAC0g+P/5633yTC4d/wXE' },
          { type: 'RSA', bits: 3072, fingerprint: 'SHA256:Xc8fyNmYdPbOQCmoSAGdyBqCmSCIWUwLRwVBcXzMt0o' },
        ],
        people: [
          { name: 'root', root: true, admin: true, keys: 1, password: true, groups: [] },
          { name: 'lin', root: false, admin: true, keys: 2, password: true, groups: [] },
          { name: 'deploy', root: false, admin: false, keys: 1, password: false, groups: [] },
        ],
      };
    },
    check: async (changed) => ask(changed),
    beside: () => [],
    async commands(service) {
      const reload: [string, ...string[]][] = service?.active ? [['/usr/bin/systemctl', 'reload-or-restart', service.unit]] : [];
      return { apply: reload, revert: reload.map((run) => ({ run })) };
    },
    async apply(changes) {
      for (const { path, after } of changes) {
        if (after === null) texts.delete(path);
        else texts.set(path, after);
      }
    },
    async answers(port) {
      const asked = ask(texts);
      return 'effective' in asked && asked.effective.get('port')!.includes(String(port));
    },
    signIns: async () => ({ accepted: 14, refused: 1893 }),
  };
}
