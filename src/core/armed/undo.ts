import type { takeSteps } from '../../platform/armed/revert.ts';
import { stepText } from '../../platform/armed/plan.ts';
import type { App } from '../app.ts';

/** On a made-up machine, what takes a change back: there are no commands that could be run. */
const kept = new WeakMap<App, Map<string, () => void | Promise<void>>>();

export function undos(app: App): Map<string, () => void | Promise<void>> {
  const found = kept.get(app) ?? new Map();
  kept.set(app, found);
  return found;
}

const made = new WeakMap<App, Set<string>>();

/** Those that are being made right now: nobody can say yet whether they do good. */
export function makings(app: App): Set<string> {
  const found = made.get(app) ?? new Set();
  made.set(app, found);
  return found;
}

/** How this machine takes a change back. */
export function undoOf(app: App, id: string): { take?: typeof takeSteps } {
  if (app.host.kind !== 'fake') return {};
  return {
    async take(_exec, steps) {
      await undos(app).get(id)?.();
      undos(app).delete(id);
      return steps.map((step) => ({ text: stepText(step), ok: true, detail: '' }));
    },
  };
}
