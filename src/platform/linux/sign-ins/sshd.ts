/**
 * What sshd says of those who come (OpenSSH 9.2, auth.c and sshd.c; since 9.8 by the name of sshd-session):
 *
 *     Failed password for root from 198.18.5.2 port 57617 ssh2
 *     Failed password for invalid user bob from 2001:db8:5::2 port 47551 ssh2
 *     Invalid user ghost from 198.18.5.2 port 39109
 *     Connection closed by invalid user ghost 198.18.5.2 port 39109 [preauth]
 *     error: maximum authentication attempts exceeded for root from 198.18.5.2 port 57617 ssh2 [preauth]
 *     Accepted publickey for lin from 198.18.5.2 port 55907 ssh2: ED25519 SHA256:xKqe…
 *
 * The name is whatever the stranger likes, also "root from 192.0.2.1 port 22 ssh2": so each line is matched from its first
 * word to its last, and the address is the one that sshd itself wrote at the end.
 */
const FAILED = /^Failed (\S+) for (invalid user )?.* from (\S+) port (\d+)(?: ssh2)?$/s;
const GIVEN_UP = /^(?:error: )?maximum authentication attempts exceeded for .* from (\S+) port (\d+)(?: ssh2)?(?: \[preauth\])?$/s;
const LEFT = /^(?:Connection (?:closed|reset) by|Disconnected from) (?:invalid|authenticating) user .* (\S+) port (\d+)(?: \[preauth\])?$/s;
// Whoever got in has a name of the machine: no spaces.
const ACCEPTED = /^Accepted \S+ for \S+ from (\S+) port (\d+)(?: ssh2)?(?:: .*)?$/s;

export interface SshdLine {
  /** `failed`: a wrong guess; `left`: gone before signing in, which counts where the same connection made no guess. */
  kind: 'failed' | 'left' | 'good';
  address: string;
  /** Of the other side: with the address it names the connection. */
  port: number;
}

/** null: it is about something else. */
export function readSshdLine(message: string): SshdLine | null {
  const failed = FAILED.exec(message);
  if (failed) {
    const [, method, stranger, address, port] = failed;
    // What a client tries before it is asked for a password is no guess: "none", and each key that it happens to have.
    if (method === 'none' || (method === 'publickey' && !stranger)) return null;
    return { kind: 'failed', address: address!, port: Number(port) };
  }
  for (const [pattern, kind] of [[GIVEN_UP, 'failed'], [LEFT, 'left'], [ACCEPTED, 'good']] as const) {
    const [, address, port] = pattern.exec(message) ?? [];
    if (address) return { kind, address, port: Number(port) };
  }
  return null;
}

/** Connections that are remembered: those of one made before it ends. */
const REMEMBERED = 10_000;

/** One failure for each guess, and one for a connection that left without any: scanners of names on servers that take keys only. */
export function createSshdCounter() {
  const guessed = new Set<string>();
  return (message: string): { address: string; good: boolean } | null => {
    const line = readSshdLine(message);
    if (!line) return null;
    const connection = `${line.address} ${line.port}`;
    if (line.kind === 'good') return { address: line.address, good: true };
    if (line.kind === 'left') return guessed.delete(connection) ? null : { address: line.address, good: false };
    guessed.add(connection);
    if (guessed.size > REMEMBERED) guessed.delete(guessed.values().next().value!);
    return { address: line.address, good: false };
  };
}

/**
 * Only sshd itself: anybody of the machine may write lines that look like its own (`logger -t sshd`), under their own number,
 * which the kernel tells. The name of the program is looked up by journald and missing where the program had ended by then.
 */
const PROGRAMS: ReadonlySet<unknown> = new Set(['sshd', 'sshd-session', 'sshd-auth']);

/**
 * `journalctl -o json`: {"__REALTIME_TIMESTAMP":"1795931061765625","_COMM":"sshd","_UID":"0","MESSAGE":"Failed password for …"}; what is
 * not UTF-8 is an array of bytes (systemd.journal-fields(7), systemd JSON format).
 */
export function readJournalLine(line: string): { at: number; message: string } | null {
  let entry: Record<string, unknown> | null;
  try {
    entry = JSON.parse(line) as Record<string, unknown> | null;
  } catch {
    return null;
  }
  if (entry?._UID !== '0' || !PROGRAMS.has(entry._COMM ?? 'sshd')) return null;
  const { MESSAGE: message } = entry;
  const text = typeof message === 'string' ? message : Array.isArray(message) ? Buffer.from(message as number[]).toString('latin1') : null;
  return text === null ? null : { at: Math.floor(Number(entry.__REALTIME_TIMESTAMP) / 1000), message: text };
}

/**
 * A line of auth.log or secure, with either of the times that rsyslog writes:
 * "2026-11-29T05:44:49.776130+00:00 steamer sshd[545]: Invalid user …", "Nov 29 05:44:49 steamer sshd[545]: …".
 */
export const readSyslogLine = (line: string): string | null => /^(?:\w{3} [ \d]\d [\d:]{8}|\d{4}-[\d-]{5}T[\d:.]+(?:Z|[+-][\d:]+)) \S+ sshd(?:-session|-auth)?\[\d+\]: (.*)$/s.exec(line)?.[1] ?? null;
