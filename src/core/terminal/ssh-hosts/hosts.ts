import { asc, count, eq, sql } from 'drizzle-orm';
import { dockerEndpoints } from '../../../db/schema/docker-endpoints.ts';
import { sshHosts } from '../../../db/schema/ssh-hosts.ts';
import { transaction } from '../../../db/transaction.ts';
import { AppError } from '../../../lib/errors.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import type { SshHostFields } from './host-input.ts';

export type SshHostRow = typeof sshHosts.$inferSelect;

/** What people see of a saved host: never a secret, only whether there is one. */
export type SshHost = Omit<SshHostRow, 'password' | 'privateKey' | 'passphrase'> & { has: Readonly<Record<Secret, boolean>> };

/** Columns that are sealed. */
const SECRETS = ['password', 'privateKey', 'passphrase'] as const;
export type Secret = (typeof SECRETS)[number];

/** More are an inventory, which is another program's business. */
const MOST = 1000;
/** Machines on one way, with the one that it leads to. */
const HOPS_MOST = 5;

/** A sealed text is bound to its row and column: nobody can move it to another (S13). */
const context = (id: string, column: Secret) => `ssh_hosts/${id}/${column}`;

/** null: none is kept. For core only. */
export const openSecret = (app: Pick<App, 'secrets'>, row: SshHostRow, column: Secret): string | null =>
  row[column] === null ? null : app.secrets.open(row[column], context(row.id, column));

function shown({ password, privateKey, passphrase, ...row }: SshHostRow): SshHost {
  return { ...row, has: { password: password !== null, privateKey: privateKey !== null, passphrase: passphrase !== null } };
}

/** By group and name; those without a group first. @throws AppError denied */
export function listSshHosts(app: Pick<App, 'db'>, actor: Actor): SshHost[] {
  need(actor, 'terminal.open');
  return app.db.select().from(sshHosts).orderBy(asc(sql`lower(${sshHosts.group})`), asc(sql`lower(${sshHosts.name})`)).all().map(shown);
}

/** @throws AppError denied, not_found */
export function getSshHost(app: Pick<App, 'db'>, actor: Actor, id: string): SshHost {
  need(actor, 'terminal.open');
  return shown(sshHostRow(app, id));
}

/** With its sealed columns; for core only. @throws AppError not_found */
export function sshHostRow(app: Pick<App, 'db'>, id: string): SshHostRow {
  const row = app.db.select().from(sshHosts).where(eq(sshHosts.id, id)).get();
  if (!row) throw new AppError('not_found', (t) => t.sshHosts.notFound);
  return row;
}

/** The host and those on the way to it, each reached through the next. @throws AppError not_found, conflict (too many, or in a circle) */
export function wayTo(app: Pick<App, 'db'>, id: string): SshHostRow[] {
  const way = [sshHostRow(app, id)];
  for (let next = way[0]!.jumpId; next !== null; next = way.at(-1)!.jumpId) {
    if (way.some((row) => row.id === next)) throw new AppError('conflict', (t) => t.sshHosts.jumpCircle, { field: 'jump' });
    if (way.length >= HOPS_MOST) throw new AppError('conflict', (t) => t.sshHosts.jumpMany({ n: HOPS_MOST - 1 }), { field: 'jump' });
    way.push(sshHostRow(app, next));
  }
  return way;
}

/** @returns its id. @throws AppError denied, invalid, conflict (name taken, too many) */
export function addSshHost(app: App, actor: Actor, input: SshHostFields): string {
  need(actor, 'terminal.open');
  const id = app.random.id();
  return transaction(app.db, () => {
    if (app.db.select({ n: count() }).from(sshHosts).get()!.n >= MOST) throw new AppError('conflict', (t) => t.sshHosts.tooMany({ n: MOST }));
    refuseTakenName(app, id, input.name);
    const secrets = sealedOf(app, { id, password: null, privateKey: null, passphrase: null }, input);
    const row = { id, ...columns(input), ...secrets, pinnedKeys: [], pinnedAt: null, offeredKeys: [], offeredAt: null, createdAt: app.clock.now() };
    if (row.jumpId !== null) sshHostRow(app, row.jumpId);
    app.db.insert(sshHosts).values(row).run();
    wayTo(app, id);
    record(app, actor, { action: 'ssh_hosts.add', target: input.name, params: facts(input) });
    return id;
  });
}

/** @throws AppError denied, not_found, invalid, conflict */
export function changeSshHost(app: App, actor: Actor, id: string, input: SshHostFields): void {
  need(actor, 'terminal.open');
  transaction(app.db, () => {
    const row = sshHostRow(app, id);
    refuseTakenName(app, id, input.name);
    const elsewhere = row.address !== input.address || row.port !== input.port;
    // Write-only would mean little if a kept password could be sent to a machine of one's own.
    if (elsewhere && row.password !== null && input.authentication === 'password' && input.password === '') throw new AppError('invalid', (t) => t.sshHosts.passwordAgain, { field: 'password' });
    const next = { ...columns(input), ...sealedOf(app, row, input) };
    if (next.jumpId !== null) sshHostRow(app, next.jumpId);
    // Another machine has other keys, which a person looks at again.
    const keys = elsewhere ? { pinnedKeys: [], pinnedAt: null, offeredKeys: [], offeredAt: null } : {};
    app.db.update(sshHosts).set({ ...next, ...keys }).where(eq(sshHosts.id, id)).run();
    wayTo(app, id);
    const renewed = SECRETS.filter((name) => input[name] !== '' && next[name] !== null);
    record(app, actor, { action: 'ssh_hosts.change', target: input.name, params: { ...facts(input), ...(row.name === input.name ? {} : { was: row.name }), ...(renewed.length ? { renewed } : {}) } });
  });
}

/** @throws AppError denied, not_found, conflict (others are reached through it) */
export function removeSshHost(app: App, actor: Actor, id: string): void {
  need(actor, 'terminal.open');
  transaction(app.db, () => {
    const { name, address } = sshHostRow(app, id);
    const behind = app.db.select({ name: sshHosts.name }).from(sshHosts).where(eq(sshHosts.jumpId, id)).all().map((row) => row.name);
    if (behind.length) throw new AppError('conflict', (t) => t.sshHosts.isJump({ name, others: behind.slice(0, 5).join(', ') }));
    const engines = app.db.select({ name: dockerEndpoints.name }).from(dockerEndpoints).where(eq(dockerEndpoints.sshHostId, id)).all().map((row) => row.name);
    if (engines.length) throw new AppError('conflict', (t) => t.endpoints.hostInUse({ name, others: engines.slice(0, 5).join(', ') }));
    app.db.delete(sshHosts).where(eq(sshHosts.id, id)).run();
    record(app, actor, { action: 'ssh_hosts.remove', target: name, params: { address } });
  });
}

const columns = ({ name, group, address, port, user, authentication, keyPath, agentSocket, jump, command }: SshHostFields) => ({
  name, group, address, port, user, authentication, command, jumpId: jump || null,
  keyPath: authentication === 'file' ? keyPath : '', agentSocket: authentication === 'agent' ? agentSocket : '',
});

const facts = ({ address, port, user, authentication }: SshHostFields) => ({ address, port, user, authentication });

/** Which of the secrets an authentication uses; the others are forgotten. */
const USES: Readonly<Record<SshHostRow['authentication'], readonly Secret[]>> = { ask: [], agent: [], password: ['password'], key: ['privateKey', 'passphrase'], file: ['passphrase'] };

function sealedOf(app: App, row: Pick<SshHostRow, 'id' | Secret>, input: SshHostFields): Record<Secret, string | null> {
  const sealed = Object.fromEntries(SECRETS.map((name) => {
    if (!USES[input.authentication].includes(name)) return [name, null];
    return [name, input[name] === '' ? row[name] : app.secrets.seal(input[name], context(row.id, name))];
  })) as Record<Secret, string | null>;
  // A new key has a passphrase of its own, or none.
  if (input.privateKey !== '' && input.passphrase === '') sealed.passphrase = null;
  if (input.authentication === 'password' && sealed.password === null) throw new AppError('invalid', (t) => t.sshHosts.passwordMissing, { field: 'password' });
  if (input.authentication === 'key' && sealed.privateKey === null) throw new AppError('invalid', (t) => t.sshHosts.keyRule, { field: 'privateKey' });
  return sealed;
}

function refuseTakenName(app: Pick<App, 'db'>, id: string, name: string) {
  const other = app.db.select({ id: sshHosts.id }).from(sshHosts).where(eq(sshHosts.name, name)).get();
  if (other && other.id !== id) throw new AppError('conflict', (t) => t.sshHosts.nameTaken({ name }), { field: 'name' });
}
