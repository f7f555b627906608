import type { Belongings } from '../../core/processes/belongs.ts';
import type { Branch } from '../../core/processes/tree.ts';
import type { ProcessRow } from '../../platform/processes.ts';
import { argumentsOf } from '../dashboard/top-processes.tsx';
import { AskIcon } from '../form/dialog.tsx';
import { Micro } from '../parts/meter.tsx';
import { Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';

export const processPath = ({ pid, startedAt }: Pick<ProcessRow, 'pid' | 'startedAt'>) => `/processes/${pid}/${startedAt}`;

/** One line; the page's script fills copies of an empty one the same way. */
export function Row({ ui, branch: { row, depth }, belongings, memory }: { ui: Ui; branch: Branch; belongings: Belongings; memory: number | null }) {
  const t = ui.t.processes;
  const ports = belongings.ports[row.pid] ?? [];
  const container = row.container && (belongings.containers[row.container] ?? row.container.slice(0, 12));
  const rest = argumentsOf(row);
  return (
    <tr data-pid={row.pid} data-href={processPath(row)} data-depth={depth || undefined} data-kernel={row.command === `[${row.name}]` ? '' : undefined}>
      <td class="c-name">
        <div class="name">
          <a href={processPath(row)} title={row.command}>
            <b>{row.name}</b> <span class="quiet args">{rest}</span>
            <small class="only-narrow">
              {row.pid} · {row.user}
            </small>
          </a>
        </div>
      </td>
      <td class="num hi quiet c-pid">{row.pid}</td>
      <td class="mid soft c-user">{row.user}</td>
      <td class="c-cpu">
        <Micro label={t.cpu} value={row.cpu} low={1} high={1}>
          {ui.fmt.percent(row.cpu)}
        </Micro>
      </td>
      <td class="c-memory">
        <Micro label={t.memory} value={memory ? (100 * row.memory) / memory : 0} low={1} high={1}>
          {ui.fmt.memory(row.memory)}
        </Micro>
      </td>
      <td class="num lo c-read">{row.read ? ui.fmt.rate(row.read) : ''}</td>
      <td class="num lo c-written">{row.written ? ui.fmt.rate(row.written) : ''}</td>
      <td class="num lo c-received">{row.received ? ui.fmt.rate(row.received) : ''}</td>
      <td class="num lo c-sent">{row.sent ? ui.fmt.rate(row.sent) : ''}</td>
      <td class="lo soft c-state">{t.states[row.state] ?? row.state}</td>
      <td class="num lo soft c-threads">{row.threads || ''}</td>
      <td class="num lo soft c-nice">{row.nice ?? ''}</td>
      <td class="lo soft c-belongs" title={row.service ?? container ?? undefined}>{container ?? row.service?.replace(/\.service$/, '') ?? ''}</td>
      <td class="lo c-ports" title={ports.join('\n') || undefined}>
        <span class="mono xs">{portsText(ui, ports)}</span>
      </td>
      <td class="lo quiet nowrap c-started">{row.startedAt > 0 ? <Time ui={ui} at={row.startedAt} /> : '–'}</td>
      {ui.can('processes.write') ? (
        <td class="c-acts">
          <div class="acts">
            <span class="desktop">
              <AskIcon ui={ui} href={`${processPath(row)}/signal?signal=TERM`} icon="x" label={t.end({ name: row.name })} />
            </span>
          </div>
        </td>
      ) : null}
    </tr>
  );
}

/** Its port numbers, each once; where they are bound is in the title. */
function portsText(ui: Ui, ports: readonly string[]): string {
  const numbers = [...new Set(ports.map((port) => port.replace(/^.*:/, '')))];
  return numbers.length > 3 ? `${numbers.slice(0, 3).join(' ')} ${ui.t.processes.more({ n: ui.fmt.number(numbers.length - 3) })}` : numbers.join(' ');
}
