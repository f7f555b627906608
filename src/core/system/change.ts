import { AppError } from '../../lib/errors.ts';
import type { Plan, Planner } from '../../platform/plan.ts';
import { need, type Permission } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { commandsOf, sameAsSeen } from '../seal.ts';
import { forgetSystem } from './system.ts';

/** A change of the machine: what of it, and how. */
export interface Asked<Change> {
  /** "system.hostname": names it in the audit log, and its task in i18n `tasks.kinds`. */
  action: string;
  permission?: Permission;
  target?: string;
  driver: Planner<Change>;
  change: Change;
  params?: Record<string, unknown>;
  /** Takes long: it becomes a task with this one step. */
  step?: string;
}

/** What it will run and write. @throws AppError denied, unsupported with the reason, invalid, conflict */
export async function planChange<Change>(_app: App, actor: Actor, { permission = 'system.write', driver, change }: Asked<Change>): Promise<Plan> {
  need(actor, permission);
  const refusal = await driver.refusal();
  if (refusal) throw new AppError('unsupported', refusal);
  return driver.plan(change);
}

/** @param seen seal of what was shown @returns id of the task; null: it is done. @throws AppError */
export async function applyChange<Change>(app: App, actor: Actor, asked: Asked<Change>, seen?: string): Promise<string | null> {
  const plan = await planChange(app, actor, asked);
  sameAsSeen(plan, seen);
  const { action, driver, change, step, target = '', params = {} } = asked;
  const entry = { action, target, params, commands: commandsOf(plan) };
  if (step) {
    const id = app.tasks.start(actor, {
      kind: action, key: action, params: { target }, steps: [step],
      async run(task) {
        task.step(step);
        for (const command of commandsOf(plan)) task.log(`$ ${command}`);
        await driver.apply(change, { signal: task.signal, onOutput: (text) => task.log(text) });
        forgetSystem(app);
      },
    });
    record(app, actor, { ...entry, params: { ...params, task: id } });
    return id;
  }
  try {
    await driver.apply(change);
    record(app, actor, entry);
  } catch (error) {
    record(app, actor, { ...entry, result: 'failed' });
    throw error;
  } finally {
    forgetSystem(app);
  }
  return null;
}
