import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { until } from './until.ts';

const run = (argv: string[], stdin?: string) => {
  const done = Bun.spawnSync(argv, { stdin: stdin === undefined ? 'ignore' : Buffer.from(stdin), stdout: 'pipe', stderr: 'pipe', timeout: 300_000 });
  if (done.exitCode !== 0) throw new Error(`${argv.join(' ')}: ${done.stderr}`);
  return done.stdout.toString();
};

/** A key pair of OpenSSH; the comment is empty. */
export function makeKey(path: string, passphrase = '', type = 'ed25519') {
  rmSync(path, { force: true });
  run(['ssh-keygen', '-q', '-t', type, '-N', passphrase, '-C', '', '-f', path]);
  return { path, privateKey: readFileSync(path, 'utf8'), publicKey: readFileSync(`${path}.pub`, 'utf8').trim(), fingerprint: run(['ssh-keygen', '-lf', `${path}.pub`]).split(' ')[1]! };
}

export interface Sshd {
  port: number;
  hostKey: ReturnType<typeof makeKey>;
  log(): string;
  /** Starts again on the same port, with another host key. */
  reinstall(): Promise<void>;
  stop(): Promise<void>;
}

/** An sshd of Debian on a free port of 127.0.0.1, with a host key of its own, which lets in by the given public keys and by passwords. @param more lines of sshd_config(5) */
export async function startSshd(folder: string, authorized: readonly string[], more: readonly string[] = []): Promise<Sshd> {
  const at = mkdtempSync(join(folder, 'sshd-'));
  // sshd looks at the keys as the account that signs in.
  chmodSync(at, 0o755);
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const keys = join(at, 'authorized');
  writeFileSync(keys, authorized.map((line) => `${line}\n`).join(''), { mode: 0o644 });
  const port = freePort();
  const log = join(at, 'log');
  let hostKey = makeKey(join(at, 'host'));
  const config = [
    `Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${hostKey.path}`, 'PidFile none', 'UsePAM no', 'StrictModes no', `AuthorizedKeysFile ${keys}`,
    'PasswordAuthentication yes', 'KbdInteractiveAuthentication no', 'PrintMotd no', 'PrintLastLog no', 'LogLevel VERBOSE', 'MaxStartups 100', ...more,
  ];
  writeFileSync(join(at, 'config'), config.map((line) => `${line}\n`).join(''));
  const begin = async () => {
    const child = Bun.spawn(['/usr/sbin/sshd', '-D', '-e', '-f', join(at, 'config')], { stdin: 'ignore', stdout: 'ignore', stderr: Bun.file(log) });
    await until(() => readFileSync(log, 'utf8').includes('Server listening'));
    return child;
  };
  let child = await begin();
  const stop = async () => {
    child.kill();
    await child.exited;
  };
  return {
    port, stop,
    get hostKey() {
      return hostKey;
    },
    log: () => readFileSync(log, 'utf8'),
    async reinstall() {
      await stop();
      rmSync(log);
      hostKey = makeKey(hostKey.path);
      child = await begin();
    },
  };
}

/** An account that exists as long as a test. */
export function makeAccount(name: string, password: string): { remove(): void } {
  run(['useradd', '--create-home', '--shell', '/bin/sh', name]);
  run(['chpasswd'], `${name}:${password}\n`);
  return { remove: () => void Bun.spawnSync(['userdel', '--force', '--remove', name], { stdout: 'ignore', stderr: 'ignore' }) };
}
