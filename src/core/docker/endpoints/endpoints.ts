import { asc, count, eq, sql } from 'drizzle-orm';
import { dockerEndpoints } from '../../../db/schema/docker-endpoints.ts';
import { transaction } from '../../../db/transaction.ts';
import { AppError } from '../../../lib/errors.ts';
import { hostPort } from '../../../lib/host-port.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { getSetting } from '../../settings/settings.ts';
import { SshHostInput } from '../../terminal/ssh-hosts/host-input.ts';
import { addSshHost, sshHostRow, wayTo } from '../../terminal/ssh-hosts/hosts.ts';
import { refuseWhileBusy } from './busy.ts';
import { certificatesOf, isNewHost, usualPort, type EndpointFields } from './input.ts';

export type EndpointRow = typeof dockerEndpoints.$inferSelect;

/** A saved endpoint as people see it: never a secret, only whether there is one. */
export interface Endpoint {
  id: string;
  name: string;
  kind: EndpointRow['kind'];
  socket: string;
  address: string;
  port: number;
  sshHostId: string | null;
  /** "unix:///run/user/1000/docker.sock", "tcp://10.0.0.5:2376", "ssh://root@hk-01". */
  url: string;
  has: { ca: boolean; certificate: boolean; key: boolean };
  /** When our certificate ends, ms; null: there is none. */
  certificateEnds: number | null;
  /** ssh: somebody has confirmed who the machine is. */
  pinned: boolean;
  chosen: boolean;
}

const SECRETS = ['ca', 'certificate', 'privateKey'] as const;
type Secret = (typeof SECRETS)[number];

const MOST = 200;

/** A sealed text is bound to its row and column: nobody can move it to another (S13). */
const context = (id: string, column: Secret) => `docker_endpoints/${id}/${column}`;

/** null: none is kept. For core only. */
export const openPem = (app: Pick<App, 'secrets'>, row: EndpointRow, column: Secret): string | null =>
  row[column] === null ? null : app.secrets.open(row[column], context(row.id, column));

/** With its sealed columns; for core only. @throws AppError not_found */
export function endpointRow(app: Pick<App, 'db'>, id: string): EndpointRow {
  const row = app.db.select().from(dockerEndpoints).where(eq(dockerEndpoints.id, id)).get();
  if (!row) throw new AppError('not_found', (t) => t.endpoints.notFound);
  return row;
}

/** Where it is, for people. */
export function urlOf(app: Pick<App, 'db'>, { kind, socket, address, port, sshHostId }: EndpointRow): string {
  if (kind === 'unix') return `unix://${socket}`;
  if (kind !== 'ssh') return `tcp://${hostPort({ address, port })}`;
  const host = sshHostRow(app, sshHostId!);
  return `ssh://${host.user}@${host.address}${host.port === 22 ? '' : `:${host.port}`}`;
}

function shown(app: Pick<App, 'db' | 'secrets'>, row: EndpointRow): Endpoint {
  const { id, name, kind, socket, address, port, sshHostId } = row;
  const certificate = openPem(app, row, 'certificate');
  return {
    id, name, kind, socket, address, port, sshHostId, url: urlOf(app, row),
    has: { ca: row.ca !== null, certificate: row.certificate !== null, key: row.privateKey !== null },
    certificateEnds: certificate === null ? null : certificatesOf(certificate)[0]!.validToDate.getTime(),
    pinned: sshHostId === null || wayTo(app, sshHostId).every((host) => host.pinnedKeys.length > 0),
    chosen: getSetting(app, 'dockerEndpoint') === id,
  };
}

/** By name; without the one of this machine. @throws AppError denied */
export function listEndpoints(app: Pick<App, 'db' | 'secrets'>, actor: Actor): Endpoint[] {
  need(actor, 'containers.read');
  return app.db.select().from(dockerEndpoints).orderBy(asc(sql`lower(${dockerEndpoints.name})`)).all().map((row) => shown(app, row));
}

/** @throws AppError denied, not_found */
export function getEndpoint(app: Pick<App, 'db' | 'secrets'>, actor: Actor, id: string): Endpoint {
  need(actor, 'containers.read');
  return shown(app, endpointRow(app, id));
}

/** @returns its id @throws AppError denied, invalid, conflict (name taken, too many), not_found (the saved host) */
export function addEndpoint(app: App, actor: Actor, input: EndpointFields): string {
  need(actor, 'containers.admin');
  const id = app.random.id();
  return transaction(app.db, () => {
    if (app.db.select({ n: count() }).from(dockerEndpoints).get()!.n >= MOST) throw new AppError('conflict', (t) => t.endpoints.tooMany({ n: MOST }));
    const at = app.clock.now();
    const row = { id, ...columnsOf(app, actor, id, input), ...sealedOf(app, { id, ca: null, certificate: null, privateKey: null }, input), createdAt: at, changedAt: at };
    app.db.insert(dockerEndpoints).values(row).run();
    record(app, actor, { action: 'docker_endpoints.add', target: input.name, params: facts(app, id) });
    return id;
  });
}

/** @throws AppError denied, not_found, invalid, conflict (name taken; it is in use by a task) */
export function changeEndpoint(app: App, actor: Actor, id: string, input: EndpointFields): void {
  need(actor, 'containers.admin');
  const row = endpointRow(app, id);
  if (app.engines.chosen() === id) refuseWhileBusy(app);
  transaction(app.db, () => {
    const next = { ...columnsOf(app, actor, id, input), ...sealedOf(app, row, input), changedAt: app.clock.now() };
    app.db.update(dockerEndpoints).set(next).where(eq(dockerEndpoints.id, id)).run();
    const renewed = SECRETS.filter((column) => next[column] !== null && next[column] !== row[column]);
    record(app, actor, { action: 'docker_endpoints.change', target: input.name, params: { ...facts(app, id), ...(row.name === input.name ? {} : { was: row.name }), ...(renewed.length ? { renewed } : {}) } });
  });
  app.engines.renew(id);
  // Whoever follows it goes on with what it is now.
  if (app.engines.chosen() === id) app.bus.emit('docker.switched', {});
}

/** @throws AppError denied, not_found, conflict: it is the one in use */
export function removeEndpoint(app: App, actor: Actor, id: string): void {
  need(actor, 'containers.admin');
  const row = endpointRow(app, id);
  if (app.engines.chosen() === id) throw new AppError('conflict', (t) => t.endpoints.inUse({ name: row.name }));
  const params = facts(app, id);
  app.db.delete(dockerEndpoints).where(eq(dockerEndpoints.id, id)).run();
  app.engines.renew(id);
  record(app, actor, { action: 'docker_endpoints.remove', target: row.name, params });
}

function facts(app: Pick<App, 'db'>, id: string) {
  const row = endpointRow(app, id);
  return { kind: row.kind, address: urlOf(app, row) };
}

function columnsOf(app: App, actor: Actor, id: string, input: EndpointFields) {
  const { name, kind } = input;
  const other = app.db.select({ id: dockerEndpoints.id }).from(dockerEndpoints).where(eq(dockerEndpoints.name, name)).get();
  if (other && other.id !== id) throw new AppError('conflict', (t) => t.endpoints.nameTaken({ name }), { field: 'name' });
  const net = kind === 'tls' || kind === 'tcp';
  return {
    name, kind, socket: kind === 'unix' ? input.socket : '', address: net ? input.address : '', port: net ? input.port || usualPort(kind) : 0,
    sshHostId: kind === 'ssh' ? sshHostOf(app, actor, input) : null,
  };
}

/** The saved host that it goes by; a new one is saved here. Nobody is there to type when the panel signs in. */
function sshHostOf(app: App, actor: Actor, input: EndpointFields): string {
  if (!isNewHost(input)) {
    const asks = wayTo(app, input.sshHost).find(({ authentication }) => authentication === 'ask');
    if (asks) throw new AppError('conflict', (t) => t.endpoints.asks({ name: asks.name }), { field: 'sshHost' });
    return input.sshHost;
  }
  const { name, address, port, user, sshKey, passphrase } = input;
  const host = SshHostInput.safeParse({ name, address, port: port || 22, user, authentication: 'key', privateKey: sshKey, passphrase });
  if (host.success) {
    if (!sshKey) throw new AppError('invalid', (t) => t.sshHosts.keyRule, { field: 'sshKey' });
    return addSshHost(app, actor, host.data);
  }
  const field = String(host.error.issues[0]?.path[0] ?? '');
  const say = { address: 'addressRule', port: 'portRule', user: 'userRule' } as const;
  throw new AppError('invalid', (t) => t.sshHosts[say[field as keyof typeof say] ?? 'keyRule'], { field: field in say ? field : 'sshKey' });
}

function sealedOf(app: App, row: Pick<EndpointRow, 'id' | Secret>, { kind, ca, certificate, key }: EndpointFields): Record<Secret, string | null> {
  if (kind !== 'tls') return { ca: null, certificate: null, privateKey: null };
  const kept = (column: Secret, pem: string) => (pem === '' ? row[column] : app.secrets.seal(pem, context(row.id, column)));
  const sealed = { ca: kept('ca', ca), certificate: kept('certificate', certificate), privateKey: kept('privateKey', key) };
  if (sealed.ca === null) throw new AppError('invalid', (t) => t.endpoints.caMissing, { field: 'ca' });
  return sealed;
}
