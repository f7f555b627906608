import type { Variable } from '../../core/containers/redact.ts';
import type { OneProcess } from '../../core/processes/one.ts';
import type { ProcessRow, ProcessSignal } from '../../platform/processes.ts';
import { asks, FormDialog } from '../form/dialog.tsx';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Kv } from '../parts/kv.tsx';
import { Menu } from '../parts/menu.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { DateTime } from '../parts/time.tsx';
import { Variables } from '../parts/variables.tsx';
import type { Ui } from '../ui.ts';
import { ProcessFiles, ProcessSockets, ROWS_MOST } from './inside.tsx';
import { processPath } from './row.tsx';

interface OneProps {
  ui: Ui;
  one: OneProcess;
  signals: readonly ProcessSignal[];
  /** Its variables as they are, where somebody asked to see them. */
  revealed?: readonly Variable[];
}

/** All that the machine tells of one process. Its figures are asked for again every two seconds. */
export function ProcessPage({ ui, one, signals, revealed }: OneProps) {
  const t = ui.t.processes;
  const { row } = one;
  const href = processPath(row);
  const carried = carriedBy(one.sockets);
  return (
    <Layout ui={ui} title={row.name} styles={['css/processes.css']} scripts={['js/processes/one.js']}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/processes', label: t.title }]} title={`${row.name} (${row.pid})`}>
        {ui.can('processes.write') && one.guard !== 'kernel' ? <Actions ui={ui} one={one} signals={signals} /> : null}
      </CrumbsHead>
      {one.guard ? <Banner ui={ui} tone="warn" text={t.guards[one.guard]} /> : null}
      <div class="panes">
        <Section id="about" title={t.about} pane>
          <div id="figures" data-state={row.state} hx-get={href} hx-trigger="every 2s" hx-select="#figures" hx-swap="outerMorph">
            <Kv
              rows={[
                [t.command, <code class="xs wrap">{row.command}</code>],
                [t.user, row.user],
                [t.state, t.states[row.state] ?? row.state],
                [t.cpu, ui.fmt.percent(row.cpu)],
                [t.memory, ui.fmt.memory(row.memory)],
                [t.disk, one.disk ? t.diskOf({ read: ui.fmt.bytes(one.disk.read), written: ui.fmt.bytes(one.disk.written) }) : null],
                [t.network, carried ? t.networkOf({ received: ui.fmt.bytes(carried.received), sent: ui.fmt.bytes(carried.sent), n: ui.fmt.number(carried.n) }) : null],
                [t.threads, row.threads ? ui.fmt.number(row.threads) : null],
                [t.nice, row.nice === null ? null : String(row.nice)],
                [t.started, row.startedAt > 0 ? <DateTime ui={ui} at={row.startedAt} /> : null],
                [t.executable, one.executable ? <code class="xs wrap">{one.executable}</code> : null],
                [t.folder, one.folder ? <code class="xs wrap">{one.folder}</code> : null],
                [t.service, row.service],
                [t.container, row.container ? <a href={`/containers/${row.container}`}>{one.containerName ?? row.container.slice(0, 12)}</a> : null],
              ]}
            />
          </div>
        </Section>
        <div class="stack">
          <Section id="parents" title={t.parent} pane>
            <Family ui={ui} rows={one.parents} />
          </Section>
          <Section id="children" title={t.children} pane>
            {one.children.length ? <Family ui={ui} rows={one.children} /> : <p class="small muted">{t.noChildren}</p>}
          </Section>
        </div>
      </div>
      <ProcessSockets ui={ui} sockets={one.sockets} />
      {ui.can('processes.write') ? (
        <>
          <ProcessFiles ui={ui} files={one.files} />
          <Variables ui={ui} t={t} variables={revealed ?? one.variables} unread={t.notReadable} revealed={revealed !== undefined} action={`${href}/environment`} />
        </>
      ) : null}
      <FormDialog />
    </Layout>
  );
}

/** Sum over its open connections; null where none is told. */
function carriedBy(sockets: OneProcess['sockets']): { received: number; sent: number; n: number } | null {
  const told = sockets?.filter(({ received, sent }) => received !== null && sent !== null) ?? [];
  if (told.length === 0) return null;
  return { received: told.reduce((sum, { received }) => sum + received!, 0), sent: told.reduce((sum, { sent }) => sum + sent!, 0), n: told.length };
}

function Family({ ui, rows }: { ui: Ui; rows: readonly ProcessRow[] }) {
  return (
    <ul class="rows">
      {rows.slice(0, ROWS_MOST).map((row) => (
        <li>
          <a class="grow clip" href={processPath(row)} title={row.command}>
            {row.name}
          </a>
          <span class="muted">{row.pid}</span>
          <span class="muted">{ui.fmt.memory(row.memory)}</span>
        </li>
      ))}
      {rows.length > ROWS_MOST ? <li class="small muted">{ui.t.processes.filesShown({ shown: ui.fmt.number(ROWS_MOST) })}</li> : null}
    </ul>
  );
}

const ICONS: Partial<Record<ProcessSignal, IconName>> = { TERM: 'x', KILL: 'bolt', STOP: 'pause', CONT: 'play', HUP: 'refresh' };

function Actions({ ui, one: { row }, signals }: { ui: Ui; one: OneProcess; signals: readonly ProcessSignal[] }) {
  const t = ui.t.processes;
  const href = (signal: ProcessSignal) => asks(`${processPath(row)}/signal?signal=${signal}`);
  const first: readonly ProcessSignal[] = ['TERM', 'KILL'];
  const rest = signals.filter((signal) => !first.includes(signal));
  return (
    <>
      {first.map((signal) => (
        <a class="btn danger" {...href(signal)}>
          {t.does[signal]}…
        </a>
      ))}
      <Menu ui={ui} id="process-menu" label={t.actions} icon="more" iconOnly>
        {row.nice === null ? null : (
          <a {...asks(`${processPath(row)}/priority`)}>
            <Icon ui={ui} name="updown" />
            {t.priority}
          </a>
        )}
        {/* Pausing or continuing: by the state among the figures, which may have become another one since (processes.css). */}
        {rest.map((signal) => (
          <a {...href(signal)} data-signal={signal}>
            <Icon ui={ui} name={ICONS[signal] ?? 'bell'} />
            {t.does[signal]}…
          </a>
        ))}
      </Menu>
    </>
  );
}
