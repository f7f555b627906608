import { eq } from 'drizzle-orm';
import { registries } from '../../db/schema/registries.ts';
import type { App } from '../app.ts';
import { parseReference } from '../images/reference.ts';
import { addressOf } from './host.ts';
import { openPassword } from './registries.ts';

export type AuthApp = Pick<App, 'db' | 'secrets'>;

/** As the engine reads it: base64 of JSON in the alphabet of addresses, filled up (Go's `base64.URLEncoding`). */
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');

/** Of a push the engine insists on a header, also where nobody is signed in. */
export const NOBODY: Readonly<Record<string, string>> = { 'x-registry-auth': encoded({}) };

/** Who one is to the registry of this image: a header of a call to the engine; none where no sign-in is kept for it. */
export async function registryAuth(app: AuthApp, reference: string): Promise<Record<string, string>> {
  const host = parseReference(reference)?.domain.toLowerCase();
  const row = host === undefined ? undefined : app.db.select().from(registries).where(eq(registries.host, host)).get();
  if (!row) return {};
  return { 'x-registry-auth': encoded({ username: row.user, password: openPassword(app, row), serveraddress: addressOf(row.host) }) };
}

/** Of all registries: a build fetches what its Dockerfile names. None where no sign-in is kept. */
export async function registryConfig(app: AuthApp): Promise<Record<string, string>> {
  const rows = app.db.select().from(registries).all();
  if (rows.length === 0) return {};
  return { 'x-registry-config': encoded(Object.fromEntries(rows.map((row) => [addressOf(row.host), { username: row.user, password: openPassword(app, row), serveraddress: addressOf(row.host) }]))) };
}

/** Is a sign-in kept for the registry of this image? */
export const isSignedIn = (app: Pick<App, 'db'>, reference: string): boolean => {
  const host = parseReference(reference)?.domain.toLowerCase();
  return host !== undefined && app.db.select({ id: registries.id }).from(registries).where(eq(registries.host, host)).get() !== undefined;
};
