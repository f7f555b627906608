import type { TaskRow } from '../../core/tasks/tasks.ts';
import { TASK_STATES, type TaskState } from '../../db/schema/tasks.ts';
import { Layout } from '../layout.tsx';
import { actorText } from '../parts/actor.ts';
import { Empty } from '../parts/empty.tsx';
import { Dot } from '../parts/mark.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Progress } from '../parts/progress.tsx';
import { Select } from '../parts/select.tsx';
import { Pager, Toolbar, withQuery } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { currentStep, DOTS, taskName, took } from './words.ts';

export interface TaskListProps {
  ui: Ui;
  tasks: readonly TaskRow[];
  total: number;
  next: string | null;
  /** Is this the first page? */
  first: boolean;
  state: TaskState | undefined;
}

/** Everything the panel has run, newest first; it stays true by itself (tasks.js). */
export function TaskListPage(props: TaskListProps) {
  const { ui, state } = props;
  const t = ui.t.tasks;
  const choices = [{ value: '', label: t.anyState }, ...TASK_STATES.map((value) => ({ value, label: t.states[value] }))];
  return (
    <Layout ui={ui} title={t.title} scripts={['js/tasks.js']}>
      <PageHead title={t.title} facts={ui.tasksRunning ? [ui.t.shell.running({ n: ui.tasksRunning })] : []} />
      <Toolbar>
        <form method="get" action="/tasks">
          <Select ui={ui} name="state" label={t.state} hideLabel choices={choices} value={state ?? ''} attrs={{ 'data-autosubmit': true }} />
          <noscript>
            <button class="btn">{ui.t.parts.filter}</button>
          </noscript>
        </form>
      </Toolbar>
      <TaskList {...props} />
    </Layout>
  );
}

function TaskList({ ui, tasks, total, next, first, state }: TaskListProps) {
  const t = ui.t.tasks;
  const here = ui.here ?? '/tasks';
  return (
    <div id="task-list" hx-get={here} hx-trigger="tasks-changed from:body" hx-select="#task-list" hx-swap="outerMorph">
      {tasks.length === 0 ? (
        <Empty ui={ui} icon="tasks" title={state ? t.noneTitle : t.emptyTitle} text={state ? t.noneText : t.emptyText}>
          {state ? <a class="btn" href="/tasks">{t.showAll}</a> : null}
        </Empty>
      ) : (
        <>
          <table class="table sticky">
            <caption class="vh">{t.title}</caption>
            <thead>
              <tr>
                <th scope="col">{t.what}</th>
                <th scope="col">{t.state}</th>
                <th scope="col" class="mid">{t.step}</th>
                <th scope="col" class="lo">{t.who}</th>
                <th scope="col" class="hi">{t.started}</th>
                <th scope="col" class="num mid">{t.took}</th>
              </tr>
            </thead>
            <tbody>
              {tasks.map((task) => (
                <TaskLine ui={ui} task={task} />
              ))}
            </tbody>
          </table>
          <Pager ui={ui} href={withQuery(here, { cursor: undefined })} next={next} first={first} shown={tasks.length} total={total} byTime />
        </>
      )}
    </div>
  );
}

function TaskLine({ ui, task }: { ui: Ui; task: TaskRow }) {
  const name = taskName(ui.t, task);
  const href = `/tasks/${task.id}`;
  return (
    <tr id={`task-${task.id}`} data-href={href}>
      <td class="lead truncate">
        <span class="name">
          <a href={href}>{name}</a>
        </span>
      </td>
      <td class="fit">
        <Dot state={DOTS[task.state]}>{ui.t.tasks.states[task.state]}</Dot>
      </td>
      <td class="mid soft roomy">
        {task.state === 'running' ? (
          <Progress label={name} value={task.progress} title={currentStep(ui, task)} figure={task.progress === null ? '' : ui.fmt.percent(task.progress * 100)} />
        ) : (
          currentStep(ui, task)
        )}
      </td>
      <td class="lo quiet nowrap">{actorText(ui.t, task.actor)}</td>
      <td class="hi quiet fit">
        <Time ui={ui} at={task.createdAt} />
      </td>
      <td class="num mid quiet nowrap">{took(ui, task)}</td>
    </tr>
  );
}
