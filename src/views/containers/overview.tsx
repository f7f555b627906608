import type { ContainerDetail } from '../../core/containers/detail.ts';
import type { PortFact } from '../../core/containers/ports/facts.ts';
import type { Variable } from '../../core/containers/redact.ts';
import type { ContainerUse } from '../../core/containers/stats.ts';
import { Banner } from '../parts/banner.tsx';
import { Dot } from '../parts/mark.tsx';
import { Section } from '../parts/section.tsx';
import { Time } from '../parts/time.tsx';
import { Variables } from '../parts/variables.tsx';
import type { Ui } from '../ui.ts';
import { Facts, Limits } from './facts.tsx';
import { ContainerFrame, type ContainerTab } from './frame.tsx';
import { Ports } from './ports.tsx';
import { Usage } from './usage.tsx';

interface OverviewProps {
  ui: Ui;
  one: ContainerDetail;
  history: readonly ContainerUse[];
  /** Has its registry something newer? */
  newer: boolean;
  /** Who reaches its published ports. */
  facts: readonly PortFact[];
  /** Its variables as they are, where somebody asked to see them. */
  revealed?: readonly Variable[];
  /** The page that the head is for, when another asks for it. */
  tab?: ContainerTab;
}

/** What a container is and how it goes. */
export function ContainerPage({ ui, one, history, newer, facts, revealed, tab = 'overview' }: OverviewProps) {
  const t = ui.t.container;
  return (
    <ContainerFrame
      ui={ui} one={one} tab={tab} styles={['css/chart.css']} scripts={['js/containers/usage.js']}
      preload={['js/dashboard/format.js']} live={tab === 'overview' ? ['about'] : []}
    >
      <div id="about">
        {one.error ? <Banner ui={ui} tone="danger" title={t.startFailed} text={one.error} /> : null}
        {one.outOfMemory ? <Banner ui={ui} tone="warn" text={t.outOfMemory} /> : null}
        {one.privileged ? <Banner ui={ui} tone="warn" text={t.privileged} /> : null}
        {one.state === 'running' ? <Usage ui={ui} one={one} history={history} /> : null}
        <div class="panes">
          <Facts ui={ui} one={one} newer={newer} />
          <div class="stack beside-facts">
            <Limits ui={ui} one={one} />
            <Ports ui={ui} one={one} facts={facts} />
            <Networks ui={ui} one={one} />
          </div>
        </div>
        {one.checks.length ? <Health ui={ui} one={one} /> : null}
        <Mounts ui={ui} one={one} />
      </div>
      {/* They stay what they are while it is there: outside of what is drawn anew, so that what somebody asked to see stays. */}
      {one.variables ? (
        <Variables ui={ui} t={t} variables={revealed ?? one.variables} revealed={revealed !== undefined} action={ui.can('containers.admin') ? `/containers/${one.id}/environment` : null} />
      ) : null}
    </ContainerFrame>
  );
}

function Networks({ ui, one }: { ui: Ui; one: ContainerDetail }) {
  const t = ui.t.container;
  return (
    <Section id="networks" title={t.networks} pane>
      {one.attachments.length === 0 ? <p class="small muted">{t.noNetworks}</p> : null}
      <ul class="rows">
        {one.attachments.map(({ network, networkId, ipv4, ipv6, aliases }) => (
          <li>
            <span class="grow">
              {networkId ? <a class="link" href={`/networks/${networkId}`}>{network}</a> : <b>{network}</b>}
              {aliases.length ? (
                <small class="muted">
                  {t.alias} {ui.fmt.list(aliases)}
                </small>
              ) : null}
            </span>
            <span class="mono xs">{[ipv4, ipv6].filter(Boolean).join(' ')}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Health({ ui, one }: { ui: Ui; one: ContainerDetail }) {
  const t = ui.t.container;
  return (
    <Section id="health" title={t.health}>
      <ul class="rows">
        {one.checks.toReversed().map(({ at, exitCode, output }) => (
          <li>
            <Dot state={exitCode === 0 ? 'ok' : 'fail'} />
            <span class="grow">
              {t.healthExit({ code: exitCode })}
              {output.trim() ? <small class="mono muted said">{output.trim()}</small> : null}
            </span>
            <Time ui={ui} at={at} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Mounts({ ui, one }: { ui: Ui; one: ContainerDetail }) {
  const t = ui.t.container;
  return (
    <Section id="mounts" title={t.mounts} flush={one.mounts.length > 0}>
      {one.mounts.length === 0 ? (
        <p class="small muted">{t.noMounts}</p>
      ) : (
        <table class="table">
          <caption class="vh">{t.mounts}</caption>
          <thead>
            <tr>
              <th scope="col">{t.target}</th>
              <th scope="col">{t.source}</th>
              <th scope="col" class="lo">{t.kind}</th>
              <th scope="col" class="mid">{t.access}</th>
            </tr>
          </thead>
          <tbody>
            {one.mounts.map(({ target, source, kind, writable }) => (
              <tr>
                <td class="mono xs wrap">{target}</td>
                <td class="mono xs wrap">{kind === 'volume' && source ? <a class="link" href={`/volumes/${source}`}>{source}</a> : source || '–'}</td>
                <td class="lo nowrap">{t.kinds[kind] ?? kind}</td>
                <td class="mid nowrap">{writable ? t.writable : t.readOnly}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
