import type { ComposeTool } from '../../core/stacks/compose.ts';
import type { Stack } from '../../core/stacks/stack.ts';
import type { EngineState } from '../../core/docker/engine.ts';
import { EngineAway } from '../docker/away.tsx';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { Dot } from '../parts/mark.tsx';
import { PageHead } from '../parts/page-head.tsx';
import type { Ui } from '../ui.ts';
import { dotOf, placeWord, stateWord } from './words.ts';

export interface StacksModel {
  engine: EngineState;
  tool: ComposeTool | null;
  demo: boolean;
  stacks: readonly Stack[];
}

/** Every stack; the list stays true by itself (stacks/live.js). */
export function StacksPage({ ui, model }: { ui: Ui; model: StacksModel }) {
  const t = ui.t.stacks;
  const { engine, tool, stacks, demo } = model;
  const button = ui.can('stacks.admin') && engine.up && tool ? (
    <a class="btn primary" href="/stacks/new">
      <Icon ui={ui} name="plus" />
      {t.new}
    </a>
  ) : null;
  return (
    <Layout ui={ui} title={t.title} styles={['css/stacks.css']} scripts={['js/stacks/live.js']} preload={['js/sse.js', 'js/connection.js']}>
      <div id="stacks" hx-get="/stacks" hx-trigger="stacks-changed from:body" hx-select="#stacks" hx-swap="outerMorph">
        <PageHead title={t.title} facts={tool ? [t.tool[tool.kind](tool)] : []}>
          {button}
        </PageHead>
        {engine.up ? (
          <>
            <ToolAway ui={ui} tool={tool} demo={demo} />
            {stacks.length === 0 ? <Empty ui={ui} icon="stack" title={t.noneTitle} text={t.noneText} /> : <Table ui={ui} stacks={stacks} />}
          </>
        ) : (
          <EngineAway ui={ui} engine={engine} />
        )}
      </div>
    </Layout>
  );
}

/** Says why nothing can be changed. */
export function ToolAway({ ui, tool, demo }: { ui: Ui; tool: ComposeTool | null; demo: boolean }) {
  const t = ui.t.stacks;
  if (tool) return null;
  return demo ? <Banner ui={ui} text={t.demoText} /> : <Banner ui={ui} tone="warn" title={t.noToolTitle} text={t.noToolText} />;
}

function Table({ ui, stacks }: { ui: Ui; stacks: readonly Stack[] }) {
  const t = ui.t.stacks;
  return (
    <table class="table sticky stacks">
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          <th scope="col">{t.stack}</th>
          <th scope="col">{t.state}</th>
          <th scope="col" class="lo">{t.files}</th>
        </tr>
      </thead>
      <tbody>
        {stacks.map((stack) => (
          <tr id={`s-${stack.name}`} data-href={`/stacks/${stack.name}`}>
            <td class="lead truncate">
              <div class="name">
                <Dot state={dotOf(stack)} />
                <a href={`/stacks/${stack.name}`}>
                  <b>{stack.name}</b>
                  <small>{stack.services.join(', ')}</small>
                </a>
              </div>
            </td>
            <td class="nowrap">
              {stateWord(ui, stack)}
              {stack.containers.length ? <small class="below">{t.runningOf({ running: stack.running, total: stack.containers.length })}</small> : null}
            </td>
            <td class="lo quiet place" title={stack.folder ?? undefined}>
              {placeWord(ui, stack)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
