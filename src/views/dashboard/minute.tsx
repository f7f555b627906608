import type { Minute } from '../../core/processes/minutes.ts';
import { Layout } from '../layout.tsx';
import { closes } from '../parts/dialog.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import type { Ui } from '../ui.ts';
import { argumentsOf } from './top-processes.tsx';

const MINUTE = 60_000;

/** Opened by a click on a chart; what it holds is the same part of the page below. */
export function MinuteDrawer({ ui }: { ui: Ui }) {
  return (
    <dialog class="drawer" id="minute" aria-labelledby="minute-h">
      <header>
        <h2 id="minute-h" tabindex={-1}>
          {ui.t.dashboard.minute.title}
        </h2>
        <button class="btn ghost only sm push" type="button" aria-label={ui.t.parts.close} {...closes('minute')}>
          <Icon ui={ui} name="x" />
        </button>
      </header>
      <div class="body" id="minute-body" aria-live="polite"></div>
    </dialog>
  );
}

/** Where the page lies, and where its other minutes are. */
const SECTIONS = { dashboard: { back: '/?range=24h', path: '/dashboard/processes' }, processes: { back: '/processes', path: '/processes' } } as const;

/** The page behind the drawer, and one of the processes: what ran in the minute of `at`. */
export function MinutePage({ ui, at, minute, section }: { ui: Ui; at: number; minute: Minute | null; section: keyof typeof SECTIONS }) {
  const t = ui.t.dashboard;
  const time = ui.fmt.dateTime(at);
  const { back, path } = SECTIONS[section];
  return (
    <Layout ui={ui} title={t.minute.at({ time })} styles={['css/chart.css', 'css/dashboard.css']}>
      <CrumbsHead crumbs={[{ href: back, label: ui.t.shell.nav[section] }]} title={t.minute.at({ time })} label={ui.t.parts.pages}>
        <a class="btn" href={`${path}?at=${at - MINUTE}`}>
          {t.minute.before}
        </a>
        <a class="btn" href={`${path}?at=${at + MINUTE}`}>
          {t.minute.after}
        </a>
      </CrumbsHead>
      <MinuteLists ui={ui} minute={minute} at={at} />
    </Layout>
  );
}

/** The two lists, on the page and in the drawer alike. */
export function MinuteLists({ ui, minute, at }: { ui: Ui; minute: Minute | null; at: number }) {
  const t = ui.t.dashboard;
  if (!minute) {
    return (
      <div id="minute-lists">
        <Empty ui={ui} icon="history" title={t.minute.none} text={t.minute.noneText} />
        <MinuteLogs ui={ui} at={at} />
      </div>
    );
  }
  return (
    <div id="minute-lists">
      <List ui={ui} id="minute-cpu" title={t.top.byCpu} rows={minute.byCpu.map((row) => ({ ...row, figure: ui.fmt.percent(row.cpu) }))} />
      <List ui={ui} id="minute-memory" title={t.top.byMemory} rows={minute.byMemory.map((row) => ({ ...row, figure: ui.fmt.memory(row.memory) }))} />
      <MinuteLogs ui={ui} at={minute.at} />
      <p class="small muted gutter">{t.minute.kept}</p>
    </div>
  );
}

/** What was written then, to whoever may read it. */
function MinuteLogs({ ui, at }: { ui: Ui; at: number }) {
  if (!ui.can('logs.read')) return null;
  const from = Math.floor(at / MINUTE) * MINUTE;
  return (
    <p class="gutter">
      <a class="link" href={`/logs?since=${from}&until=${from + MINUTE - 1}`}>{ui.t.logs.atMinute}</a>
    </p>
  );
}

function List({ ui, id, title, rows }: { ui: Ui; id: string; title: string; rows: readonly { pid: number; name: string; command: string; user: string; figure: string }[] }) {
  const t = ui.t.dashboard.top;
  return (
    <section class="section flush" aria-labelledby={`${id}-h`}>
      <header class="section-head">
        <h2 id={`${id}-h`}>{title}</h2>
      </header>
      <table class="table minute-table" aria-labelledby={`${id}-h`}>
        <thead>
          <tr>
            <th scope="col">{t.process}</th>
            <th scope="col" class="num">{t.pid}</th>
            <th scope="col">{t.user}</th>
            <th scope="col" class="num">{id === 'minute-cpu' ? ui.t.dashboard.cpu : ui.t.dashboard.memory}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <td class="truncate">
                <div class="name">
                  <span title={row.command}>
                    {row.name} <span class="muted">{argumentsOf(row)}</span>
                  </span>
                </div>
              </td>
              <td class="num quiet">{row.pid}</td>
              <td class="soft">{row.user}</td>
              <td class="num">{row.figure}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
