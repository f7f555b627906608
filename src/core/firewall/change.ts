import { AppError } from '../../lib/errors.ts';
import { Mutex } from '../../lib/mutex.ts';
import type { FirewallChange, FirewallPlan, FirewallState } from '../../platform/firewall.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { applyArmed, listArmed, type ArmedChange } from '../armed/armed.ts';
import { record } from '../audit/audit.ts';
import { locksOut, type Cut, type LockOut } from './lock-out.ts';
import { waysOf } from './ways.ts';

/** What a change would do, before it does. */
export interface Preview {
  commands: string[];
  lockOut: LockOut;
}

export interface Done {
  /** It reverts by itself unless it is kept. */
  armed: ArmedChange | null;
  commands: string[];
}

interface Wanted {
  /** One after the other, as one change. */
  changes: FirewallChange[];
  /** "noun.verb" of the audit log. */
  action: string;
  target: string;
  params?: Record<string, unknown> | undefined;
  /** Make it though it locks out whoever asks; it reverts unless they can still press Keep. */
  armed: boolean;
  /** Writes down what became of it; `id` of the armed change. */
  kept?: ((id: string | null) => void) | undefined;
}

const changing = new Mutex();
const KEY = 'firewall';

/** Decides, and changes nothing. @throws AppError denied, unsupported, conflict, unavailable */
export async function previewChange(app: App, actor: Actor, changes: readonly FirewallChange[], state: FirewallState): Promise<Preview> {
  need(actor, 'firewall.write');
  const plan = await planAll(app, changes, state);
  return { commands: plan.commands, lockOut: await dangerOf(app, actor, changes, state) };
}

async function dangerOf(app: App, actor: Actor, changes: readonly FirewallChange[], state: FirewallState): Promise<LockOut> {
  const ways = await waysOf(app, actor);
  const all = changes.map((change) => locksOut(change, state, ways));
  const cuts = all.flatMap((one) => one.cuts).filter((cut, i, every) => every.findIndex(({ what, port }) => what === cut.what && port === cut.port) === i);
  return { cuts, risky: all.some(({ risky }) => risky) };
}

async function planAll(app: App, changes: readonly FirewallChange[], state: FirewallState): Promise<FirewallPlan> {
  const plans = await Promise.all(changes.map((change) => app.host.firewall.plan(change, state)));
  if (plans.length === 1) return plans[0]!;
  return { commands: plans.flatMap(({ commands }) => commands), steps: plans.flatMap(({ steps }) => steps), revert: plans.toReversed().flatMap(({ revert }) => revert) };
}

/**
 * Makes changes of the machine's firewall. What would lock out whoever asks is refused, or armed when they want it all the same;
 * what might is armed.
 * @param decide is given the firewall as it is when it is this change's turn
 * @throws AppError denied, unsupported, conflict (with the field `armed`: it locks out), unavailable with the tool's words
 */
export async function changeFirewall(app: App, actor: Actor, decide: (state: FirewallState) => Wanted | Promise<Wanted>): Promise<Done> {
  need(actor, 'firewall.write');
  return changing.run(KEY, async () => {
    refuseWhileArmed(app);
    const state = usable(await app.host.firewall.read());
    const { changes, action, target, params, armed, kept } = await decide(state);
    const { cuts, risky } = await dangerOf(app, actor, changes, state);
    if (cuts.length && !armed) throw lockOutError(cuts);
    const plan = await planAll(app, changes, state);
    return applyPlan(app, actor, plan, { action, target, params, risky: cuts.length > 0 || risky, kept });
  });
}

export interface Applied extends Pick<Wanted, 'action' | 'target' | 'params' | 'kept'> {
  /** It reverts by itself unless it is kept. */
  risky: boolean;
}

/** Makes what is planned, and records it. @throws AppError unavailable with the tool's words */
export async function applyPlan(app: App, actor: Actor, plan: FirewallPlan, { action, target, params, risky, kept }: Applied): Promise<Done> {
  const { firewall } = app.host;
  const make = async (armedId: string | null) => {
    await firewall.apply(plan);
    kept?.(armedId);
  };
  const write = (result: 'ok' | 'failed') => record(app, actor, { action, target, result, params: { ...params, ...(risky ? { armed: true } : {}) }, commands: plan.commands });
  try {
    const armed = risky ? await applyArmed(app, actor, { noun: 'firewall', target, revert: plan.revert, undo: () => firewall.revert(plan) }, make) : null;
    if (!risky) await make(null);
    write('ok');
    return { armed, commands: plan.commands };
  } catch (error) {
    write('failed');
    throw error;
  }
}

/** @throws AppError unsupported where there is no firewall, or the panel may not change it */
export function usable(state: FirewallState): FirewallState {
  if (state.hindrance === 'root') throw new AppError('unsupported', (t) => t.firewall.notRoot);
  if (state.hindrance === 'system') throw new AppError('unsupported', (t) => t.firewall.systemText);
  if (state.provider === null) throw new AppError('unsupported', (t) => t.firewall.none);
  return state;
}

/** Taking that one back would take this one back as well. */
export function refuseWhileArmed(app: App) {
  const other = listArmed(app).find(({ noun }) => noun === 'firewall');
  if (other) throw new AppError('conflict', (t) => t.armed.another({ target: other.target }));
}

export const lockOutError = (cuts: readonly Cut[]) => new AppError('conflict', (t) => t.firewall.lockOut({ cuts: cuts.map(({ what, port }) => t.firewall.cuts[what]({ port: String(port) })) }), { field: 'armed' });
