import type { Member } from '../../core/networks/network.ts';
import type { NetworkWhole } from '../../core/networks/networks.ts';
import { asks, FormDialog } from '../form/dialog.tsx';
import { PairList } from '../docker/pairs.tsx';
import { Layout } from '../layout.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Icon } from '../parts/icon.tsx';
import { Kv } from '../parts/kv.tsx';
import { Dot } from '../parts/mark.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { Select } from '../parts/select.tsx';
import { DateTime } from '../parts/time.tsx';
import { ActionsHead } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';
import { Marks } from './list.tsx';

interface NetworkProps {
  ui: Ui;
  network: NetworkWhole;
  /** Containers that may be put on it; empty for who may not. */
  others: readonly { id: string; name: string }[];
  errors?: Readonly<Record<string, string>>;
}

/** One network: what it is, and who is on it. */
export function NetworkPage({ ui, network, others, errors = {} }: NetworkProps) {
  const t = ui.t.networks;
  const href = `/networks/${network.id}`;
  return (
    <Layout ui={ui} title={network.name} styles={['css/docker.css']} scripts={['js/containers/changes.js']} preload={['js/sse.js', 'js/connection.js']}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/networks', label: t.title }]} title={network.name}>
        {ui.can('networks.write') && !network.predefined ? (
          <a class="btn danger" aria-label={`${t.remove}…`} {...asks(`${href}/remove`)}>
            <Icon ui={ui} name="trash" />
            <span class="desktop">{t.remove}…</span>
          </a>
        ) : null}
      </CrumbsHead>
      <FormErrors ui={ui} errors={errors} />
      <div id="network" hx-get={href} hx-trigger="containers-changed from:body" hx-select="#network" hx-swap="outerMorph">
        <div class="panes">
          <Section id="facts" title={t.facts} pane>
            <Facts ui={ui} network={network} />
          </Section>
          <Section id="more" title={t.optionsAndLabels} pane>
            <PairList ui={ui} title={t.options} pairs={network.options} />
            <PairList ui={ui} title={t.labels} pairs={network.labels} />
          </Section>
        </div>
        <Section id="members" title={t.members} flush>
          <Members ui={ui} network={network} />
          {others.length ? <Connect ui={ui} href={href} others={others} /> : null}
        </Section>
      </div>
      <FormDialog />
    </Layout>
  );
}

function Facts({ ui, network }: { ui: Ui; network: NetworkWhole }) {
  const t = ui.t.networks;
  return (
    <Kv
      rows={[
        [t.driver, <span class="row">{network.driver} <Marks ui={ui} network={network} /></span>],
        [t.scope, network.scope],
        ...network.subnets.map(({ subnet, gateway }) => [t.subnet, <><code class="xs">{subnet}</code>{gateway ? <>, {t.gatewayIs} <code class="xs">{gateway}</code></> : null}</>] as const),
        [t.created, network.createdAt === null ? null : <DateTime ui={ui} at={network.createdAt} />],
        ['ID', <code class="xs">{network.id}</code>],
      ]}
    />
  );
}

function Members({ ui, network }: { ui: Ui; network: NetworkWhole }) {
  const t = ui.t.networks;
  if (network.members.length === 0) return <p class="soft small none-note">{t.noMembers}</p>;
  // On the network of the host a container has no network of its own to be taken off.
  const leaves = ui.can('networks.write') && !['host', 'null'].includes(network.driver);
  return (
    <table class="table">
      <caption class="vh">{t.members}</caption>
      <thead>
        <tr>
          <th scope="col">{t.container}</th>
          <th scope="col" class="hi">IPv4</th>
          <th scope="col" class="mid">IPv6</th>
          <th scope="col" class="lo">MAC</th>
          {leaves ? (
            <ActionsHead>{t.actions}</ActionsHead>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {network.members.map((one) => (
          <MemberRow ui={ui} one={one} action={leaves ? `/networks/${network.id}/disconnect` : null} />
        ))}
      </tbody>
    </table>
  );
}

function MemberRow({ ui, one, action }: { ui: Ui; one: Member; action: string | null }) {
  const t = ui.t.networks;
  return (
    <tr id={`member-${one.id}`}>
      <td class="truncate lead">
        <div class="name">
          <Dot state={one.running ? 'ok' : 'off'} />
          <a href={`/containers/${one.id}`}>
            <b>{one.name}</b>
            <small class="only-narrow">{one.ipv4 ?? (one.running ? '' : t.stopped)}</small>
          </a>
        </div>
      </td>
      <td class="hi mono xs nowrap">{one.ipv4 ?? <span class="quiet">{one.running ? '–' : t.stopped}</span>}</td>
      <td class="mid mono xs nowrap">{one.ipv6 ?? '–'}</td>
      <td class="lo mono xs nowrap">{one.mac ?? '–'}</td>
      {action ? (
        <td class="fit">
          <form method="post" action={action}>
            <button class="btn sm" type="submit" name="container" value={one.id} aria-label={t.disconnectIt({ name: one.name })}>
              {t.disconnect}
            </button>
          </form>
        </td>
      ) : null}
    </tr>
  );
}

function Connect({ ui, href, others }: { ui: Ui; href: string; others: NetworkProps['others'] }) {
  const t = ui.t.networks;
  return (
    <form method="post" action={`${href}/connect`} class="toolbar">
      {/* The first is none: where the chosen one goes, the browser falls back to that, and not to another container. */}
      <Select ui={ui} name="container" label={t.connectWhich} hideLabel required choices={[{ value: '', label: t.connectWhich }, ...others.map(({ id, name }) => ({ value: id, label: name }))]} />
      <button class="btn" type="submit">
        <Icon ui={ui} name="link" />
        {t.connect}
      </button>
    </form>
  );
}
