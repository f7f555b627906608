import type { ArmedPlan, ArmedResult } from '../../platform/armed/plan.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';

/** A revert that nobody dismisses is shown so long. */
export const SHOWN_MS = 24 * 3_600_000;

export const recordKept = (app: App, actor: Actor, plan: ArmedPlan) => record(app, actor, { action: 'armed.keep', target: `${plan.noun}: ${plan.target}`, params: { by: plan.by } });

export function recordReverted(app: App, actor: Actor, { noun, target, by, reason, endedAt, steps }: ArmedResult) {
  const failed = steps.filter(({ ok }) => !ok).map(({ text, detail }) => `${text}: ${detail}`);
  record(app, actor, {
    action: 'armed.revert', target: `${noun}: ${target}`, result: failed.length ? 'failed' : 'ok', params: { by, reason, at: new Date(endedAt).toISOString(), ...(failed.length ? { failed } : {}) },
    commands: steps.map(({ text }) => text),
  });
}
