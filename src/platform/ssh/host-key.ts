import { createHash } from 'node:crypto';

/** Types that ssh(1) shows and pins; RSA keys are shown by newer signatures than the one their type is named after. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  'ssh-ed25519': 'ssh-ed25519',
  'ecdsa-sha2-nistp256': 'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384': 'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521': 'ecdsa-sha2-nistp521',
  'ssh-rsa': 'rsa-sha2-512,rsa-sha2-256',
};

const LINE = /(?:^|\s)(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) ([A-Za-z0-9+/]{50,5000}={0,2})(?=\s|$)/;

/**
 * The key in a line of known_hosts(5) or of a `.pub` file, as "type base64"; null where there is none.
 * `10.0.0.5 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI…`, `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI… root@hk-01`
 */
export function parseHostKey(line: string): string | null {
  const [, type = '', key = ''] = LINE.exec(line) ?? [];
  // RFC 4253, 6.6: the blob begins with the length of its type and the type itself.
  const blob = Buffer.from(key, 'base64');
  return type && blob.length > 4 + type.length && blob.readUInt32BE(0) === type.length && blob.toString('latin1', 4, 4 + type.length) === type ? `${type} ${key}` : null;
}

/** "SHA256:…", as ssh and ssh-keygen show it. */
export const hostKeyFingerprint = (key: string) =>
  `SHA256:${createHash('sha256').update(Buffer.from(key.split(' ')[1] ?? '', 'base64')).digest('base64').replace(/=+$/, '')}`;

export const hostKeyType = (key: string) => key.split(' ')[0] ?? '';

/** Value of HostKeyAlgorithms that asks for keys of these types first; null: as ssh likes. */
export function preferTypes(keys: readonly string[]): string | null {
  const known = keys.flatMap((key) => ALGORITHMS[hostKeyType(key)] ?? []);
  return known.length ? `^${known.join(',')}` : null;
}
