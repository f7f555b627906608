import { parseAddress } from '../../lib/address-range.ts';
import { AppError } from '../../lib/errors.ts';
import type { SignInSource, SignInTry } from '../../platform/sign-ins.ts';
import type { App } from '../app.ts';
import type { Protection } from '../blocks/protection.ts';
import { getSetting, GUARD_SOURCES, type GuardSource } from '../settings/settings.ts';
import { banOffenders, type Spared } from './ban.ts';
import { createCounter, type Counter, type Offender } from './counter.ts';
import { keepsItself } from './fail2ban.ts';

/** `other`: fail2ban looks after it. `lost`: its log ended, and is asked for again. */
export type SourceState = 'off' | 'watching' | 'other' | 'notRoot' | 'noService' | 'lost';

export interface GuardState {
  sources: Map<GuardSource, SourceState>;
  /** Since the panel started. */
  failures: Map<GuardSource, number>;
  /** The last that were not banned although they failed too often, newest first. */
  spared: Spared[];
  fault: AppError | null;
}

const SPARED_MOST = 20;
/** How long those who signed in well are remembered; more would be of machines without people. */
const GOOD_MOST = 1000;
const LOOK_MS = 30_000;

const states = new WeakMap<object, GuardState>();

export function guardState(app: Pick<App, 'db'>): GuardState {
  let state = states.get(app.db);
  if (!state) states.set(app.db, (state = { sources: new Map(), failures: new Map(), spared: [], fault: null }));
  return state;
}

interface Watch {
  app: App;
  state: GuardState;
  counter: Counter;
  /** Where somebody has signed in to the machine lately. */
  good: Set<string>;
  waiting: { offender: Offender; source: GuardSource }[];
  busy: boolean;
  /** Between one change of what is dropped and the next. */
  pause: () => Promise<unknown>;
}

/** Those who come within this time are banned together. */
const TOGETHER_MS = 1000;

/** Listens to what is chosen, and bans. @returns what ends it */
export function startGuard(app: App, pause: Watch['pause'] = () => Bun.sleep(TOGETHER_MS)): () => void {
  const watch: Watch = { app, state: guardState(app), counter: createCounter(), good: new Set(), waiting: [], busy: false, pause };
  const following = new Map<GuardSource, () => void>();
  const stops = [
    app.bus.on('sign_in.failed', ({ ip, what }) => {
      if (watch.state.sources.get('panel') === 'watching') failed(watch, 'panel', ip, app.clock.now(), what);
    }),
    app.bus.on('guard.changed', () => void look()),
  ];
  let looking: Promise<void> = Promise.resolve();
  const look = () => (looking = looking.then(() => settle(watch, following)).catch((error: unknown) => app.log.error('the guard does not listen', { error: error as Error })));
  void look();
  const timer = setInterval(() => void look(), LOOK_MS);
  return () => {
    clearInterval(timer);
    for (const stop of [...stops, ...following.values()]) stop();
    following.clear();
    watch.waiting.length = 0;
  };
}

/** Begins and ends to listen, as the settings and the machine are now. */
async function settle(watch: Watch, following: Map<GuardSource, () => void>) {
  const { app, state } = watch;
  const on = getSetting(app, 'guardOn');
  const chosen = getSetting(app, 'guardSources');
  for (const name of GUARD_SOURCES) {
    const source = app.host.signIns.sources.find(({ service }) => service === name);
    const wanted = await stateOf(app, name, on && chosen.includes(name), source);
    if (wanted !== 'watching') {
      following.get(name)?.();
      following.delete(name);
    } else if (source && !following.has(name)) {
      for (const address of await source.lately().catch(() => [])) remember(watch, address);
      following.set(name, source.follow((one) => tried(watch, name, one), (why) => lost(watch, following, name, why)));
    }
    state.sources.set(name, wanted);
  }
}

async function stateOf(app: App, name: GuardSource, on: boolean, source: SignInSource | undefined): Promise<SourceState> {
  if (!on) return 'off';
  if (name === 'panel') return 'watching';
  const refusal = source ? await source.refusal() : 'noService';
  return refusal ?? ((await keepsItself(app, name)) ? 'other' : 'watching');
}

function lost(watch: Watch, following: Map<GuardSource, () => void>, name: GuardSource, why: string) {
  following.delete(name);
  watch.state.sources.set(name, 'lost');
  watch.app.log.warn('the guard hears nothing any more, and asks again', { source: name, why });
}

function tried(watch: Watch, source: GuardSource, { address, good, at, text }: SignInTry) {
  if (!good) return failed(watch, source, address, at, text);
  watch.counter.forget(address);
  remember(watch, address);
}

function remember({ good }: Watch, address: string) {
  good.delete(address);
  good.add(address);
  if (good.size > GOOD_MOST) good.delete(good.values().next().value!);
}

function failed(watch: Watch, source: GuardSource, address: string, at: number, text: string) {
  const { app, state, counter, waiting } = watch;
  state.failures.set(source, (state.failures.get(source) ?? 0) + 1);
  const offender = counter.add(address, { at, text }, { failures: getSetting(app, 'guardFailures'), ms: getSetting(app, 'guardMinutes') * 60_000 });
  if (!offender) return;
  waiting.push({ offender, source });
  if (!watch.busy) void work(watch);
}

/** The first at once, then all that came during the pause: a thousand who come together are a few changes, not a thousand. */
async function work(watch: Watch) {
  watch.busy = true;
  while (watch.waiting.length) {
    await banWaiting(watch);
    await watch.pause();
  }
  watch.busy = false;
}

async function banWaiting(watch: Watch) {
  const { app, state } = watch;
  try {
    const more = [...watch.good].flatMap((text): Protection[] => {
      const found = parseAddress(text);
      return found ? [{ range: { family: found.family, first: found.value, last: found.value }, why: 'cameBefore' }] : [];
    });
    const spared = new Map(state.spared.map((one) => [one.address, one]));
    for (const one of await banOffenders(app, watch.waiting.splice(0), more)) spared.set(one.address, one);
    state.spared = [...spared.values()].sort((a, b) => b.at - a.at).slice(0, SPARED_MOST);
    state.fault = null;
  } catch (error) {
    state.fault = error instanceof AppError ? error : null;
    app.log.warn('the guard could not ban', { error: error as Error });
  }
}
