import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeWhole } from '../../../lib/write-whole.ts';
import { runOk, type Exec } from '../../exec.ts';
import type { SshHostKey, SshServerDriver } from '../../ssh-server.ts';
import { answersAt } from '../../ssh-server/answers.ts';
import { LINUX_LAYOUT, MAIN, OWN, parseLine } from '../../ssh-server/config.ts';
import { LINUX_FIELDS } from '../../ssh-server/settings.ts';
import { checkTexts } from './check.ts';
import { readPeople } from './people.ts';
import { readService, reloadCommands, socketChange, socketFile } from './service.ts';
import { parseSignIns } from './sign-ins.ts';

/** OpenSSH, as distributions set it up. */
export function createLinuxSshServer(exec: Exec): SshServerDriver {
  return {
    layout: LINUX_LAYOUT, fields: LINUX_FIELDS, opensPorts: false,
    async read() {
      const sshd = exec.which('sshd');
      if (!sshd || !existsSync(MAIN)) return 'none';
      if (process.getuid?.() !== 0) return 'rights';
      const texts = readTexts();
      const [asked, service, version] = await Promise.all([checkTexts(exec, sshd, texts), readService(exec), readVersion(exec)]);
      const effective = 'effective' in asked ? asked.effective : null;
      const patterns = effective?.get('authorizedkeysfile')?.[0]?.split(' ') ?? ['.ssh/authorized_keys'];
      const [people, hostKeys] = await Promise.all([readPeople(patterns), readHostKeys(exec, effective?.get('hostkey') ?? [])]);
      return { texts, effective, fault: 'fault' in asked ? asked.fault : '', version, service, hostKeys, people, selinux: isEnforcing() };
    },
    async check(texts) {
      return checkTexts(exec, exec.which('sshd') ?? '/usr/sbin/sshd', texts);
    },
    beside: (service, wanted) => socketChange(service, wanted, textOf(socketFile(service.unit))),
    async commands(service) {
      const reload = reloadCommands(exec, service);
      return { apply: reload, revert: reload.map((run) => ({ run })) };
    },
    async apply(changes, commands) {
      for (const { path, after } of changes) {
        mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
        if (after === null) rmSync(path, { force: true });
        else writeWhole(path, after, existsSync(path) ? undefined : 0o644);
      }
      for (const command of commands) await runOk(exec, command, { timeout: 30_000 });
    },
    answers: answersAt,
    async signIns() {
      const journalctl = exec.which('journalctl');
      if (!journalctl) return null;
      const { code, stdout, ended } = await exec.run([journalctl, '--identifier=sshd', '--identifier=sshd-session', '--since=-24h', '--lines=20000', '--output=cat', '--no-pager'], { timeout: 3000, cap: 4 << 20 });
      return code === 0 && !ended ? parseSignIns(stdout) : null;
    },
  };
}

/** The main file and all that it includes, however deep; the panel's own also where nobody includes it. */
function readTexts(): Map<string, string> {
  const texts = new Map<string, string>();
  const read = (path: string) => {
    const text = texts.has(path) ? null : textOf(path);
    if (text === null) return;
    texts.set(path, text);
    for (const line of text.split('\n')) {
      const parsed = parseLine(line);
      if (parsed?.keyword !== 'include') continue;
      for (const pattern of parsed.args) for (const found of [...new Bun.Glob(LINUX_LAYOUT.absolute(pattern)).scanSync({ cwd: '/', absolute: true, dot: pattern.includes('/.') })].sort()) read(found);
    }
  };
  read(MAIN);
  read(OWN);
  return texts;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** `ssh -V` writes `OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL 3.0.11 19 Sep 2023` to its standard error. */
async function readVersion(exec: Exec): Promise<string> {
  const ssh = exec.which('ssh');
  if (!ssh) return '';
  const { stderr } = await exec.run([ssh, '-V'], { timeout: 5000 });
  return stderr.split(',')[0]?.trim() ?? '';
}

/** `ssh-keygen -l`: `256 SHA256:4z… root@steamer (ED25519)` */
async function readHostKeys(exec: Exec, paths: readonly string[]): Promise<SshHostKey[]> {
  const keygen = exec.which('ssh-keygen');
  if (!keygen) return [];
  const asked = await Promise.all(paths.map((path) => exec.run([keygen, '-l', '-f', path], { timeout: 5000 })));
  return asked.flatMap(({ stdout }) => {
    const [, bits, fingerprint, type] = /^(\d+) (\S+) .*\((\S+)\)$/m.exec(stdout) ?? [];
    return bits ? [{ type: type!, bits: Number(bits), fingerprint: fingerprint! }] : [];
  });
}

/** selinuxfs: `1` while it refuses, `0` while it only writes down. */
const isEnforcing = () => textOf('/sys/fs/selinux/enforce')?.trim() === '1';
