import { hasFailed, isOfWindows } from '../../core/scheduled-tasks/scheduled-tasks.ts';
import type { FormState } from '../../http/form.ts';
import type { ScheduledTask, ScheduledTaskChange } from '../../platform/scheduled-tasks.ts';
import { asks, FormDialog } from '../form/dialog.tsx';
import { FormPage } from '../form/page.tsx';
import { NARROWS, Narrow, Nothing } from '../docker/narrow.tsx';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Dot, type State } from '../parts/mark.tsx';
import { Menu } from '../parts/menu.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ActionsHead, Toolbar, withQuery } from '../parts/table.tsx';
import { Seg } from '../parts/tabs.tsx';
import { DateTime } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';

interface ListProps {
  ui: Ui;
  items: readonly ScheduledTask[];
  total: number;
  query: { q: string; system: boolean };
}

/** What Windows runs by itself; those that people made first, and of these the ones that failed. */
export function ScheduledTasksPage({ ui, items, total, query }: ListProps) {
  const t = ui.t.scheduledTasks;
  const here = ui.here ?? '/scheduled-tasks';
  return (
    <Layout ui={ui} title={t.title} scripts={['js/registry.js', NARROWS]}>
      <div id="scheduled-tasks" hx-get={here} hx-trigger="containers-changed from:body" hx-select="#scheduled-tasks" hx-swap="outerMorph" hx-sync="queue last">
        <PageHead title={t.title} facts={[t.count({ shown: ui.fmt.number(items.length), n: ui.fmt.number(total) })]} />
        <Toolbar>
          <Narrow ui={ui} action="/scheduled-tasks" label={t.filter} q={query.q} keep={{ system: query.system ? 'on' : undefined }} />
          <Seg ui={ui} push label={t.system} tabs={[
            { href: withQuery(here, { system: undefined }), label: t.own, current: !query.system },
            { href: withQuery(here, { system: 'on' }), label: t.system, current: query.system },
          ]} />
        </Toolbar>
        {items.length === 0 ? <Nothing ui={ui} icon="clock" href="/scheduled-tasks" words={{ noneTitle: t.noneShown, noneText: t.noneText, clear: t.clear }} narrowed={Boolean(query.q)} q={query.q} /> : <Table ui={ui} items={items} />}
      </div>
      <FormDialog />
    </Layout>
  );
}

function Table({ ui, items }: { ui: Ui; items: readonly ScheduledTask[] }) {
  const t = ui.t.scheduledTasks;
  const writes = ui.can('scheduled_tasks.write');
  return (
    <table class="table sticky named-list">
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          <th scope="col">{t.task}</th>
          <th scope="col">{t.state}</th>
          <th scope="col" class="hi">{t.runs}</th>
          <th scope="col" class="mid">{t.last}</th>
          <th scope="col" class="mid">{t.next}</th>
          <th scope="col" class="hi">{t.account}</th>
          {writes ? <ActionsHead>{t.actions}</ActionsHead> : null}
        </tr>
      </thead>
      <tbody>{items.map((task, i) => <Row ui={ui} task={task} id={i} writes={writes} />)}</tbody>
    </table>
  );
}

const DOTS: Record<ScheduledTask['state'], State> = { unknown: 'warn', disabled: 'off', queued: 'busy', ready: 'ok', running: 'busy' };
const ICONS: Record<ScheduledTaskChange, IconName> = { run: 'play', stop: 'stop', enable: 'check', disable: 'pause' };
const formHref = (task: ScheduledTask, change: ScheduledTaskChange) => `/scheduled-tasks/change?${new URLSearchParams({ path: task.path, change })}`;

function Row({ ui, task, id, writes }: { ui: Ui; task: ScheduledTask; id: number; writes: boolean }) {
  const t = ui.t.scheduledTasks;
  const failed = hasFailed(task);
  const folder = task.path.slice(0, -task.name.length);
  const changes: ScheduledTaskChange[] = [task.state === 'running' ? 'stop' : 'run', task.enabled ? 'disable' : 'enable'];
  return (
    <tr id={`scheduled-task-${id}`}>
      <td class="truncate lead" title={task.description || task.path}>
        <b>{task.name}</b>
        {folder === '\\' ? null : <small class="soft mid"> {folder}</small>}
        <small class="mono xs soft below-line">{task.actions.join(' ; ')}</small>
      </td>
      <td class="nowrap"><Dot state={failed ? 'fail' : DOTS[task.state]}>{failed && task.state === 'ready' ? t.failedState : t.states[task.state]}</Dot></td>
      <td class="hi soft nowrap">{ui.fmt.list(task.triggers.map((kind) => t.triggers[kind]))}</td>
      <td class="mid soft nowrap">
        {task.lastRun === null ? t.never : <DateTime ui={ui} at={task.lastRun} />}
        {task.lastResult === null ? null : <small class={failed ? 'warn below-line' : 'below-line'}>{resultText(ui, task)}</small>}
      </td>
      <td class="mid soft nowrap">{task.nextRun === null ? '–' : <DateTime ui={ui} at={task.nextRun} />}</td>
      <td class="hi soft nowrap">
        {task.account}
        {task.elevated ? <small class="below-line">{t.elevated}</small> : null}
      </td>
      {writes ? (
        <td>
          <div class="acts">
            <Menu ui={ui} id={`t-${id}`} label={t.actionsOf({ name: task.name })} icon="more" iconOnly small>
              {changes.map((change) => (
                <a {...asks(formHref(task, change))}>
                  <Icon ui={ui} name={ICONS[change]} />
                  {t.does[change]}…
                </a>
              ))}
            </Menu>
          </div>
        </td>
      ) : null}
    </tr>
  );
}

/** 0 is well, what begins with 8 a fault of Windows, anything else what the program said when it ended. */
function resultText(ui: Ui, task: ScheduledTask): string {
  const t = ui.t.scheduledTasks;
  const code = task.lastResult ?? 0;
  const hex = `0x${code.toString(16).padStart(8, '0')}`;
  return code === 0 ? t.went : hasFailed(task) ? t.failed({ code: hex }) : t.ended({ code: code < 65_536 ? String(code) : hex });
}

interface ChangeProps extends FormState {
  ui: Ui;
  task: Pick<ScheduledTask, 'path' | 'name'>;
  change: ScheduledTaskChange;
  command: string;
}

export function ScheduledTaskPage({ ui, task, change, command, errors }: ChangeProps) {
  const t = ui.t.scheduledTasks;
  return (
    <FormPage ui={ui} title={t.asks[change]({ name: task.name })} back={{ href: '/scheduled-tasks', label: t.title }} action="/scheduled-tasks/change" submit={t.does[change]} danger={change === 'stop'} errors={errors}>
      <input type="hidden" name="path" value={task.path} />
      <input type="hidden" name="change" value={change} />
      <p class="small muted">{t.explains[change]}</p>
      {isOfWindows(task) && (change === 'disable' || change === 'stop') ? <Banner ui={ui} tone="warn" text={t.ofWindows} /> : null}
      <p class="small muted">{t.commands}</p>
      <pre class="snippet">{command}</pre>
    </FormPage>
  );
}

/** No Windows: said. */
export function NoScheduledTasksPage({ ui, text }: { ui: Ui; text: string }) {
  return (
    <Layout ui={ui} title={ui.t.scheduledTasks.title}>
      <Empty ui={ui} icon="clock" level={1} title={ui.t.scheduledTasks.noneTitle} text={text} />
    </Layout>
  );
}
