import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { naturalKey } from '../../lib/natural.ts';
import { FEATURE_LISTS, type FeatureChange, type FeatureList, type FeatureState, type OptionalFeature, type OptionalFeatureDetails, type OptionalFeatures, type OptionalFeaturesDriver } from '../../platform/optional-features.ts';
import { planOf, type Plan } from '../../platform/plan.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { kept } from '../kept.ts';
import { commandsOf, sameAsSeen } from '../seal.ts';
import { forgetSystem } from '../system/system.ts';

export { FEATURE_LISTS, FEATURE_STATES } from '../../platform/optional-features.ts';

export const ListName = z.enum(FEATURE_LISTS);
/** As DISM and the Server Manager know it; never an option, nor a pattern. */
export const FeatureName = z.string().regex(/^[A-Za-z0-9][\w.~+-]{0,199}$/, say('optionalFeatures.name', (t) => t.optionalFeatures.badName));
export const FeatureFilter = z.object({ q: z.string().max(200).default(''), list: ListName.default('optional'), only: z.enum(['on', 'off']).optional() });
export const FeatureInput = z.strictObject({ list: ListName, name: FeatureName, on: z.boolean(), confirm: z.string().max(200).default('') });

/** Waits for a start of the machine. */
export const isPending = ({ state }: Pick<OptionalFeature, 'state'>) => state === 'turning-on' || state === 'turning-off';
/** As it is, or will be with the next start. */
export const isOn = ({ state }: { state: FeatureState }) => state === 'on' || state === 'turning-on' || state === 'partly';

/** The panel asks Windows by these; without them it could not turn them on again. */
const OF_PANEL = /^(NetFx4|NetFx4ServerFeatures|MicrosoftWindowsPowerShell|MicrosoftWindowsPowerShellRoot|NET-Framework-45-Features|NET-Framework-45-Core|PowerShell|PowerShellRoot)$/i;
export const isOfPanel = (name: string) => OF_PANEL.test(name);

/** DISM takes seconds to tell them, and a filter asks with each letter. */
const KEPT_MS = 60_000;
const lists = {
  optional: kept(KEPT_MS, (app) => app.host.optionalFeatures.list('optional')),
  capability: kept(KEPT_MS, (app) => app.host.optionalFeatures.list('capability')),
  server: kept(KEPT_MS, (app) => app.host.optionalFeatures.list('server')),
};
function forget(app: Pick<App, 'host'>) {
  for (const list of FEATURE_LISTS) lists[list].forget(app);
  forgetSystem(app);
}

function driverOf(app: App): OptionalFeaturesDriver {
  const refusal = app.host.optionalFeatures.refusal();
  if (refusal) throw new AppError('unsupported', refusal);
  return app.host.optionalFeatures;
}

/** Those that wait for a start of the machine, then by title. @throws AppError denied, unsupported, unavailable */
export async function listFeatures(app: App, actor: Actor, { q, list, only }: z.output<typeof FeatureFilter>): Promise<OptionalFeatures & { total: number; pending: number }> {
  need(actor, 'optional_features.read');
  driverOf(app);
  const { features, ...rest } = await lists[list](app);
  const words = q.trim().toLowerCase();
  const shown = features.filter((each) => (only === undefined || isOn(each) === (only === 'on')) && [each.name, each.title].some((text) => text.toLowerCase().includes(words)));
  const order = shown.map((each) => ({ each, at: `${Number(!isPending(each))}${naturalKey(each.title)}` })).toSorted((a, b) => (a.at < b.at ? -1 : 1));
  return { ...rest, features: order.map(({ each }) => each), total: features.length, pending: features.filter(isPending).length };
}

/** @throws AppError denied, unsupported, not_found, unavailable */
export async function readFeature(app: App, actor: Actor, list: FeatureList, name: string): Promise<OptionalFeatureDetails> {
  need(actor, 'optional_features.read');
  const found = await driverOf(app).one(list, name);
  if (!found) throw new AppError('not_found', (t) => t.optionalFeatures.gone({ name }));
  return found;
}

/** What a change will run. @throws AppError conflict: it is so already; unsupported: the panel needs it */
export async function planFeature(app: App, actor: Actor, change: FeatureChange): Promise<Plan> {
  need(actor, 'optional_features.write');
  const { list, name, on } = change;
  const feature = await readFeature(app, actor, list, name);
  if (isOn(feature) === on && feature.state !== 'partly') throw new AppError('conflict', (t) => (on ? t.optionalFeatures.isOn({ name }) : t.optionalFeatures.isOff({ name })));
  if (!on && isOfPanel(name)) throw new AppError('unsupported', (t) => t.optionalFeatures.ofPanel({ name }));
  return planOf(driverOf(app).commands(change));
}

/** The name is typed before something is turned off: what needs it stops with it. */
export function needTyped({ name, on, confirm }: { name: string; on: boolean; confirm: string }) {
  if (!on && confirm.trim() !== name) throw new AppError('invalid', (t) => t.optionalFeatures.typeName({ name }), { field: 'confirm' });
}

/** Windows changes one at a time. */
const KEY = 'optional-features';

/** @param seen seal of what was shown @returns id of the task @throws AppError; conflict while another one runs */
export async function changeFeature(app: App, actor: Actor, { confirm, ...change }: z.output<typeof FeatureInput>, seen?: string): Promise<string> {
  const { list, name, on } = change;
  const plan = await planFeature(app, actor, change);
  needTyped({ name, on, confirm });
  sameAsSeen(plan, seen);
  const kind = `optional_features.${on ? 'enable' : 'disable'}`;
  const task = app.tasks.start(actor, {
    kind, key: KEY, params: { name }, steps: ['featuresChange'],
    async run(run) {
      run.step('featuresChange');
      for (const command of plan.commands) run.log(`$ ${command}`);
      // Also when it is cut off: Windows may have begun.
      await app.host.optionalFeatures.change(change, { signal: run.signal, onOutput: (text) => run.log(text) }).finally(() => forget(app));
    },
  });
  record(app, actor, { action: kind, target: name, params: { list, task }, commands: commandsOf(plan) });
  return task;
}
