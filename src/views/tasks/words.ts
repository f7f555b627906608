import type { TaskRow } from '../../core/tasks/tasks.ts';
import type { TaskState } from '../../db/schema/tasks.ts';
import type { Messages } from '../../i18n/en.ts';
import type { State } from '../parts/mark.tsx';
import type { Ui } from '../ui.ts';

/** "Check and compact the database"; a kind that this version does not know any more is shown as it is kept. */
export const taskName = (t: Messages, task: Pick<TaskRow, 'kind' | 'params'>) => t.tasks.kinds[task.kind]?.(task.params) ?? task.kind;

export const stepName = (t: Messages, name: string) => t.tasks.stepNames[name] ?? name;

/** What it is doing: "Compact the file (4 of 4)". */
export function currentStep(ui: Ui, task: TaskRow): string {
  const at = task.steps.findIndex((step) => step.state === 'now' || step.state === 'failed');
  if (at < 0) return '';
  return ui.t.tasks.stepOf({ n: at + 1, total: task.steps.length, name: stepName(ui.t, task.steps[at]!.name) });
}

export const took = (ui: Ui, task: TaskRow) => ui.fmt.duration(Math.max(0, (task.endedAt ?? ui.now) - task.createdAt));

export const DOTS: Record<TaskState, State> = { running: 'busy', done: 'ok', failed: 'fail', cancelled: 'off', interrupted: 'warn' };
