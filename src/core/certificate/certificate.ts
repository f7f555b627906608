import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { AppError, type Say } from '../../lib/errors.ts';

/** A certificate chain and its private key, both PEM. */
export interface KeyPair {
  cert: string;
  key: string;
}

export interface CertificateFacts {
  /** SHA-256 of the certificate, "AB:CD:…", as browsers show it. */
  fingerprint: string;
  /** ms since 1970. */
  notBefore: number;
  notAfter: number;
  selfSigned: boolean;
  /** Names and addresses it is good for, in lower case, addresses in their shortest form. */
  names: string[];
}

/** Where a pair came from, for messages. */
export interface PairPaths {
  cert: string;
  key: string;
}

/**
 * Reads what the certificate says and proves that the key belongs to it.
 * @throws AppError unavailable, naming the file and what is wrong with it.
 */
export function inspectPair(pair: KeyPair, paths: PairPaths, now: number): CertificateFacts {
  const certificate = readCertificate(pair.cert, paths.cert);
  const key = readKey(pair.key, paths.key);
  if (!certificate.checkPrivateKey(key)) refuse((t) => t.certificate.mismatch({ cert: paths.cert, key: paths.key }));
  const facts = factsOf(certificate);
  if (facts.notAfter <= now) refuse((t) => t.certificate.expired({ path: paths.cert, on: day(facts.notAfter) }));
  if (facts.notBefore > now + 86_400_000) refuse((t) => t.certificate.future({ path: paths.cert, on: day(facts.notBefore) }));
  return facts;
}

function readCertificate(pem: string, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    refuse((t) => t.certificate.unreadable({ path }), cause);
  }
}

function readKey(pem: string, path: string): KeyObject {
  if (/ENCRYPTED/.test(pem)) refuse((t) => t.certificate.keyEncrypted({ path }));
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    refuse((t) => t.certificate.keyUnreadable({ path }), cause);
  }
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  return {
    fingerprint: certificate.fingerprint256,
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
    selfSigned: certificate.issuer === certificate.subject,
    names: alternativeNames(certificate.subjectAltName ?? ''),
  };
}

/** `DNS:box, DNS:box.lan, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1` → the plain names. */
export function alternativeNames(text: string): string[] {
  return text
    .split(', ')
    .map((part) => /^(?:DNS|IP Address):(.+)$/.exec(part)?.[1])
    .filter((name) => name !== undefined)
    .map(plainName);
}

/** One spelling per name: `0:0:0:0:0:0:0:1` and `::1` are the same address. */
export function plainName(name: string): string {
  if (!name.includes(':')) return name.toLowerCase();
  return new URL(`http://[${name.replace(/%.*$/, '')}]/`).hostname.slice(1, -1);
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10);

function refuse(say: Say, cause?: unknown): never {
  throw new AppError('unavailable', say, { cause });
}
