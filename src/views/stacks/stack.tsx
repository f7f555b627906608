import { stackPermission, type StackAction } from '../../core/stacks/act.ts';
import type { ComposeTool } from '../../core/stacks/compose.ts';
import type { Begun } from '../../core/stacks/kept.ts';
import type { Service } from '../../core/stacks/services.ts';
import { hasFiles, type Stack } from '../../core/stacks/stack.ts';
import type { LogPiece } from '../../core/tasks/log.ts';
import type { TaskRow } from '../../core/tasks/tasks.ts';
import { toldIn } from '../../lib/told.ts';
import { Layout } from '../layout.tsx';
import { actorText } from '../parts/actor.ts';
import { Banner } from '../parts/banner.tsx';
import { ConfirmDialog, opens } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { Dot } from '../parts/mark.tsx';
import { Menu } from '../parts/menu.tsx';
import { Option } from '../parts/option.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { TaskLog } from '../tasks/task.tsx';
import { DOTS, taskName } from '../tasks/words.ts';
import type { Ui } from '../ui.ts';
import { ToolAway } from './list.tsx';
import { ServiceTable } from './services.tsx';
import { actionsFor, dotOf, placeWord, STACK_ICONS, stateWord } from './words.ts';

export interface StackModel {
  stack: Stack;
  services: readonly Service[];
  tool: ComposeTool | null;
  demo: boolean;
  /** A deployment that has begun, and that nothing works on. */
  begun: Begun | null;
  /** What was last done with it, and the end of its log; null: nothing, or the reader may not see it. */
  task: { row: TaskRow; log: LogPiece } | null;
}

/** One stack: its services and what runs of them, what can be done, and what the last run said. */
export function StackPage({ ui, model }: { ui: Ui; model: StackModel }) {
  const { stack, services, tool, task } = model;
  const t = ui.t.stacks;
  const here = `/stacks/${stack.name}`;
  return (
    <Layout ui={ui} title={stack.name} styles={['css/stacks.css', 'css/code.css']} scripts={['js/stacks/live.js', ...(task ? ['js/log.js'] : [])]} preload={['js/sse.js', 'js/connection.js']}>
      <div id="stacks" hx-get={here} hx-trigger="stacks-changed from:body, task-changed from:body" hx-select="#stacks" hx-swap="outerMorph">
        <CrumbsHead crumbs={[{ href: '/stacks', label: t.title }]} title={stack.name} label={ui.t.parts.pages}>
          {stack.containers.length && ui.can('containers.inspect') ? (
            <a class="btn" href={`${here}/logs`} aria-label={t.logs} title={t.logs}>
              <Icon ui={ui} name="log" />
              <span class="desktop">{t.logs}</span>
            </a>
          ) : null}
          {tool ? <Buttons ui={ui} model={model} /> : null}
        </CrumbsHead>
        <ToolAway ui={ui} tool={tool} demo={model.demo} />
        <Gone ui={ui} stack={stack} demo={model.demo} />
        <Unfinished ui={ui} model={model} />
        <Section
          id="services"
          title={<Dot state={dotOf(stack)}>{stateWord(ui, stack)}</Dot>}
          note={[stack.containers.length ? t.runningOf({ running: stack.running, total: stack.containers.length }) : '', t.serviceCount({ n: services.length }), placeWord(ui, stack), tool ? t.tool[tool.kind](tool) : ''].filter(Boolean).join(' · ')}
          flush
        >
          <ServiceTable ui={ui} stack={stack} services={services} scales={Boolean(tool) && hasFiles(stack) && ui.can('stacks.write')} />
        </Section>
        {task ? (
          <p class="last-task small">
            <a href={`/tasks/${task.row.id}`}>{t.lastTask({ name: taskName(ui.t, task.row) })}</a> · <Dot state={DOTS[task.row.state]}>{ui.t.tasks.states[task.row.state]}</Dot>
          </p>
        ) : null}
        {task?.row.error ? <Banner ui={ui} tone="danger" text={toldIn(task.row.error, ui.lang)} /> : null}
      </div>
      {task ? <TaskLog ui={ui} task={task.row} log={task.log} /> : null}
      {tool && ui.can('stacks.admin') ? <Dialogs ui={ui} stack={stack} /> : null}
    </Layout>
  );
}

function Buttons({ ui, model: { stack, services } }: { ui: Ui; model: StackModel }) {
  const t = ui.t.stacks;
  const withFiles = hasFiles(stack);
  const admin = ui.can('stacks.admin');
  const builds = withFiles && services.some(({ built }) => built);
  const actions = actionsFor(stack, withFiles).filter((action) => ui.can(stackPermission(action)));
  return (
    <>
      <form method="post" action={`/stacks/${stack.name}/act`} class="btns">
        {actions.map((action) => (
          <ActionButton ui={ui} action={action} label={action === 'up' && admin ? t.deploy : t.does[action]} />
        ))}
      </form>
      {admin ? (
        <Menu ui={ui} id="stack-menu" label={t.actions} icon="more" iconOnly>
          {builds ? (
            <form method="post" action={`/stacks/${stack.name}/act`}>
              <button type="submit" name="action" value="build">
                <Icon ui={ui} name={STACK_ICONS.build} />
                {t.does.build}
              </button>
            </form>
          ) : null}
          <a href={`/stacks/${stack.name}/versions`}>
            <Icon ui={ui} name="history" />
            {t.versions}
          </a>
          {stack.containers.length ? (
            <button type="button" {...opens('down-stack')}>
              <Icon ui={ui} name="arrow-down" />
              {t.does.down}…
            </button>
          ) : null}
          {stack.own ? (
            <button type="button" class="danger" {...opens('remove-stack')}>
              <Icon ui={ui} name="trash" />
              {t.removeAsk}
            </button>
          ) : null}
        </Menu>
      ) : null}
      {admin && withFiles ? (
        <a class="btn primary" href={`/stacks/${stack.name}/edit`}>
          <Icon ui={ui} name="edit" />
          {t.edit}
        </a>
      ) : null}
    </>
  );
}

function ActionButton({ ui, action, label }: { ui: Ui; action: StackAction; label: string }) {
  return (
    <button class="btn" type="submit" name="action" value={action} title={label} aria-label={label}>
      <Icon ui={ui} name={STACK_ICONS[action]} />
      <span class="desktop">{label}</span>
    </button>
  );
}

function Gone({ ui, stack, demo }: { ui: Ui; stack: Stack; demo: boolean }) {
  const t = ui.t.stacks;
  if (hasFiles(stack) || demo) return null;
  const files = stack.gone.length ? stack.gone.join(', ') : stack.folder;
  return <Banner ui={ui} tone="warn" title={t.goneTitle} text={files ? t.goneText({ files }) : t.goneUnknown} />;
}

/** A deployment that the panel could not end. */
function Unfinished({ ui, model: { stack, begun, tool } }: { ui: Ui; model: StackModel }) {
  const t = ui.t.stacks;
  if (!begun) return null;
  return (
    <Banner ui={ui} tone="danger" title={t.begunTitle} text={t.begunText({ by: actorText(ui.t, begun.by), when: ui.fmt.relative(begun.at, ui.now) })}>
      {tool && ui.can('stacks.admin') ? (
        <form method="post" action={`/stacks/${stack.name}/return`} class="btns">
          <button class="btn primary sm" type="submit">
            {t.return}
          </button>
        </form>
      ) : null}
    </Banner>
  );
}

function Dialogs({ ui, stack }: { ui: Ui; stack: Stack }) {
  const t = ui.t.stacks;
  const n = stack.containers.length;
  return (
    <>
      <ConfirmDialog
        ui={ui}
        id="down-stack"
        title={t.downTitle({ name: stack.name })}
        consequences={[{ icon: 'container', text: t.downText({ n }) }, { icon: 'disk', text: t.downKept }]}
        action={`/stacks/${stack.name}/down`}
        submit={t.does.down}
      />
      {stack.own ? (
        <ConfirmDialog
          ui={ui}
          id="remove-stack"
          title={t.removeTitle({ name: stack.name })}
          consequences={[...(n ? [{ icon: 'container' as const, text: t.downText({ n }) }] : []), { icon: 'trash', text: t.removeText({ folder: stack.folder ?? '' }) }]}
          type={stack.name}
          action={`/stacks/${stack.name}/remove`}
          submit={t.remove}
        >
          <Option name="volumes" label={t.removeVolumes} />
        </ConfirmDialog>
      ) : null}
    </>
  );
}
