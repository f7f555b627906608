import type { StackLine, StackLog } from '../../core/stacks/logs.ts';
import { LOG_ALL, LOG_TAILS } from '../../core/containers/logs.ts';
import type { Stack } from '../../core/stacks/stack.ts';
import type { Format } from '../../i18n/format.ts';
import { LogRow, showLine, type ShownLine } from '../containers/log-line.tsx';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Select } from '../parts/select.tsx';
import { Filter, Toolbar } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';

export interface StackLogChoices {
  tail: (typeof LOG_TAILS)[number];
  q: string;
  service?: string | undefined;
}

/** Colours of the terminal that tell services apart; the text does, too. */
const COLORS = 6;

/** A line as a container's page shows it, and who wrote it: a name, and the number of its colour. */
export function showStackLine(fmt: Format, { name, services, containers }: Stack, line: StackLine): ShownLine {
  const index = services.indexOf(line.service);
  // With several containers of a service its name alone would not tell them apart.
  const several = containers.filter(({ service }) => service === line.service).length > 1;
  return { ...showLine(fmt, line), from: [several ? line.container.replace(new RegExp(`^${RegExp.escape(name)}[-_]`), '') : line.service || line.container, Math.max(0, index) % COLORS] };
}

/** What all services of a stack say, each in its colour; the page's script goes on with it (containers/logs.js). */
export function StackLogsPage({ ui, stack, choices, part }: { ui: Ui; stack: Stack; choices: StackLogChoices; part: StackLog }) {
  const t = ui.t.containerLogs;
  const here = `/stacks/${stack.name}`;
  const given = Object.entries({ ...choices }).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return (
    <Layout ui={ui} title={`${t.title}: ${stack.name}`} styles={['css/code.css', 'css/containers.css', 'css/stacks.css']} scripts={['js/containers/logs.js']} preload={['js/sse.js', 'js/connection.js']}>
      <CrumbsHead crumbs={[{ href: '/stacks', label: ui.t.stacks.title }, { href: here, label: stack.name }]} title={t.title} label={ui.t.parts.pages} />
      <Toolbar>
        <Choices ui={ui} stack={stack} choices={choices} />
        <span class="row push">
          <label class="option" hidden>
            <input type="checkbox" class="check" id="follow" checked autocomplete="off" />
            <span>{t.follow}</span>
          </label>
        </span>
      </Toolbar>
      {part.late ? <Banner ui={ui} tone="warn" text={t.late} /> : null}
      {part.left ? <p class="small muted gutter log-note">{t.before({ n: part.left, shown: ui.fmt.number(part.left) })}</p> : null}
      <div
        class="log lines from" id="container-log" role="log" aria-label={t.title} tabindex={0}
        data-stream={part.late ? undefined : `${here}/logs/stream?${new URLSearchParams(given)}`} data-after={part.last ?? ''} data-left={t.left({ n: '{n}' })} data-cut={t.cut}
      >
        <ol>
          {part.lines.map((line) => (
            <LogRow line={showStackLine(ui.fmt, stack, line)} cutText={t.cut} />
          ))}
        </ol>
      </div>
      {part.lines.length === 0 ? (
        <p class="small muted gutter log-note" id="log-empty">
          {choices.q ? t.emptyFiltered : t.empty}
        </p>
      ) : null}
      <p class="small muted gutter log-note" id="log-end" role="status" hidden={stack.running > 0}>
        {t.ended}
      </p>
    </Layout>
  );
}

function Choices({ ui, stack, choices }: { ui: Ui; stack: Stack; choices: StackLogChoices }) {
  const t = ui.t.containerLogs;
  const tails = LOG_TAILS.map((value) => ({ value, label: value === 'all' ? t.everything({ n: ui.fmt.number(LOG_ALL) }) : t.lastLines({ n: ui.fmt.number(Number(value)) }) }));
  return (
    <form method="get" action={`/stacks/${stack.name}/logs`} role="search" id="log-choices">
      <Select ui={ui} name="service" label={ui.t.stacks.service} hideLabel value={choices.service ?? ''} choices={[{ value: '', label: ui.t.stacks.allServices }, ...stack.services.map((value) => ({ value, label: value }))]} />
      <Select ui={ui} name="tail" label={t.tail} hideLabel value={choices.tail} choices={tails} />
      <Filter ui={ui} label={t.search} value={choices.q} />
      <button class="btn" type="submit">
        {t.show}
      </button>
    </form>
  );
}
