import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { registries } from '../../db/schema/registries.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { RegistryHost } from './host.ts';
import { signIn } from './sign-in.ts';

export type RegistryRow = typeof registries.$inferSelect;

/** What people see of it: never the password. */
export type Registry = Omit<RegistryRow, 'password'>;

/** More are an inventory, which is another program's business. */
const MOST = 200;

const userRule = say('registries.user', (t) => t.registries.userRule);
const passwordRule = say('registries.password', (t) => t.registries.passwordRule);

/** No colon: what is sent is `user:password` (RFC 7617). No control characters: files of Docker's tools hold it (S3). */
const User = z.string().trim().min(1, userRule).max(255, userRule).regex(/^[^\x00-\x1f\x7f:]+$/, userRule);
/** Tokens of clouds are as long as 4 KiB. */
const Password = z.string().max(16_384, passwordRule).regex(/^[^\x00-\x1f\x7f]*$/, passwordRule);
const Note = z.string().trim().max(200).regex(/^[^\x00-\x1f\x7f]*$/).default('');

export const RegistryInput = z.strictObject({
  host: RegistryHost,
  user: User,
  /** Empty: the kept one stays. */
  password: Password.default(''),
  note: Note,
});
export type RegistryInput = z.output<typeof RegistryInput>;

interface Saving {
  /** Ask the registry first, and keep nothing that it refuses. */
  check: boolean;
}

/** A sealed text is bound to its row: nobody can move it to another (S13). */
const context = (id: string) => `registries/${id}/password`;

/** For core only. */
export const openPassword = (app: Pick<App, 'secrets'>, row: RegistryRow): string => app.secrets.open(row.password, context(row.id));

const shown = ({ password: _, ...row }: RegistryRow): Registry => row;

/** By their hosts. @throws AppError denied */
export function listRegistries(app: Pick<App, 'db'>, actor: Actor): Registry[] {
  need(actor, 'registries.read');
  return app.db.select().from(registries).orderBy(asc(registries.host)).all().map(shown);
}

/** @throws AppError denied, not_found */
export function getRegistry(app: Pick<App, 'db'>, actor: Actor, id: string): Registry {
  need(actor, 'registries.read');
  return shown(rowOf(app, id));
}

function rowOf(app: Pick<App, 'db'>, id: string): RegistryRow {
  const row = app.db.select().from(registries).where(eq(registries.id, id)).get();
  if (!row) throw new AppError('not_found', (t) => t.registries.notFound);
  return row;
}

/** @returns its id. @throws AppError denied, invalid (no password; or the registry refuses, in its words), conflict (there is one), unavailable */
export async function addRegistry(app: App, actor: Actor, input: RegistryInput, { check }: Saving): Promise<string> {
  need(actor, 'registries.write');
  if (input.password === '') throw new AppError('invalid', passwordMissing, { field: 'password' });
  refuseTaken(app, null, input.host);
  if (check) await signIn(app, input);
  const id = app.random.id();
  return transaction(app.db, () => {
    refuseTaken(app, null, input.host);
    if (app.db.select({ id: registries.id }).from(registries).all().length >= MOST) throw new AppError('conflict', (t) => t.registries.tooMany({ n: MOST }));
    const now = app.clock.now();
    app.db.insert(registries).values({ ...input, id, password: app.secrets.seal(input.password, context(id)), createdAt: now, checkedAt: check ? now : null }).run();
    record(app, actor, { action: 'registries.add', target: input.host, params: { user: input.user } });
    return id;
  });
}

const passwordMissing = (t: { registries: { passwordMissing: string } }) => t.registries.passwordMissing;

/** @throws AppError denied, not_found, invalid, conflict, unavailable */
export async function changeRegistry(app: App, actor: Actor, id: string, input: RegistryInput, { check }: Saving): Promise<void> {
  need(actor, 'registries.write');
  const row = rowOf(app, id);
  refuseTaken(app, id, input.host);
  // Write-only would mean little if a kept password could be sent to a machine of one's own.
  if (row.host !== input.host && input.password === '') throw new AppError('invalid', (t) => t.registries.passwordAgain, { field: 'password' });
  if (check) await signIn(app, { ...input, password: input.password || openPassword(app, row) });
  transaction(app.db, () => {
    // It may have been changed while the registry was asked: a kept password belongs to the host that was looked at.
    if (rowOf(app, id).host !== row.host) throw new AppError('conflict', (t) => t.registries.changed);
    refuseTaken(app, id, input.host);
    const renewed = input.password !== '';
    const password = renewed ? app.secrets.seal(input.password, context(id)) : row.password;
    const checkedAt = check ? app.clock.now() : renewed || row.user !== input.user ? null : row.checkedAt;
    app.db.update(registries).set({ ...input, password, checkedAt }).where(eq(registries.id, id)).run();
    record(app, actor, { action: 'registries.change', target: input.host, params: { user: input.user, ...(renewed ? { renewed: 'password' } : {}), ...(row.host === input.host ? {} : { was: row.host }) } });
  });
}

/** Signs in with what is kept. @throws AppError denied, not_found, invalid or unavailable in the engine's words */
export async function testRegistry(app: App, actor: Actor, id: string): Promise<void> {
  need(actor, 'registries.write');
  const row = rowOf(app, id);
  try {
    await signIn(app, { ...row, password: openPassword(app, row) });
  } catch (error) {
    if (error instanceof AppError) record(app, actor, { action: 'registries.test', target: row.host, result: 'failed' });
    throw error;
  }
  app.db.update(registries).set({ checkedAt: app.clock.now() }).where(eq(registries.id, id)).run();
  record(app, actor, { action: 'registries.test', target: row.host });
}

/** @throws AppError denied, not_found */
export function removeRegistry(app: App, actor: Actor, id: string): void {
  need(actor, 'registries.write');
  const { host, user } = rowOf(app, id);
  app.db.delete(registries).where(eq(registries.id, id)).run();
  record(app, actor, { action: 'registries.remove', target: host, params: { user } });
}

function refuseTaken(app: Pick<App, 'db'>, id: string | null, host: string) {
  const other = app.db.select({ id: registries.id }).from(registries).where(eq(registries.host, host)).get();
  if (other && other.id !== id) throw new AppError('conflict', (t) => t.registries.taken({ host }), { field: 'host' });
}
