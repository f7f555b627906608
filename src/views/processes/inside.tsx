import type { OneProcess } from '../../core/processes/one.ts';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { hostPort } from '../../lib/host-port.ts';

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
            <th scope="col" class="num">{t.received}</th>
            <th scope="col" class="num">{t.sent}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, ROWS_MOST).map((socket) => (
            <tr>
              <td class="mono xs">{hostPort(socket)}</td>
              <td class="mono xs">{socket.remote ? hostPort(socket.remote) : ''}</td>
              <td>{socket.state}</td>
              <td>{socket.protocol}</td>
              <td class="num">{socket.received === null ? '' : ui.fmt.bytes(socket.received)}</td>
              <td class="num">{socket.sent === null ? '' : ui.fmt.bytes(socket.sent)}</td>
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
