import type { ArmedPlan, ArmedResult } from '../../platform/armed/plan.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { settleArmed } from '../firewall/settle-armed.ts';

/** A revert that nobody dismisses is shown so long. */
export const SHOWN_MS = 24 * 3_600_000;

export function recordKept(app: App, actor: Actor, { id, noun, target, by }: ArmedPlan) {
  settleArmed(app, id, true);
  record(app, actor, { action: 'armed.keep', target: `${noun}: ${target}`, params: { by } });
}

export function recordReverted(app: App, actor: Actor, { id, noun, target, by, reason, endedAt, steps }: ArmedResult) {
  const failed = steps.filter(({ ok }) => !ok).map(({ text, detail }) => `${text}: ${detail}`);
  // What became of half a revert only the machine can tell.
  if (failed.length === 0) settleArmed(app, id, false);
  record(app, actor, {
    action: 'armed.revert', target: `${noun}: ${target}`, result: failed.length ? 'failed' : 'ok', params: { by, reason, at: new Date(endedAt).toISOString(), ...(failed.length ? { failed } : {}) },
    commands: steps.map(({ text }) => text),
  });
}
