import type { ExposedPort, ReachLine } from '../../core/exposure/port.ts';
import type { Reason } from '../../core/exposure/filter/verdict.ts';
import { Icon } from '../parts/icon.tsx';
import { processPath } from '../processes/row.tsx';
import { servicePath } from '../services/paths.ts';
import type { Ui } from '../ui.ts';
import { boundWord, howWord, LEVEL_ICONS, LEVEL_TONES, nameWord, portWord, whoLines } from './words.ts';

export const advicePath = (id: string) => `/exposure/local-only?id=${encodeURIComponent(id)}`;

/** Is there anybody that it could be kept from, and who should not be there as usual? */
const canClose = ({ level, how }: ExposedPort) => how !== 'forwarded' && !['machine', 'closed', 'meant'].includes(level);

export function PortRow({ ui, port, unread }: { ui: Ui; port: ExposedPort; unread: boolean }) {
  const t = ui.t.exposure;
  return (
    <tr id={port.id} data-level={port.level}>
      <td class="fit c-level">
        <span class="tag" data-tone={LEVEL_TONES[port.level]}>
          <Icon ui={ui} name={LEVEL_ICONS[port.level]} />
          {t.levels[port.level]}
        </span>
      </td>
      <td class="c-port">
        <b class="mono">{portWord(port)}</b>
        <small class="muted">{boundWord(ui, port)}</small>
      </td>
      <td class="c-program">
        <Holder ui={ui} port={port} />
      </td>
      <td class="c-who">
        <Who ui={ui} port={port} unread={unread} />
      </td>
      <td class="lo soft">{howWord(ui, port)}</td>
      <td class="fit">
        {canClose(port) ? (
          <a class={port.level === 'danger' ? 'btn sm danger' : 'btn sm ghost'} href={advicePath(port.id)}>
            {t.localOnly}
          </a>
        ) : null}
      </td>
    </tr>
  );
}

function Holder({ ui, port }: { ui: Ui; port: ExposedPort }) {
  const t = ui.t.exposure;
  const { container, process, service } = port;
  const name = nameWord(ui, port);
  const href = container ? `/containers/${container.id}` : process ? processPath(process) : null;
  const more = container ? [t.inContainer({ name: container.image }), container.stack ? t.ofStack({ name: container.stack }) : ''] : process ? [process.user] : [];
  const linked = !container && service && ui.can('services.read');
  return (
    <>
      {href ? <a href={href}>{name}</a> : <span class={process ? undefined : 'muted'}>{name}</span>}
      {more.some(Boolean) || linked ? (
        <small class="muted">
          {more.filter(Boolean).join(' · ')}
          {linked ? <> · <a href={servicePath(service)}>{service}</a></> : null}
        </small>
      ) : null}
    </>
  );
}

function Who({ ui, port, unread }: { ui: Ui; port: ExposedPort; unread: boolean }) {
  const t = ui.t.exposure;
  const lines = whoLines(ui, port, unread);
  const reasons = distinct(port.reach.flatMap((line) => line.reasons));
  const doubts = port.reach.flatMap((line) => line.doubts);
  const explained = port.reach.length > 0 && !unread;
  return (
    <>
      {lines.map(({ text, families }) => (
        <span class="who-line">
          {text}
          {families ? <small class="muted"> {families}</small> : null}
        </span>
      ))}
      {port.risk || explained ? (
        <details class="why">
          <summary class="small">{t.why}</summary>
          {port.risk ? <p class="small">{t.risks[port.risk].why}</p> : null}
          {explained ? <Reasons ui={ui} reasons={reasons} doubts={doubts} /> : null}
        </details>
      ) : null}
    </>
  );
}

/** The same rule about IPv4 by two interfaces is one. */
const distinct = (reasons: readonly Reason[]): Reason[] => [...new Map(reasons.map((one) => [JSON.stringify(one), one])).values()];

function Reasons({ ui, reasons, doubts }: { ui: Ui; reasons: readonly Reason[]; doubts: ReachLine['doubts'] }) {
  const t = ui.t.exposure;
  if (!ui.can('exposure.inspect')) return <p class="small muted">{t.reasons.hidden}</p>;
  return (
    <>
      {reasons.length + doubts.length === 0 ? <p class="small muted">{t.reasons.none}</p> : null}
      {reasons.length ? (
        <ul class="reasons">
          {reasons.map(({ verdict, text, count, chain, table }) => (
            <li data-verdict={verdict}>
              <span class="small">{t.reasons[verdict]}</span>
              <code class="small" title={t.reasons.place({ chain, table })}>{text ?? t.reasons.policy({ chain })}</code>
              {count > 1 ? <small class="muted">{t.reasons.more({ n: ui.fmt.number(count - 1) })}</small> : null}
            </li>
          ))}
        </ul>
      ) : null}
      {doubts.length ? (
        <>
          <p class="small">{t.reasons.doubts}</p>
          <ul class="reasons">
            {doubts.map(({ text, why, chain, table }) => (
              <li>
                <code class="small" title={t.reasons.place({ chain, table })}>{text}</code>
                <small class="muted">{t.doubts[why]}</small>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}
