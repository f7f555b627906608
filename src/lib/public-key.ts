import { createHash } from 'node:crypto';

/** An OpenSSH public key as it stands in a line (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"). */
export interface PublicKey {
  options: string;
  type: string;
  base64: string;
  comment: string;
  bits: number | null;
  /** "SHA256:…" without padding, as ssh-keygen tells it. */
  fingerprint: string;
}

/** Algorithms that OpenSSH of today takes; ssh-dss is none of them. */
const TYPES = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com|ssh-dss)$/;
const BITS: Record<string, number> = { 'ssh-ed25519': 256, 'sk-ssh-ed25519@openssh.com': 256, 'ecdsa-sha2-nistp256': 256, 'ecdsa-sha2-nistp384': 384, 'ecdsa-sha2-nistp521': 521, 'sk-ecdsa-sha2-nistp256@openssh.com': 256 };

/**
 * null: it is no key.
 *
 *     ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA… lin@laptop
 *     from="10.0.0.0/8",no-pty ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB… backup
 */
export function parsePublicKey(line: string): PublicKey | null {
  const whole = line.trim();
  const [options, rest] = splitOptions(whole);
  const [, type = '', base64 = '', comment = ''] = /^(\S+)\s+([A-Za-z0-9+/]+={0,2})(?:\s+(.*))?$/.exec(rest) ?? [];
  if (!TYPES.test(type)) return null;
  const blob = Buffer.from(base64, 'base64');
  const words = wordsOf(blob);
  // The type is said twice: outside, and in what counts.
  if (words?.[0]?.toString('latin1') !== type) return null;
  const bits = type === 'ssh-rsa' ? bitLength(words[2]) : (BITS[type] ?? null);
  return { options, type, base64, comment: comment.trim(), bits, fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}` };
}

/** Options end at the first blank that is not inside of quotes. */
function splitOptions(line: string): [string, string] {
  if (TYPES.test(line.split(/\s/, 1)[0]!)) return ['', line];
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '\\' && quoted) i++;
    else if (line[i] === '"') quoted = !quoted;
    else if (!quoted && /\s/.test(line[i]!)) return [line.slice(0, i), line.slice(i).trim()];
  }
  return ['', line];
}

/** RFC 4251 §5: each is its length in four bytes, then itself. null: it is cut off. */
function wordsOf(blob: Buffer): Buffer[] | null {
  const words: Buffer[] = [];
  for (let at = 0; at < blob.length; ) {
    if (at + 4 > blob.length) return null;
    const length = blob.readUInt32BE(at);
    if (at + 4 + length > blob.length) return null;
    words.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return words.length >= 2 ? words : null;
}

/** Of a number with its sign (mpint). */
function bitLength(number: Buffer | undefined): number | null {
  const digits = number?.toString('hex').replace(/^(00)+/, '') ?? '';
  return digits ? (digits.length - 1) * 4 + Number.parseInt(digits[0]!, 16).toString(2).length : null;
}
