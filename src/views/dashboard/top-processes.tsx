import type { ProcessRow } from '../../platform/processes.ts';
import { Icon } from '../parts/icon.tsx';
import { Micro } from '../parts/meter.tsx';
import { Section } from '../parts/section.tsx';
import { withQuery } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';
import type { Dashboard, TopSort } from './model.ts';

/** How many are shown. */
export const TOP_ROWS = 6;

export function TopProcesses({ ui, model }: { ui: Ui; model: Dashboard }) {
  const t = ui.t.dashboard.top;
  const { top, sort } = model;
  const rows = (sort === 'memory' ? top?.byMemory : top?.byCpu)?.slice(0, TOP_ROWS) ?? [];
  const memory = model.sample?.memory?.total ?? model.system.memory;
  return (
    <Section
      id="top"
      title={t.title}
      pane="wide"
      flush
      end={
        ui.can('processes.read') ? (
          <a class="link xs" href="/processes" data-live="process-count">
            {top ? t.all({ n: ui.fmt.number(top.total) }) : t.allProcesses}
          </a>
        ) : null
      }
    >
      {rows.length === 0 ? (
        <p class="small muted gutter">{top ? t.none : t.failed}</p>
      ) : (
        <table class="table top-table" aria-labelledby="top-h">
          <thead>
            <tr>
              <th scope="col" class="process">{t.process}</th>
              <th scope="col" class="num mid">{t.pid}</th>
              <th scope="col" class="hi">{t.user}</th>
              <Head ui={ui} sort={sort} name="cpu" label={ui.t.dashboard.cpu} />
              <Head ui={ui} sort={sort} name="memory" label={ui.t.dashboard.memory} />
            </tr>
          </thead>
          <tbody id="top-rows">
            {rows.map((row) => (
              <Row ui={ui} row={row} memory={memory} />
            ))}
          </tbody>
        </table>
      )}
      <template id="top-row">
        <Row ui={ui} row={EMPTY} memory={1} />
      </template>
    </Section>
  );
}

const EMPTY: ProcessRow = {
  pid: 0, parent: 0, name: '', command: '', user: '', state: '', threads: 0, cpu: 0, memory: 0, startedAt: 0,
  nice: null, service: null, container: null, read: null, written: null, received: null, sent: null,
};

function Head({ ui, sort, name, label }: { ui: Ui; sort: TopSort; name: TopSort; label: string }) {
  const t = ui.t.dashboard.top;
  return (
    <th scope="col" class="fit" aria-sort={sort === name ? 'descending' : undefined}>
      <a href={`${withQuery(ui.here ?? '/', { sort: name })}#top`} data-top-sort={name} title={name === 'cpu' ? t.byCpu : t.byMemory}>
        {label} <Icon ui={ui} name="arrow-down" />
      </a>
    </th>
  );
}

/** What follows the program in its command line; the browser does the same (public/js/dashboard/top.js). */
export function argumentsOf({ name, command }: Pick<ProcessRow, 'name' | 'command'>): string {
  const [first = '', ...rest] = command.split(' ');
  // "postgres: 15/main: checkpointer" names itself; "[kthreadd]" is only its name.
  if (first.replace(/:$/, '').split('/').at(-1) === name) return rest.join(' ');
  return command === `[${name}]` ? '' : command;
}

function Row({ ui, row, memory }: { ui: Ui; row: ProcessRow; memory: number }) {
  const t = ui.t.dashboard;
  return (
    <tr>
      <td class="truncate">
        <div class="name">
          <span data-f="process" title={row.command}>
            <span data-f="name">{row.name}</span> <span class="muted" data-f="command">{argumentsOf(row)}</span>
          </span>
        </div>
      </td>
      <td class="num mid quiet" data-f="pid">{row.pid}</td>
      <td class="hi soft" data-f="user">{row.user}</td>
      <td data-f="cpu">
        <Micro label={t.cpu} value={row.cpu} low={1} high={1}>
          {ui.fmt.percent(row.cpu)}
        </Micro>
      </td>
      <td data-f="memory">
        <Micro label={t.memory} value={memory ? (100 * row.memory) / memory : 0} low={1} high={1}>
          {ui.fmt.memory(row.memory)}
        </Micro>
      </td>
    </tr>
  );
}
