import type { EngineState } from '../../core/docker/engine.ts';
import type { NetworkRow } from '../../core/networks/networks.ts';
import { EngineAway } from '../docker/away.tsx';
import { NARROWS, Narrow, Nothing } from '../docker/narrow.tsx';
import { asks, FormDialog } from '../form/dialog.tsx';
import { UsedBy } from '../docker/used-by.tsx';
import { Layout } from '../layout.tsx';
import { Icon } from '../parts/icon.tsx';
import { Tag } from '../parts/mark.tsx';
import { Menu } from '../parts/menu.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ActionsHead, Toolbar } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';

export interface NetworksModel {
  engine: EngineState;
  shown: readonly NetworkRow[];
  query: { q: string };
}

export function NetworksPage({ ui, model: { engine, shown, query } }: { ui: Ui; model: NetworksModel }) {
  const t = ui.t.networks;
  return (
    <Layout ui={ui} title={t.title} styles={['css/docker.css']} scripts={['js/containers/changes.js', NARROWS]} preload={['js/sse.js', 'js/connection.js']}>
      <div id="networks" hx-get={ui.here ?? '/networks'} hx-trigger="containers-changed from:body" hx-select="#networks" hx-swap="outerMorph" hx-sync="queue last">
        <PageHead title={t.title} facts={engine.up ? [t.count({ n: shown.length })] : []}>
          {engine.up && ui.can('networks.write') ? (
            <a class="btn primary" {...asks('/networks/new')}>
              <Icon ui={ui} name="plus" />
              {t.create}
            </a>
          ) : null}
        </PageHead>
        {engine.up ? (
          <>
            <Toolbar>
              <Narrow ui={ui} action="/networks" label={t.filter} q={query.q} />
            </Toolbar>
            {shown.length === 0 ? <Nothing ui={ui} icon="network" href="/networks" words={ui.t.networks} narrowed={Boolean(query.q)} q={query.q} /> : <Table ui={ui} shown={shown} />}
          </>
        ) : (
          <EngineAway ui={ui} engine={engine} />
        )}
      </div>
      <FormDialog />
    </Layout>
  );
}

function Table({ ui, shown }: { ui: Ui; shown: readonly NetworkRow[] }) {
  const t = ui.t.networks;
  const writes = ui.can('networks.write');
  return (
    <table class="table sticky named-list">
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          <th scope="col">{t.network}</th>
          <th scope="col" class="mid">{t.driver}</th>
          <th scope="col" class="hi">{t.subnet}</th>
          <th scope="col" class="mid">{t.usedBy}</th>
          {writes ? (
            <ActionsHead>{t.actions}</ActionsHead>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {shown.map((network) => (
          <Row ui={ui} network={network} writes={writes} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ ui, network, writes }: { ui: Ui; network: NetworkRow; writes: boolean }) {
  const t = ui.t.networks;
  const href = `/networks/${network.id}`;
  const subnets = network.subnets.map(({ subnet }) => subnet);
  return (
    <tr data-href={href}>
      <td class="truncate lead">
        <div class="name">
          <Icon ui={ui} name="network" />
          <a href={href} title={network.name}>
            <b>{network.name}</b>
            <small class="mono">{network.id.slice(0, 12)}</small>
            <small class="only-narrow">{ui.fmt.list([network.driver, ...subnets])}</small>
          </a>
          <Marks ui={ui} network={network} />
        </div>
      </td>
      <td class="mid soft nowrap">{network.scope === 'local' ? network.driver : ui.fmt.list([network.driver, network.scope])}</td>
      <td class="hi mono xs nowrap">
        {subnets.length ? subnets.map((subnet) => <span class="below">{subnet}</span>) : <span class="quiet">–</span>}
      </td>
      <td class="mid">
        <UsedBy ui={ui} usedBy={network.usedBy} none={t.unused} />
      </td>
      {writes ? (
        <td>
          <div class="acts">
            {network.predefined ? null : (
              <Menu ui={ui} id={`m-${network.id.slice(0, 12)}`} label={t.actionsOf({ name: network.name })} icon="more" iconOnly small>
                <a href={href}>
                  <Icon ui={ui} name="link" />
                  {t.connectTo}
                </a>
                <a class="danger" {...asks(`${href}/remove`)}>
                  <Icon ui={ui} name="trash" />
                  {t.remove}…
                </a>
              </Menu>
            )}
          </div>
        </td>
      ) : null}
    </tr>
  );
}

/** What is out of the ordinary about it. */
export function Marks({ ui, network }: { ui: Ui; network: Pick<NetworkRow, 'predefined' | 'internal' | 'ipv6'> }) {
  const t = ui.t.networks;
  return (
    <>
      {network.predefined ? <Tag ui={ui}>{t.predefined}</Tag> : null}
      {network.internal ? <Tag ui={ui} icon="lock">{t.internal}</Tag> : null}
      {network.ipv6 ? <Tag ui={ui}>IPv6</Tag> : null}
    </>
  );
}
