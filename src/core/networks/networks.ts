import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { naturalKey } from '../../lib/natural.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record, type AuditEntry } from '../audit/audit.ts';
import { ContainerId } from '../containers/container.ts';
import { listHolders, type Holder } from '../containers/holders.ts';
import { askDocker, tellDocker } from '../docker/ask.ts';
import { ListedNetworks, NetworkName, networkOf, RawNetwork, type Member, type Network } from './network.ts';
import type { NewNetwork } from './new.ts';

export const NetworkFilter = z.object({
  /** In name, driver, subnets, stack, names of containers, and as the beginning of the id. */
  q: z.string().max(200).default(''),
});

export interface NetworkRow extends Network {
  usedBy: { id: string; name: string; running: boolean }[];
}

/** All there are, by name; those of the engine itself come last. */
export async function listNetworks(app: App, actor: Actor, { q = '' }: Partial<z.output<typeof NetworkFilter>> = {}): Promise<NetworkRow[]> {
  need(actor, 'networks.read');
  const [raw, holders] = await Promise.all([askDocker(app, { path: '/networks' }, ListedNetworks), listHolders(app)]);
  const words = q.trim().toLowerCase();
  const found = raw.map((one) => ({ ...networkOf(one), usedBy: on(one.Name, holders) })).filter((one) => !words || matches(one, words));
  return found.map((network) => ({ network, at: `${Number(network.predefined)}${naturalKey(network.name)} ${network.id}` })).sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ network }) => network);
}

const on = (network: string, holders: readonly Holder[]) => holders.filter(({ networks }) => networks.includes(network)).map(({ id, name, running }) => ({ id, name, running }));

function matches({ id, name, driver, subnets, stack, usedBy }: NetworkRow, words: string): boolean {
  const texts = [name, driver, stack ?? '', ...subnets.map(({ subnet }) => subnet), ...usedBy.map((one) => one.name)];
  return texts.some((text) => text.toLowerCase().includes(words)) || (words.length >= 4 && id.startsWith(words));
}

export interface NetworkWhole extends Network {
  members: Member[];
}

/** By id or name. @throws AppError not_found */
export async function getNetwork(app: App, actor: Actor, key: string): Promise<NetworkWhole> {
  need(actor, 'networks.read');
  const [raw, holders] = await Promise.all([askDocker(app, { path: `/networks/${accepted(key)}` }, RawNetwork), listHolders(app)]);
  const members = on(raw.Name, holders).map((one): Member => {
    // The engine knows addresses of what runs only.
    const now = raw.Containers?.[one.id];
    return { ...one, ipv4: now?.IPv4Address || null, ipv6: now?.IPv6Address || null, mac: now?.MacAddress || null };
  });
  return { ...networkOf(raw), members };
}

function accepted(key: string): string {
  const parsed = NetworkName.safeParse(key);
  if (!parsed.success) throw new AppError('not_found', (t) => t.networks.notFound);
  return parsed.data;
}

const Created = z.object({ Id: z.string() });
const WORK_MS = 60_000;

/** @returns its id. @throws AppError conflict when the name is taken, or in the engine's words */
export async function createNetwork(app: App, actor: Actor, input: z.output<typeof NewNetwork>): Promise<string> {
  need(actor, 'networks.write');
  const { name, driver, internal, ipv6, subnets, parent, labels } = input;
  // CheckDuplicate is best effort, says the engine: two networks of one name are a trap for whoever names them.
  if ((await listNetworks(app, actor)).some((one) => one.name === name)) throw new AppError('conflict', (t) => t.networks.taken({ name }), { field: 'name' });
  const body = {
    Name: name, CheckDuplicate: true, Driver: driver, Internal: internal, EnableIPv6: ipv6, Labels: labels,
    Options: parent ? { parent } : {},
    ...(subnets.length ? { IPAM: { Config: subnets.map(({ subnet, gateway }) => ({ Subnet: subnet, ...(gateway ? { Gateway: gateway } : {}) })) } } : {}),
  };
  return audited(app, actor, { action: 'networks.create', target: name, params: { driver, subnets: subnets.map(({ subnet }) => subnet), internal } }, async () =>
    (await askDocker(app, { method: 'POST', path: '/networks/create', body, timeout: WORK_MS }, Created)).Id);
}

/** @throws AppError conflict for one of the engine itself, and while containers are on it, which are named; not_found */
export async function removeNetwork(app: App, actor: Actor, key: string): Promise<void> {
  need(actor, 'networks.write');
  const { id, name, predefined, members } = await getNetwork(app, actor, key);
  if (predefined) throw new AppError('conflict', (t) => t.networks.ofEngine({ name }));
  const running = members.filter((one) => one.running);
  if (running.length) throw new AppError('conflict', (t) => t.networks.inUse({ name, containers: running.map((one) => one.name).join(', '), n: running.length }));
  await audited(app, actor, { action: 'networks.remove', target: name }, () => tellDocker(app, { method: 'DELETE', path: `/networks/${id}`, timeout: WORK_MS }));
}

export const Attachment = z.strictObject({ container: ContainerId });

export async function connectContainer(app: App, actor: Actor, key: string, { container }: z.output<typeof Attachment>): Promise<void> {
  need(actor, 'networks.write');
  const { id, name } = await getNetwork(app, actor, key);
  await audited(app, actor, { action: 'networks.connect', target: name, params: { container } }, () => tellDocker(app, { path: `/networks/${id}/connect`, body: { Container: container }, timeout: WORK_MS }));
}

export async function disconnectContainer(app: App, actor: Actor, key: string, { container }: z.output<typeof Attachment>): Promise<void> {
  need(actor, 'networks.write');
  const { id, name } = await getNetwork(app, actor, key);
  await audited(app, actor, { action: 'networks.disconnect', target: name, params: { container } }, () => tellDocker(app, { path: `/networks/${id}/disconnect`, body: { Container: container }, timeout: WORK_MS }));
}

async function audited<T>(app: App, actor: Actor, entry: AuditEntry, work: () => Promise<T>): Promise<T> {
  try {
    const done = await work();
    record(app, actor, entry);
    return done;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    record(app, actor, { ...entry, result: 'failed' });
    // "already on it", "has active endpoints": 403 to the engine, and no question of who asks.
    throw error.code === 'denied' ? new AppError('conflict', error.say, { cause: error }) : error;
  }
}

/** Containers that may be put on it. */
export async function connectable(app: App, actor: Actor, network: NetworkWhole): Promise<{ id: string; name: string }[]> {
  need(actor, 'networks.write');
  const there = new Set(network.members.map(({ id }) => id));
  // Who shares the network of the host, or has none, cannot be on another.
  return (await listHolders(app)).filter(({ id, networks }) => !there.has(id) && !networks.includes('host') && !networks.includes('none')).map(({ id, name }) => ({ id, name }));
}
