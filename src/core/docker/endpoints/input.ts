import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { ENDPOINT_KINDS } from '../../../db/schema/docker-endpoints.ts';
import { say } from '../../../lib/issue.ts';
import { SshHostInput } from '../../terminal/ssh-hosts/host-input.ts';

const rule = (key: 'nameRule' | 'kindRule' | 'socketRule' | 'addressRule' | 'portRule' | 'loopbackRule' | 'certificateRule' | 'keyRule' | 'keySealed' | 'pairRule' | 'pairWhole' | 'sshHostRule') =>
  say(`endpoints.${key}`, (t) => t.endpoints[key]);

/** RFC 1123 with the underscore that people use, or an IP address without a zone: it becomes a part of a URL. */
const isAddress = (text: string) => /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/.test(text) || (isIPv6(text) && !text.includes('%'));

/** 127.0.0.0/8, ::1, and the name for both: what never leaves this machine. */
export const isLoopback = (address: string) => address.toLowerCase() === 'localhost' || /^127(\.\d{1,3}){3}$/.test(address) || address === '::1';

const PEM_MOST = 65_536;
const lines = (text: string) => (text.trim() ? `${text.trim().replace(/\r\n?/g, '\n')}\n` : '');
const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Certificates, one after the other, and nothing else. */
function areCertificates(pem: string): boolean {
  try {
    return pem.replace(BLOCK, '').trim() === '' && certificatesOf(pem).length > 0;
  } catch {
    return false;
  }
}

/** @throws Error for what is none */
export const certificatesOf = (pem: string) => (pem.match(BLOCK) ?? []).map((block) => new X509Certificate(block));

/** '' keeps what there is. */
const certificates = z.string(rule('certificateRule')).max(PEM_MOST, rule('certificateRule')).transform(lines).refine((pem) => pem === '' || areCertificates(pem), rule('certificateRule')).default('');

function isKey(pem: string): boolean {
  try {
    createPrivateKey(pem);
    return true;
  } catch {
    return false;
  }
}

const privateKey = z
  .string(rule('keyRule'))
  .max(PEM_MOST, rule('keyRule'))
  .transform(lines)
  .refine((pem) => !/ENCRYPTED/.test(pem), rule('keySealed'))
  .refine((pem) => pem === '' || isKey(pem), rule('keyRule'))
  .default('');

const port = z.literal('').transform(() => 0).or(z.coerce.number(rule('portRule')).int(rule('portRule')).min(1, rule('portRule')).max(65_535, rule('portRule'))).default(0);

/** A machine that is not saved yet becomes a saved host: it is signed in to as those are. */
const NEW = 'new';

/** An endpoint as a form gives it. What is secret and left empty stays as it is. */
export const EndpointInput = z
  .strictObject({
    name: z.string(rule('nameRule')).trim().normalize('NFC').min(1, rule('nameRule')).max(64, rule('nameRule')).regex(/^(?!-)[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, rule('nameRule')),
    kind: z.enum(ENDPOINT_KINDS, rule('kindRule')),
    /** Absolute; sun_path holds 107 bytes. */
    socket: z.string(rule('socketRule')).trim().regex(/^(?:\/[^\p{Cc}\p{Zl}\p{Zp}]*)?$/u, rule('socketRule')).refine((path) => Buffer.byteLength(path) <= 107, rule('socketRule')).default(''),
    address: z.string(rule('addressRule')).trim().max(253, rule('addressRule')).refine((text) => text === '' || isAddress(text), rule('addressRule')).default(''),
    /** 0: the usual one of its kind. */
    port,
    ca: certificates,
    certificate: certificates,
    key: privateKey,
    sshHost: z.uuid(rule('sshHostRule')).or(z.literal(['', NEW])).default(''),
    user: z.string().trim().max(64).default(''),
    sshKey: SshHostInput.shape.privateKey,
    passphrase: SshHostInput.shape.passphrase,
  })
  .superRefine(({ kind, socket, address, certificate, key, sshHost }, ctx) => {
    const refuse = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message });
    if (kind === 'unix' && socket === '') refuse('socket', rule('socketRule'));
    if ((kind === 'tls' || kind === 'tcp') && address === '') refuse('address', rule('addressRule'));
    // Whoever reaches a plain port is root there.
    if (kind === 'tcp' && address !== '' && !isLoopback(address)) refuse('address', rule('loopbackRule'));
    if (kind === 'ssh' && sshHost === '') refuse('sshHost', rule('sshHostRule'));
    // What is no key or certificate at all is said above.
    if (kind !== 'tls' || (key !== '' && !isKey(key)) || (certificate !== '' && !areCertificates(certificate))) return;
    if ((certificate === '') !== (key === '')) refuse(key === '' ? 'key' : 'certificate', rule('pairWhole'));
    else if (key !== '' && !certificatesOf(certificate)[0]!.checkPrivateKey(createPrivateKey(key))) refuse('key', rule('pairRule'));
  });

export type EndpointFields = z.output<typeof EndpointInput>;

/** As docker.com registers them: 2376 speaks TLS. */
export const usualPort = (kind: EndpointFields['kind']) => (kind === 'tls' ? 2376 : kind === 'tcp' ? 2375 : 22);
export const isNewHost = ({ kind, sshHost }: EndpointFields) => kind === 'ssh' && sshHost === NEW;
