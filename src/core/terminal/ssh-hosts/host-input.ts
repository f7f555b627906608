import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { SSH_AUTHENTICATIONS } from '../../../db/schema/ssh-hosts.ts';
import { say } from '../../../lib/issue.ts';
import { parseHostKey } from '../../../platform/ssh/host-key.ts';

const rule = (key: 'nameRule' | 'groupRule' | 'addressRule' | 'portRule' | 'userRule' | 'authenticationRule' | 'secretRule' | 'keyRule' | 'pathRule' | 'commandRule' | 'jumpRule' | 'hostKeyRule') =>
  say(`sshHosts.${key}`, (t) => t.sshHosts[key]);

/** One printable line, which no program takes for an option (S2). */
const line = (most: number, message: string) =>
  z.string(message).trim().normalize('NFC').max(most, message).regex(/^(?!-)[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, message);

/**
 * RFC 1123 with the underscore that people use, or an IP address. It gets to a shell when it lies behind a jump host
 * (platform/ssh/config.ts): nothing here means something to one (S1), or to ssh_config (S3).
 */
const isAddress = (text: string) => /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/.test(text) || (isIPv6(text) && !text.includes('%'));

/** A login name; `COMPANY\lin` and `lin@company` on Windows hosts. */
const USER = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._@+-]*(?:\\[\p{L}\p{N}_][\p{L}\p{M}\p{N}._@+-]*)?$/u;

/** Passwords and passphrases: ssh reads a line of at most 1,023 bytes. '' keeps what there is. */
const secret = z.string(rule('secretRule')).max(1000, rule('secretRule')).regex(/^[^\p{Cc}]*$/u, rule('secretRule')).refine((text) => Buffer.byteLength(text) <= 1000, rule('secretRule')).default('');

const PEM = /^-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----\n[\x20-\x7e\n]+\n-----END \1-----\n$/;
const privateKey = z
  .string(rule('keyRule'))
  .max(32_768, rule('keyRule'))
  .transform((text) => (text.trim() ? `${text.trim().replace(/\r\n?/g, '\n')}\n` : ''))
  .refine((text) => text === '' || PEM.test(text), rule('keyRule'))
  .default('');

/** A place on this machine, as ssh_config(5) can hold it. */
const path = z.string(rule('pathRule')).trim().max(4096, rule('pathRule')).regex(/^(?:\/(?!.*\$\{)[^"\\\p{Cc}\p{Zl}\p{Zp}]*)?$/u, rule('pathRule')).default('');

/** A saved host as a form gives it. Secrets that are left empty stay as they are. */
export const SshHostInput = z
  .object({
    name: line(64, rule('nameRule')).refine((text) => text !== '', rule('nameRule')),
    group: line(64, rule('groupRule')).default(''),
    address: z.string(rule('addressRule')).trim().max(253, rule('addressRule')).refine(isAddress, rule('addressRule')),
    port: z.literal('').transform(() => 22).or(z.coerce.number(rule('portRule')).int(rule('portRule')).min(1, rule('portRule')).max(65_535, rule('portRule'))).default(22),
    user: z.string(rule('userRule')).trim().max(64, rule('userRule')).regex(USER, rule('userRule')),
    authentication: z.enum(SSH_AUTHENTICATIONS, { error: rule('authenticationRule') }),
    password: secret,
    privateKey,
    passphrase: secret,
    keyPath: path,
    agentSocket: path,
    jump: z.uuid(rule('jumpRule')).or(z.literal('')).default(''),
    command: line(2000, rule('commandRule')).default(''),
  })
  .refine(({ authentication, keyPath }) => authentication !== 'file' || keyPath !== '', { message: rule('pathRule'), path: ['keyPath'] })
  .refine(({ authentication, agentSocket }) => authentication !== 'agent' || agentSocket !== '', { message: rule('pathRule'), path: ['agentSocket'] });

export type SshHostFields = z.output<typeof SshHostInput>;

/** What a person says about the key of a host: that it is the one they were shown, or which one it is. */
export const HostKeyInput = z.object({
  /** Fingerprint of the key that was shown. */
  seen: z.string().max(200).default(''),
  /** A line of known_hosts(5) or of a `.pub` file; '' for the one that was shown. */
  hostKey: z
    .string(rule('hostKeyRule'))
    .max(8192, rule('hostKeyRule'))
    .transform((text) => (text.trim() ? (parseHostKey(text.trim()) ?? '?') : ''))
    .refine((key) => key !== '?', rule('hostKeyRule'))
    .default(''),
  /** The name of the host, typed where another key was pinned. */
  confirm: z.string().max(200).default(''),
});
