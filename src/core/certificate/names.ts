import { hostname } from 'node:os';
import { isIP } from 'node:net';
import { listAddresses } from '../../platform/addresses.ts';
import type { Exec } from '../../platform/exec.ts';
import { plainName } from './certificate.ts';

/** Names that a certificate without must be made anew. IPv6 is left out: privacy addresses (RFC 8981) change daily. */
export function neededNames(host: string): string[] {
  const v4 = listAddresses().map(({ address }) => address).filter((address) => isIP(address) === 4);
  return unique([hostname(), 'localhost', '127.0.0.1', '::1', ...listenNames(host), ...v4]);
}

/** Everything that a new certificate is made for. Asks `hostname -f` for the full name, which may ask DNS. */
export async function certificateNames(exec: Exec, host: string): Promise<string[]> {
  const addresses = listAddresses().map(({ address }) => address);
  return unique([...neededNames(host), ...(await fullName(exec)), ...addresses]);
}

const listenNames = (host: string) => (['0.0.0.0', '::', ''].includes(host) ? [] : [host]);

async function fullName(exec: Exec): Promise<string[]> {
  const tool = process.platform === 'win32' ? undefined : exec.which('hostname');
  if (!tool) return [];
  const { code, stdout } = await exec.run([tool, '-f'], { timeout: 1500, cap: 4096 });
  const name = stdout.trim();
  return code === 0 && /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(name) ? [name] : [];
}

const unique = (names: readonly string[]) => [...new Set(names.filter((name) => /^[\x21-\x7e]+$/.test(name)).map(plainName))];
