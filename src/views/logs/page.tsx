import { isFile, isPacked } from '../../core/logs/query.ts';
import type { LogPart } from '../../core/logs/logs.ts';
import { Find } from '../containers/logs.tsx';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { closes } from '../parts/dialog.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Toolbar, withQuery } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';
import { Choices, queryText, type LogChoices, type LogSources } from './choices.tsx';
import { EntryRow, LOUD, showEntry } from './row.tsx';

interface Props {
  ui: Ui;
  choices: LogChoices;
  sources: LogSources;
  /** The journal tells only what the panel's account may see. */
  partial: boolean;
  /** What was said instead; null: there is no log to show. */
  part: LogPart | { error: string; detail?: string | undefined } | null;
  /** Where the page begins; null: at the newest. */
  place: { cursor: string; to: 'older' | 'newer' } | null;
}

/** One log, whatever keeps it. Complete without JavaScript; with it the page is live (public/js/logs.js). */
export function LogsPage({ ui, choices, sources, partial, part, place }: Props) {
  const t = ui.t.logs;
  const query = queryText(choices);
  const failed = part && 'error' in part ? part : null;
  const shown = part && !('error' in part) ? part : null;
  const download = (as: 'text' | 'ndjson') => withQuery(`/logs/download${query}`, { as: as === 'text' ? undefined : as });
  return (
    <Layout ui={ui} title={t.title} styles={['css/code.css', 'css/containers.css', 'css/logs.css']} scripts={['js/logs.js']} preload={['js/sse.js', 'js/connection.js', 'js/log-list.js']}>
      <PageHead title={t.title} facts={[<span>{placeName(ui, choices, sources)}</span>]}>
        {shown ? (
          <>
            <a class="btn" href={download('text')} download>
              <Icon ui={ui} name="download" />
              {t.download}
            </a>
            <a class="btn ghost" href={download('ndjson')} download title={t.downloadJson}>
              NDJSON
            </a>
          </>
        ) : null}
      </PageHead>
      <Toolbar>
        <Choices ui={ui} choices={choices} sources={sources} />
      </Toolbar>
      {sources.journal ? null : <Banner ui={ui} tone="warn" text={t.noJournalHere} />}
      {partial ? <Banner ui={ui} tone="warn" text={sources.events ? t.partialWindows : t.partial} /> : null}
      {failed ? (
        <Banner ui={ui} tone="danger" title={t.failed} text={failed.error}>
          {failed.detail ? <pre class="snippet">{failed.detail}</pre> : null}
        </Banner>
      ) : null}
      {shown ? <Log ui={ui} choices={choices} query={query} part={shown} place={place} /> : null}
      {part === null ? <Empty ui={ui} icon="log" title={t.nothing} text={t.nothingText} /> : null}
      <dialog class="drawer wide" id="log-drawer" aria-labelledby="log-entry-h">
        <header>
          <h2 id="log-entry-h" tabindex={-1}>
            {t.entry}
          </h2>
          <button class="btn ghost only sm push" type="button" aria-label={ui.t.parts.close} {...closes('log-drawer')}>
            <Icon ui={ui} name="x" />
          </button>
        </header>
        <div class="body" aria-live="polite"></div>
      </dialog>
    </Layout>
  );
}

function placeName(ui: Ui, { source, unit }: LogChoices, { events, units }: LogSources): string {
  const t = ui.t.logs;
  return isFile(source) ? source : source === 'kernel' ? t.kernel : (unit ?? (events ? units[0] : undefined) ?? t.journal);
}

function Log({ ui, choices, query, part, place }: { ui: Ui; choices: LogChoices; query: string; part: LogPart; place: Props['place'] }) {
  const t = ui.t.logs;
  const here = `/logs${query}`;
  const [first, last] = [part.entries[0], part.entries.at(-1)];
  const older = first && (place?.to === 'newer' || part.more) ? withQuery(here, { cursor: first.cursor, to: 'older' }) : null;
  const newer = last && place && (place.to === 'older' || part.more) ? withQuery(here, { cursor: last.cursor, to: 'newer' }) : null;
  // What ends at a moment of the past has nothing to follow, nor has a page of the past.
  const follows = !place && choices.until === undefined && !isPacked(choices.source);
  const entry = `${withQuery('/logs/entry', isFile(choices.source) ? { source: choices.source } : {})}${isFile(choices.source) ? '&' : '?'}cursor=`;
  return (
    <>
      {part.late ? <Banner ui={ui} tone="warn" text={part.entries.length ? t.late : t.lateNone} /> : null}
      <nav class="log-pages" aria-label={ui.t.parts.pages}>
        <a class="btn sm" id="log-older" href={older ?? here} hidden={!older}>
          <Icon ui={ui} name="arrow-up" />
          {t.older}
        </a>
        {place ? (
          <a class="btn sm" href={here}>
            {ui.t.parts.newest}
          </a>
        ) : null}
        <span class="small muted grow">{part.entries.length ? t.shown({ n: ui.fmt.number(part.entries.length) }) : null}</span>
        <Find ui={ui} q={choices.regex ? '' : choices.q} />
        <label class="option" hidden>
          <input type="checkbox" class="check" id="follow" checked autocomplete="off" />
          <span>{t.follow}</span>
        </label>
      </nav>
      <div
        class={part.entries.length && part.entries.every(({ identifier, unit }) => identifier === null && unit === null) ? 'log lines host-log nameless' : 'log lines host-log'} id="host-log" role="log" aria-live="off" aria-label={t.title} tabindex={0}
        data-stream={follows ? `/logs/stream${query || '?'}` : undefined} data-after={part.last ?? ''} data-entry={entry}
        data-left={t.left({ n: '{n}' })} data-cut={t.cut} data-open={t.open} data-failed={t.failed} data-levels={JSON.stringify(Object.fromEntries(LOUD.map((level) => [level, t.levels[level]])))}
      >
        <ol>
          {part.entries.map((each) => (
            <EntryRow entry={showEntry(ui.fmt, ui.now, each)} href={entry} levels={t.levels} open={t.open} cutText={t.cut} />
          ))}
        </ol>
      </div>
      {part.entries.length ? null : (
        <p class="small muted gutter log-note" id="log-empty">
          {queryText({ ...choices, source: 'journal' }) ? t.noneFits : t.empty}
        </p>
      )}
      {newer ? (
        <nav class="log-pages" aria-label={ui.t.parts.pages}>
          <a class="btn sm" id="log-newer" href={newer}>
            <Icon ui={ui} name="arrow-down" />
            {t.newer}
          </a>
        </nav>
      ) : null}
      <p class="small muted gutter log-note" id="log-end" role="status" hidden>
        {t.ended}
      </p>
    </>
  );
}
