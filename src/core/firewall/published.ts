import { AppError } from '../../lib/errors.ts';
import { Mutex } from '../../lib/mutex.ts';
import { holds, overlaps, parseNetwork, plainAddress } from '../../lib/network.ts';
import type { PublishedRule, PublishedState } from '../../platform/firewall.ts';
import { need } from '../access.ts';
import { SYSTEM, type Actor, type App } from '../app.ts';
import { listArmed } from '../armed/armed.ts';
import { firewallBackend } from '../docker/firewall-backend.ts';
import { applyPlan, refuseWhileArmed, type Applied, type Done, type Preview } from './change.ts';
import { endedArmed, keep, letGo, listKept, settleKept, type KeptRow } from './kept.ts';
import { ruleKey, specOf, type RuleInput } from './rule.ts';
import { ruleText } from './rules.ts';
import { waysOf } from './ways.ts';

export { PUBLISHED_HINDRANCES } from '../../platform/firewall.ts';

export interface PublishedRow {
  id: string;
  key: string;
  rule: PublishedRule;
  comment: string;
  createdAt: number;
  createdBy: string;
}

export interface PublishedRules extends PublishedState {
  rules: PublishedRow[];
  /** They are where they are asked. */
  inForce: boolean;
}

const rowOf = ({ id, key, spec, comment, createdAt, createdBy }: KeptRow): PublishedRow => ({ id, key, rule: spec as PublishedRule, comment, createdAt, createdBy });

/** The more exact first: the narrower sender, then the fewer ports; of two alike the one that denies. */
export function inOrder<Row extends { rule: PublishedRule }>(rows: readonly Row[]): Row[] {
  const sender = ({ rule }: Row) => {
    const network = rule.source === null ? null : parseNetwork(rule.source);
    return network ? 1 + (network.family === 'v4' ? network.length * 4 : network.length) : 0;
  };
  const width = ({ rule }: Row) => (rule.ports.length === 0 ? 65_536 : rule.ports.reduce((sum, { from, to }) => sum + to - from + 1, 0));
  return rows.toSorted((a, b) => sender(b) - sender(a) || width(a) - width(b) || Number(b.rule.action === 'deny') - Number(a.rule.action === 'deny'));
}

/** Where the chain cannot be read, nobody knows what became of armed changes of it. */
function keptRows(app: App, state: PublishedState, ended: ReadonlySet<string>): KeptRow[] {
  const rows = listKept(app, 'published');
  if (state.hindrance) return rows.filter(({ leaving }) => !leaving);
  return settleKept(app, 'published', new Set(rows.filter(({ spec }) => app.host.firewall.published.has(spec as PublishedRule, state)).map(({ key }) => key)), ended);
}

const readState = async (app: App): Promise<PublishedState> => app.host.firewall.published.read(await firewallBackend(app));

/** The chain or the table, and the rows that count beside it. */
async function readRows(app: App): Promise<{ state: PublishedState; rows: PublishedRow[] }> {
  const ended = endedArmed(app);
  const state = await readState(app);
  return { state, rows: keptRows(app, state, ended).map(rowOf) };
}

/** @throws AppError denied, unavailable */
export async function readPublished(app: App, actor: Actor): Promise<PublishedRules> {
  need(actor, 'firewall.read');
  const { state, rows } = await readRows(app);
  return { ...state, rules: inOrder(rows), inForce: rows.every(({ rule }) => app.host.firewall.published.has(rule, state)) };
}

/** A name of Linux, 15 characters; other systems have spaces in theirs. */
const INTERFACE = /^[A-Za-z0-9][\w.@+-]{0,14}$/;

/** @throws AppError conflict for what rules about published ports cannot say */
export function publishedOf(input: RuleInput): PublishedRule {
  const spec = specOf(input);
  const refuse = (field: string, say: (t: Parameters<AppError['say']>[0]) => string) => new AppError('conflict', say, { field });
  if (spec.action !== 'allow' && spec.action !== 'deny') throw refuse('action', (t) => t.firewall.published.actions);
  if (spec.direction !== 'in') throw refuse('direction', (t) => t.firewall.published.incoming);
  if (spec.service) throw refuse('service', (t) => t.firewall.published.ports);
  if (spec.destination) throw refuse('destination', (t) => t.firewall.published.noDestination);
  // It becomes a word in a line of iptables-restore.
  if (spec.interface !== null && !INTERFACE.test(spec.interface)) throw refuse('interface', (t) => t.firewall.badName);
  return { action: spec.action, protocol: spec.protocol, ports: spec.ports, source: spec.source, interface: spec.interface, family: spec.family };
}

const changing = new Mutex();

function needPlace(state: PublishedState) {
  if (state.hindrance) throw new AppError('unsupported', (t) => t.firewall.published.hindrances[state.hindrance!]);
}

/** What would run; nothing is changed. @throws AppError as doing it would */
export async function previewPublished(app: App, actor: Actor, change: { add: RuleInput } | { remove: string }): Promise<Preview> {
  need(actor, 'firewall.write');
  const { state, rows } = await readRows(app);
  const row = 'add' in change ? { rule: publishedOf(change.add) } : rowAt(rows, change.remove);
  needPlace(state);
  const removes = 'remove' in change;
  const wanted = removes ? rows.filter((one) => one !== row) : [...rows, row];
  const { commands } = app.host.firewall.published.plan(inOrder(wanted).map(({ rule }) => rule), state);
  return { commands, lockOut: { cuts: [], risky: await mayCutOff(app, actor, row.rule, removes) } };
}

function rowAt(rows: readonly PublishedRow[], id: string): PublishedRow {
  const found = rows.find((row) => row.id === id);
  if (!found) throw new AppError('not_found', (t) => t.firewall.gone);
  return found;
}

async function apply(app: App, actor: Actor, wanted: readonly { rule: PublishedRule }[], options: Applied): Promise<Done> {
  const state = await readState(app);
  needPlace(state);
  return applyPlan(app, actor, app.host.firewall.published.plan(inOrder(wanted).map(({ rule }) => rule), state), options);
}

/** One that keeps whoever asks, or that no longer lets them, to a port by which they may have come: of a proxy in a container. */
async function mayCutOff(app: App, actor: Actor, rule: PublishedRule, removes = false): Promise<boolean> {
  if (rule.action !== (removes ? 'allow' : 'deny') || rule.protocol === 'udp') return false;
  const { clientAddress, panelPort, proxies, doorPort } = await waysOf(app, actor);
  const client = parseNetwork(plainAddress(clientAddress));
  const source = rule.source === null ? null : parseNetwork(rule.source);
  const about = (port: number) => rule.ports.length === 0 || rule.ports.some(({ from, to }) => from <= port && port <= to);
  return (about(panelPort) && (!source || !client || holds(source, client))) || (about(doorPort) && proxies.some((proxy) => !source || overlaps(source, proxy)));
}

/** A rule about ports that containers publish. @throws AppError denied, conflict, unsupported (no engine, no tool), unavailable */
export function addPublished(app: App, actor: Actor, input: RuleInput): Promise<Done> {
  need(actor, 'firewall.write');
  return changing.run('published', async () => {
    refuseWhileArmed(app);
    const rule = publishedOf(input);
    const spec = specOf(input);
    const key = ruleKey({ ...spec, zone: null });
    const { rows } = await readRows(app);
    if (rows.some((row) => row.key === key)) throw new AppError('conflict', (t) => t.firewall.there, { field: 'ports' });
    const risky = await mayCutOff(app, actor, rule);
    return apply(app, actor, [...rows, { rule }], {
      action: 'firewall.published_add', target: ruleText(spec), risky,
      kept: (armedId) => keep(app, actor, { kind: 'published', key, spec: rule, comment: input.comment }, armedId),
    });
  });
}

/** @throws AppError denied, not_found, unsupported, unavailable */
export function removePublished(app: App, actor: Actor, id: string): Promise<Done> {
  need(actor, 'firewall.write');
  return changing.run('published', async () => {
    refuseWhileArmed(app);
    const { state, rows } = await readRows(app);
    const gone = rowAt(rows, id);
    const rest = rows.filter((row) => row !== gone);
    // Where no chain and no table is left, there is nothing to be taken out of it.
    const risky = state.hindrance === null && (await mayCutOff(app, actor, gone.rule, true));
    const kept = (armedId: string | null) => letGo(app, 'published', [gone.key], armedId);
    if (!state.hindrance) return apply(app, actor, rest, { action: 'firewall.published_remove', target: publishedText(gone.rule), risky, kept });
    if (state.table !== null || state.v4 !== null || state.v6 !== null) throw new AppError('unsupported', (t) => t.firewall.published.stays);
    kept(null);
    return { armed: null, commands: [] };
  });
}

export const publishedText = (rule: PublishedRule) => ruleText({ ...rule, direction: 'in', service: null, destination: null, zone: null, comment: '', program: null, profile: null, enabled: true });

/** After a boot, or when dockerd has made its chains anew: ours are put where they are asked; none that may yet be taken back. */
export function restorePublished(app: App, actor: Actor = SYSTEM): Promise<boolean> {
  need(actor, 'firewall.write');
  return changing.run('published', async () => {
    if (listArmed(app).some(({ noun }) => noun === 'firewall')) return false;
    if (listKept(app, 'published').length === 0) return false;
    const { state, rows } = await readRows(app);
    if (state.hindrance || rows.every(({ rule }) => app.host.firewall.published.has(rule, state))) return false;
    await apply(app, actor, rows, { action: 'firewall.published_restore', target: String(rows.length), risky: false });
    return true;
  });
}
