import type { TaskPlan } from '../tasks/runner.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { checkPlan } from './check.ts';
import { diagnosticsPlan } from './diagnostics.ts';
import { historyPlan } from './history.ts';

export const MAINTENANCE = ['maintenance.check', 'maintenance.diagnostics', 'history.purge'] as const;
export type MaintenanceKind = (typeof MAINTENANCE)[number];

const PLANS: Record<MaintenanceKind, (app: App) => TaskPlan> = {
  'maintenance.check': checkPlan,
  'maintenance.diagnostics': diagnosticsPlan,
  'history.purge': historyPlan,
};

/**
 * Starts work on the panel's own house as a task; returns its id.
 * @throws AppError denied, or conflict while the same is running.
 */
export function startMaintenance(app: App, actor: Actor, kind: MaintenanceKind): string {
  need(actor, 'settings.write');
  const id = app.tasks.start(actor, PLANS[kind](app));
  record(app, actor, { action: kind, params: { task: id } });
  return id;
}
