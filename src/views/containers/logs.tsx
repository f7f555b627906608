import type { ContainerDetail } from '../../core/containers/detail.ts';
import { LOG_ALL, LOG_TAILS, type LogPart } from '../../core/containers/logs.ts';
import { Banner } from '../parts/banner.tsx';
import { Icon } from '../parts/icon.tsx';
import { Field } from '../parts/field.tsx';
import { Option } from '../parts/option.tsx';
import { Select } from '../parts/select.tsx';
import { Filter, Toolbar } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';
import { ContainerFrame } from './frame.tsx';
import { LogRow, showLine } from './log-line.tsx';

export interface LogChoices {
  tail: (typeof LOG_TAILS)[number];
  stream: 'both' | 'stdout' | 'stderr';
  q: string;
  /** As the field of the form has it. */
  since?: string | undefined;
  until?: string | undefined;
  plain?: 'on' | undefined;
}

interface LogsProps {
  ui: Ui;
  one: ContainerDetail;
  choices: LogChoices;
  /** What the engine said instead of the log. */
  part: LogPart | { error: string };
}

/** What a container says: the end of its log, which the page's script goes on with. Complete without JavaScript. */
export function ContainerLogsPage({ ui, one, choices, part }: LogsProps) {
  const t = ui.t.containerLogs;
  const failed = 'error' in part ? part.error : null;
  const base = `/containers/${one.id}/logs`;
  const query = queryOf(choices);
  return (
    <ContainerFrame ui={ui} one={one} tab="logs" styles={['css/code.css']} scripts={['js/containers/logs.js']}>
      <Toolbar>
        <Choices ui={ui} choices={choices} action={base} />
        <Find ui={ui} q={choices.q} />
        <span class="row push">
          <label class="option" hidden>
            <input type="checkbox" class="check" id="follow" checked autocomplete="off" />
            <span>{t.follow}</span>
          </label>
          <a class="btn ghost" href={`${base}/download${query}`} download>
            <Icon ui={ui} name="download" />
            {t.download}
          </a>
        </span>
      </Toolbar>
      {failed ? <Banner ui={ui} tone="danger" title={t.failed} text={failed} /> : null}
      {'error' in part ? null : <Log ui={ui} one={one} choices={choices} part={part} stream={`${base}/stream${query}`} />}
    </ContainerFrame>
  );
}

function queryOf({ tail, stream, q, since, until, plain }: LogChoices): string {
  const given = Object.entries({ tail, stream, q, since, until, plain }).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return `?${new URLSearchParams(given)}`;
}

function Log({ ui, one, choices, part, stream }: { ui: Ui; one: ContainerDetail; choices: LogChoices; part: LogPart; stream: string }) {
  const t = ui.t.containerLogs;
  // What ends at a moment of the past has nothing to follow.
  const follows = choices.until === undefined && !part.late;
  return (
    <>
      {part.late ? <Banner ui={ui} tone="warn" text={t.late} /> : null}
      {part.left ? <p class="small muted gutter log-note">{t.before({ n: part.left, shown: ui.fmt.number(part.left) })}</p> : null}
      <div
        class={choices.plain ? 'log lines plain' : 'log lines'} id="container-log" role="log" aria-label={t.title} tabindex={0}
        data-stream={follows ? stream : undefined} data-after={part.last ?? ''} data-left={t.left({ n: '{n}' })} data-least={t.leftLeast({ n: '{n}' })} data-cut={t.cut}
      >
        <ol>
          {part.lines.map((line) => (
            <LogRow line={showLine(ui.fmt, line)} cutText={t.cut} />
          ))}
        </ol>
      </div>
      {part.lines.length === 0 ? (
        <p class="small muted gutter log-note" id="log-empty">
          {choices.q || choices.since || choices.until ? t.emptyFiltered : t.empty}
        </p>
      ) : null}
      <p class="small muted gutter log-note" id="log-end" role="status" hidden={one.state === 'running' || one.state === 'paused'}>
        {t.ended}
      </p>
    </>
  );
}

/** For the page's script: matches in the lines that are shown. What is filtered by is marked from the beginning. */
export function Find({ ui, q }: { ui: Ui; q: string }) {
  const t = ui.t.containerLogs;
  return (
    <div class="log-find scripted" id="log-find" role="search" data-one={t.findOne} data-count={t.findCount({ n: '{n}' })} data-at={t.findAt({ at: '{at}', n: '{n}' })} data-none={t.findNone}>
      <div class="affix">
        <Icon ui={ui} name="search" />
        <input class="input" type="search" value={q} placeholder={t.find} aria-label={t.find} title={t.findKeys} autocomplete="off" spellcheck={false} />
        <output class="xs muted" aria-live="polite"></output>
      </div>
      <button class="btn ghost only sm" type="button" data-step="up" aria-label={t.findUp} title={`${t.findUp} (Enter)`} disabled>
        <Icon ui={ui} name="arrow-up" />
      </button>
      <button class="btn ghost only sm" type="button" data-step="down" aria-label={t.findDown} title={`${t.findDown} (Shift+Enter)`} disabled>
        <Icon ui={ui} name="arrow-down" />
      </button>
    </div>
  );
}

function Choices({ ui, choices, action }: { ui: Ui; choices: LogChoices; action: string }) {
  const t = ui.t.containerLogs;
  const tails = LOG_TAILS.map((value) => ({ value, label: value === 'all' ? t.everything({ n: ui.fmt.number(LOG_ALL) }) : t.lastLines({ n: ui.fmt.number(Number(value)) }) }));
  const streams = (['both', 'stdout', 'stderr'] as const).map((value) => ({ value, label: t[value] }));
  return (
    <form method="get" action={action} role="search" id="log-choices">
      <Select ui={ui} name="tail" label={t.tail} hideLabel value={choices.tail} choices={tails} />
      <Filter ui={ui} label={t.search} value={choices.q} />
      <details class="log-more" open={Boolean(choices.since || choices.until || choices.plain || choices.stream !== 'both')}>
        <summary class="btn ghost">{t.more}</summary>
        <div class="row log-fields">
          <Select ui={ui} name="stream" label={t.streams} value={choices.stream} choices={streams} />
          <Field ui={ui} name="since" label={t.since} type="datetime-local" value={choices.since ?? null} />
          <Field ui={ui} name="until" label={t.until} type="datetime-local" value={choices.until ?? null} />
          <Option name="plain" label={t.plain} checked={choices.plain === 'on'} />
        </div>
      </details>
      <button class="btn" type="submit">
        {t.show}
      </button>
    </form>
  );
}
