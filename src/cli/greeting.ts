import { fstatSync } from 'node:fs';
import type { CertificateFacts } from '../core/certificate/certificate.ts';
import type { Messages } from '../i18n/en.ts';
import type { Addresses } from './address.ts';

export interface Greeting {
  version: string;
  addresses: Addresses;
  port: number;
  certificate: CertificateFacts | null;
  dataDir: string;
  demo: boolean;
  /** Where the set-up begins; null once there is an administrator. */
  setup: { token: string } | 'kept from the journal' | null;
}

/** Where a new administrator begins. The token is in the fragment: browsers never send that, so no log keeps it (S9). */
export const setupUrl = (url: string, token: string) => `${url}/setup#${token}`;

/**
 * Does standard output go to the journal? Then it is kept for months and read by more people than root, so the token
 * stays out of it. systemd.exec(5): `$JOURNAL_STREAM` is "device:inode" of what the service was given.
 */
export function writesToJournal(env: Record<string, string | undefined>): boolean {
  const { dev, ino } = fstatSync(1);
  return env.JOURNAL_STREAM === `${dev}:${ino}`;
}

/** What the console says when the panel is ready, most wanted last: there the eye is. */
export function greeting(t: Messages, { version, addresses, port, certificate, dataDir, demo, setup }: Greeting): string[] {
  const { url, others, machine, reach } = addresses;
  const lines = [t.start.ready({ version, url })];
  if (reach === 'this machine') lines.push(t.start.elsewhere({ port, machine }));
  if (reach === 'proxy') lines.push(t.start.proxied);
  if (others.length) lines.push(t.start.reach({ urls: others.join(' ') }));
  if (certificate) lines.push(t.start.fingerprint({ fingerprint: certificate.fingerprint }));
  lines.push(t.start.dataDir({ path: dataDir }));
  if (demo) lines.push(t.start.demo);
  if (setup === 'kept from the journal') lines.push('', t.service.setupElsewhere);
  else if (setup) lines.push('', t.start.setup, `  ${setupUrl(url, setup.token)}`);
  return lines;
}
