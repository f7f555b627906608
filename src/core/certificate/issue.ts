import { isIP } from 'node:net';
import type { Random } from '../../lib/random.ts';
import type { KeyPair } from './certificate.ts';

/** Browsers take no certificate for longer (CA/Browser Forum Baseline Requirements, 6.3.2, until March 2026 398 days). */
const VALID_MS = 397 * 86_400_000;
/** Clocks of other machines may be behind. */
const BEFORE_MS = 86_400_000;

/** A self-signed ECDSA P-256 certificate for these names and addresses. */
export async function issueSelfSigned(names: readonly string[], now: number, random: Random): Promise<KeyPair> {
  // One after the other: the second needs the first, and the compiled executable does not keep the order of imports.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(crypto);
  const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
  const notBefore = new Date(now - BEFORE_MS);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    // The first bit stays 0: serial numbers are positive (RFC 5280, 4.1.2.2).
    serialNumber: Buffer.from(random.bytes(16)).toString('hex').replace(/^./, '1'),
    // A common name has at most 64 characters (RFC 5280, appendix A.1); browsers read the alternative names only.
    name: [{ CN: [`Mantou ${names[0] ?? ''}`.trim().slice(0, 64)] }],
    notBefore,
    notAfter: new Date(notBefore.getTime() + VALID_MS),
    keys,
    signingAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value }))),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { cert: `${certificate.toString('pem')}\n`, key: `${key}\n` };
}
