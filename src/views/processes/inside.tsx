import type { Variable } from '../../core/containers/redact.ts';
import type { OneProcess } from '../../core/processes/one.ts';
import { Icon } from '../parts/icon.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';

const place = ({ address, port }: { address: string; port: number }) => `${address.includes(':') ? `[${address}]` : address}:${port}`;

/** A server may have as many connections as it has clients. */
export const ROWS_MOST = 500;

export function ProcessSockets({ ui, sockets }: { ui: Ui; sockets: OneProcess['sockets'] }) {
  const t = ui.t.processes;
  if (!sockets?.length) {
    return (
      <Section id="sockets" title={t.sockets}>
        <p class="small muted">{sockets ? t.noSockets : t.notReadable}</p>
      </Section>
    );
  }
  const sorted = sockets.toSorted((a, b) => Number(a.remote !== null) - Number(b.remote !== null) || a.port - b.port);
  return (
    <Section id="sockets" title={t.sockets} note={ui.fmt.number(sockets.length)} flush>
      <table class="table">
        <caption class="vh">{t.sockets}</caption>
        <thead>
          <tr>
            <th scope="col">{t.local}</th>
            <th scope="col">{t.remote}</th>
            <th scope="col">{t.state}</th>
            <th scope="col">{t.protocol}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, ROWS_MOST).map((socket) => (
            <tr>
              <td class="mono xs">{place(socket)}</td>
              <td class="mono xs">{socket.remote ? place(socket.remote) : ''}</td>
              <td>{socket.state}</td>
              <td>{socket.protocol}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {sorted.length > ROWS_MOST ? <p class="small muted gutter">{t.filesShown({ shown: ui.fmt.number(ROWS_MOST) })}</p> : null}
    </Section>
  );
}

export function ProcessFiles({ ui, files }: { ui: Ui; files: OneProcess['files'] }) {
  const t = ui.t.processes;
  if (!files) {
    return (
      <Section id="files" title={t.files}>
        <p class="small muted">{t.notReadable}</p>
      </Section>
    );
  }
  const total = ui.fmt.number(files.total);
  return (
    <Section id="files" title={t.files} note={files.limit === null ? t.filesAll({ n: total }) : t.filesOf({ n: total, limit: ui.fmt.number(files.limit) })} flush>
      <table class="table">
        <caption class="vh">{t.files}</caption>
        <thead>
          <tr>
            <th scope="col" class="num">#</th>
            <th scope="col">{t.kind}</th>
            <th scope="col">{t.file}</th>
          </tr>
        </thead>
        <tbody>
          {files.shown.map(({ fd, kind, target }) => (
            <tr>
              <td class="num quiet">{fd}</td>
              <td class="soft nowrap">{t.kinds[kind]}</td>
              <td class="mono xs wrap">{target}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {files.total > files.shown.length ? <p class="small muted gutter">{t.filesShown({ shown: ui.fmt.number(files.shown.length) })}</p> : null}
    </Section>
  );
}

interface EnvironmentProps {
  ui: Ui;
  href: string;
  variables: readonly Variable[] | null;
  /** The values are the real ones. */
  revealed: boolean;
}

/** What it was started with. Secret values are shown to administrators, who are written down. */
export function ProcessEnvironment({ ui, href, variables, revealed }: EnvironmentProps) {
  const t = ui.t.processes;
  const hidden = variables?.filter((each) => each.hidden).length ?? 0;
  const action = `${href}/environment`;
  const reveal = hidden > 0 ? (
    <form method="post" action={action} hx-post={action} hx-target="#environment" hx-select="#environment" hx-swap="outerHTML">
      <button class="btn ghost sm" type="submit">
        <Icon ui={ui} name="eye" />
        {t.reveal}
      </button>
    </form>
  ) : undefined;
  return (
    <Section id="environment" title={t.environment} note={revealed ? t.revealed : hidden ? t.hidden({ n: hidden }) : undefined} flush={Boolean(variables?.length)} end={reveal}>
      {!variables?.length ? (
        <p class="small muted">{variables ? t.noEnvironment : t.notReadable}</p>
      ) : (
        <table class="table">
          <caption class="vh">{t.environment}</caption>
          <thead>
            <tr>
              <th scope="col">{t.variable}</th>
              <th scope="col">{t.value}</th>
            </tr>
          </thead>
          <tbody>
            {variables.map(({ name, value, hidden: secret }) => (
              <tr>
                <td class="mono xs wrap">{name}</td>
                <td class={secret ? 'mono xs wrap quiet' : 'mono xs wrap'}>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
