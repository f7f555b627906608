import type { LogPiece } from '../../core/tasks/log.ts';
import type { TaskRow } from '../../core/tasks/tasks.ts';
import type { TaskStep } from '../../db/schema/tasks.ts';
import { toldIn } from '../../lib/told.ts';
import { Layout } from '../layout.tsx';
import { actorText } from '../parts/actor.ts';
import { Banner } from '../parts/banner.tsx';
import { ConfirmDialog, opens } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { Kv } from '../parts/kv.tsx';
import { Dot } from '../parts/mark.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Progress } from '../parts/progress.tsx';
import { Section } from '../parts/section.tsx';
import { Steps, type Step } from '../parts/steps.tsx';
import { DateTime } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { DOTS, stepName, taskName, took } from './words.ts';

export interface TaskPageProps {
  ui: Ui;
  task: TaskRow;
  /** The end of its log. */
  log: LogPiece;
  /** Where what it made can be had, if it made something and the reader may have it. */
  archive: string | null;
  /** Whether the reader may end it. */
  cancels: boolean;
  /** Where what came of it is to be seen. */
  result: { href: string; label: string; icon: 'image' | 'container' | 'disk' } | null;
}

/** What is not to be stopped in its middle ends by itself. */
const GOES_ON = /^optional_features\./;

/** One run: what it does, how far it is, what it says. */
export function TaskPage({ ui, task, log, archive, cancels, result }: TaskPageProps) {
  const t = ui.t.tasks;
  const name = taskName(ui.t, task);
  return (
    <Layout ui={ui} title={name} scripts={['js/log.js']} styles={['css/code.css']}>
      <CrumbsHead crumbs={[{ href: '/tasks', label: t.title }]} title={name} label={ui.t.parts.pages}>
        <TaskButtons ui={ui} task={task} archive={archive} cancels={cancels} result={result} />
      </CrumbsHead>
      <div id="task" hx-get={ui.path} hx-trigger="task-changed from:body" hx-select="#task" hx-swap="outerMorph" hx-select-oob="#task-buttons:outerMorph">
        {task.error ? <Banner ui={ui} tone="danger" text={toldIn(task.error, ui.lang)} /> : null}
        {task.state === 'interrupted' ? <Banner ui={ui} tone="warn" text={t.interruptedHint} /> : null}
        <div class="panes">
          <Section id="facts" title={t.facts} pane>
            <TaskFacts ui={ui} task={task} />
          </Section>
          <Section id="steps" title={t.steps} pane>
            <Steps ui={ui} steps={task.steps.map((step) => stepOf(ui, task, step))} />
          </Section>
        </div>
      </div>
      <TaskLog ui={ui} task={task} log={log} />
      {task.state === 'running' && cancels ? (
        <ConfirmDialog
          ui={ui}
          id="cancel-task"
          title={t.cancelAsk({ name })}
          consequences={[{ icon: 'stop', text: GOES_ON.test(task.kind) ? t.cancelLater : t.cancelText }]}
          action={`/tasks/${task.id}/cancel`}
          submit={t.cancel}
          mild
        />
      ) : null}
    </Layout>
  );
}

function TaskButtons({ ui, task, archive, cancels, result }: Pick<TaskPageProps, 'ui' | 'task' | 'archive' | 'cancels' | 'result'>) {
  const t = ui.t.tasks;
  return (
    <span class="btns" id="task-buttons">
      <a class="btn" href={`/tasks/${task.id}/log`} download>
        <Icon ui={ui} name="log" />
        {t.download}
      </a>
      {task.state === 'running' && cancels ? (
        <button class="btn danger" type="button" {...opens('cancel-task')}>
          <Icon ui={ui} name="stop" />
          {t.cancel}
        </button>
      ) : null}
      {result ? (
        <a class="btn primary" href={result.href}>
          <Icon ui={ui} name={result.icon} />
          {result.label}
        </a>
      ) : null}
      {archive ? (
        <a class="btn primary" href={archive} download>
          <Icon ui={ui} name="download" />
          {t.archive}
        </a>
      ) : null}
    </span>
  );
}

function TaskFacts({ ui, task }: { ui: Ui; task: TaskRow }) {
  const t = ui.t.tasks;
  const figure = task.progress === null ? t.unknownLength : ui.fmt.percent(task.progress * 100);
  return (
    <div class="stack">
      <Kv
        rows={[
          [t.state, <Dot state={DOTS[task.state]}>{t.states[task.state]}</Dot>],
          [t.who, actorText(ui.t, task.actor)],
          [t.started, <DateTime ui={ui} at={task.createdAt} />],
          [t.took, took(ui, task)],
          [t.id, <code class="xs">{task.id}</code>],
        ]}
      />
      {task.state === 'running' ? <Progress label={t.progress} value={task.progress} title={t.progress} figure={figure} /> : null}
    </div>
  );
}

function stepOf(ui: Ui, task: TaskRow, step: TaskStep): Step {
  const state = step.state === 'waiting' ? undefined : step.state === 'failed' ? 'fail' : step.state;
  const end = step.endedAt ?? (step.state === 'now' ? ui.now : task.endedAt);
  const time = step.startedAt !== undefined && end ? ui.fmt.duration(Math.max(0, end - step.startedAt)) : undefined;
  return { ...(state ? { state } : {}), label: stepName(ui.t, step.name), time };
}

/** Complete without JavaScript; log.js goes on from `data-offset` while the task runs. */
export function TaskLog({ ui, task, log }: Pick<TaskPageProps, 'ui' | 'task' | 'log'>) {
  const t = ui.t.tasks;
  const cut = log.size > Buffer.byteLength(log.text);
  return (
    <Section
      id="log"
      title={t.log}
      note={cut ? t.logFromMiddle({ size: ui.fmt.bytes(log.size) }) : undefined}
      flush
      end={
        task.state === 'running' ? (
          <label class="option" hidden>
            <input type="checkbox" class="check" id="follow" checked autocomplete="off" />
            <span>{t.follow}</span>
          </label>
        ) : undefined
      }
    >
      <pre class="log" id="task-log" role="log" tabindex={0} aria-labelledby="log-h" data-empty={t.logEmpty} data-task={task.id} data-offset={log.next} data-running={task.state === 'running' ? '' : undefined}>
        {log.text}
      </pre>
    </Section>
  );
}
