import { terminalTitle, type TerminalNow } from '../../core/terminal/terminals.ts';
import { Empty } from '../parts/empty.tsx';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { Dot } from '../parts/mark.tsx';
import { Option } from '../parts/option.tsx';
import { Section } from '../parts/section.tsx';
import { Select } from '../parts/select.tsx';
import { Time } from '../parts/time.tsx';
import { withQuery } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';
import type { TerminalPageProps } from './page.tsx';
import { SshHostsSection } from './ssh-hosts/section.tsx';

/** What a new tab shows: a shell to open, and what runs already. */
export function Start(props: TerminalPageProps) {
  const { ui, terminals } = props;
  const t = ui.t.terminal;
  return (
    <div id="tt-start" hx-get={withQuery('/terminal', { path: props.folder || undefined })} hx-select="#tt-start" hx-target="this" hx-swap="outerMorph" hx-trigger="terminals-changed from:document">
      <noscript>
        <div class="banner" data-tone="warn">
          <p>
            <b>{t.needsScript}</b> {t.needsScriptText}
          </p>
        </div>
      </noscript>
      {ui.can('terminal.open') ? <OpenForm {...props} /> : null}
      <Section id="tt-running" title={t.running} note={t.runningNote} end={<More ui={ui} lost={terminals.filter(({ state }) => state === 'lost').length} />} flush={terminals.length > 0}>
        {terminals.length === 0 ? <p class="small soft">{t.nothingRuns}</p> : <RunningTable ui={ui} terminals={terminals} />}
      </Section>
      {ui.can('terminal.open') ? <SshHostsSection ui={ui} hosts={props.sshHosts} /> : null}
    </div>
  );
}

/** Pages that belong to terminals, and tidying up. */
function More({ ui, lost }: { ui: Ui; lost: number }) {
  return (
    <span class="btns">
      {lost > 1 ? <button class="link" type="button" data-dismiss-lost>{ui.t.terminal.dismissLost({ n: lost })}</button> : null}
      {ui.can('terminal.open') ? <a class="link" href="/terminal/snippets">{ui.t.snippets.title}</a> : null}
      {ui.can('recordings.read') ? <a class="link" href="/terminal/recordings">{ui.t.recordings.title}</a> : null}
    </span>
  );
}

function OpenForm({ ui, shells, kind, demo, folder, recording }: TerminalPageProps) {
  const t = ui.t.terminal;
  if (shells.length === 0) return <Empty ui={ui} icon="terminal" title={t.noShells} text={demo ? t.demo : t.noHost} />;
  const choices = shells.map(({ id, program }) => ({ value: id, label: kind === 'windows' ? program : t.ownShell({ name: id, program }) }));
  return (
    <Section id="tt-open" title={t.newTab}>
      <form class="tt-open" id="tt-open-form" method="post" action="/terminal">
        <Select ui={ui} name="shell" label={kind === 'windows' ? t.shellWindows : t.shell} value={shells[0]!.id} choices={choices} />
        <Field ui={ui} name="folder" label={t.folder} hint={t.folderHint} value={folder} mono maxlength={4096} />
        {recording === 'ask' ? <Option name="record" label={ui.t.recordings.atOpening} /> : null}
        <button class="btn primary" type="submit">
          {t.open}
        </button>
      </form>
    </Section>
  );
}

function RunningTable({ ui, terminals }: { ui: Ui; terminals: readonly TerminalNow[] }) {
  const t = ui.t.terminal;
  return (
    <table class="table">
      <caption class="vh">{t.running}</caption>
      <thead>
        <tr>
          <th scope="col">{t.what}</th>
          <th scope="col" class="mid">{t.runs}</th>
          <th scope="col" class="lo">{t.by}</th>
          <th scope="col" class="lo">{t.viewers}</th>
          <th scope="col" class="hi">{t.since}</th>
          <th scope="col" class="fit">
            <span class="vh">{t.more}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {terminals.toSorted((a, b) => Number(a.state === 'lost') - Number(b.state === 'lost')).map((terminal) => (
          <RunningLine ui={ui} terminal={terminal} />
        ))}
      </tbody>
    </table>
  );
}

function RunningLine({ ui, terminal }: { ui: Ui; terminal: TerminalNow }) {
  const t = ui.t.terminal;
  const { id, live, openedBy, createdAt, state, colour } = terminal;
  const lost = state === 'lost';
  const viewers = live?.viewers.map(({ name }) => name).join(', ');
  return (
    <tr id={`tt-row-${id}`}>
      <td class="lead truncate">
        <span class="name">
          {lost ? <Icon ui={ui} name="warning" /> : <Icon ui={ui} name="terminal" class={colour ? `tt-c-${colour}` : ''} />}
          {lost ? <span>{terminalTitle(terminal)}</span> : <a href={`/terminal?id=${id}`} data-attach={id}>{terminalTitle(terminal)}</a>}
          <small class="only-narrow">{lost ? t.lost : live?.command}</small>
        </span>
      </td>
      <td class="mid soft truncate">{lost ? <Dot state="fail">{t.lost}</Dot> : <code>{live?.command || '–'}</code>}</td>
      <td class="lo quiet">{openedBy}</td>
      <td class="lo quiet truncate">{viewers || t.nobody}</td>
      <td class="hi quiet fit">
        <Time ui={ui} at={createdAt} />
      </td>
      <td class="fit">
        {lost ? (
          <form class="row tt-acts" method="post" action={`/terminal/${id}/kill`} data-tt-form>
            <button class="btn ghost sm" type="submit" title={t.lostText}>
              {t.dismiss}
            </button>
          </form>
        ) : (
          <span class="row tt-acts">
            <a class="btn ghost sm" href={`/terminal?id=${id}`} data-attach={id}>
              {t.attach}
            </a>
            {ui.can('terminal.open') ? (
              <button class="btn ghost only sm" type="button" data-end={id} data-name={terminalTitle(terminal)} aria-label={t.endOf({ name: terminalTitle(terminal) })} title={t.kill}>
                <Icon ui={ui} name="x" />
              </button>
            ) : null}
          </span>
        )}
      </td>
    </tr>
  );
}
