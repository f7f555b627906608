import type { TaskRow } from '../../core/tasks/tasks.ts';
import { Icon } from '../parts/icon.tsx';
import { Tray, type TrayItem } from '../parts/tray.tsx';
import { TasksCount } from '../shell/side.tsx';
import type { Ui } from '../ui.ts';
import { currentStep, taskName } from './words.ts';

const STATES = { running: 'running', done: 'done', failed: 'failed', cancelled: 'failed', interrupted: 'failed' } as const;

interface TrayProps {
  ui: Ui;
  tasks: readonly TaskRow[];
  /** Whether the reader may end it. */
  cancels(task: TaskRow): boolean;
}

/** The corner of every page while something runs. */
export function TaskTray({ ui, tasks, cancels }: TrayProps) {
  const t = ui.t.tasks;
  const n = tasks.filter((task) => task.state === 'running').length;
  if (tasks.length === 0) return null;
  return (
    <>
      <Tray ui={ui} title={n ? t.trayRunning({ n }) : t.trayDone} items={tasks.map((task) => itemOf(ui, task, cancels(task)))} />
      <TasksCount ui={ui} n={n} oob />
    </>
  );
}

function itemOf(ui: Ui, task: TaskRow, cancels: boolean): TrayItem {
  const running = task.state === 'running';
  const name = taskName(ui.t, task);
  return {
    href: `/tasks/${task.id}`,
    title: name,
    icon: 'tasks',
    state: STATES[task.state],
    note: (running && currentStep(ui, task)) || ui.t.tasks.states[task.state],
    progress: task.progress,
    // The corner is no place for a question: the page of the task asks it.
    end: running && cancels ? (
      <a class="btn ghost only sm" href={`/tasks/${task.id}#cancel-task`} aria-label={ui.t.tasks.cancelAsk({ name })} title={ui.t.tasks.cancel}>
        <Icon ui={ui} name="x" />
      </a>
    ) : undefined,
  };
}
