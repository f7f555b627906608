import { partlyOff } from '../../core/firewall/rule.ts';
import type { Firewall, RuleRow } from '../../core/firewall/firewall.ts';
import type { PublishedPort } from '../../core/firewall/published-ports.ts';
import type { PublishedRules } from '../../core/firewall/published.ts';
import { asks, FormDialog } from '../form/dialog.tsx';
import { NARROWS, Narrow } from '../docker/narrow.tsx';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Icon } from '../parts/icon.tsx';
import { Dot } from '../parts/mark.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Pager, Toolbar, withQuery } from '../parts/table.tsx';
import { Seg } from '../parts/tabs.tsx';
import type { Ui } from '../ui.ts';
import { FirewallTabs } from './tabs.tsx';
import { RulesTable } from './rules.tsx';
import { ProfilesSection } from './profiles.tsx';
import { ForeignSection, ForwardsSection, GoneSection, PublishedSection, ZonesSection } from './side.tsx';

export interface FirewallModel {
  firewall: Firewall;
  list: { items: readonly RuleRow[]; total: number; next: string | null };
  query: { q: string; sort: string; origin?: 'ours' | 'outside' | undefined; cursor?: string | undefined };
  ports: readonly PublishedPort[] | null;
  published: PublishedRules;
  address: string;
}

export function FirewallPage({ ui, model }: { ui: Ui; model: FirewallModel }) {
  const t = ui.t.firewall;
  const { firewall, ports, published } = model;
  const here = ui.here ?? '/firewall';
  const name = firewall.provider ? t.providers[firewall.provider] : '';
  const aside = ports !== null || published.rules.length > 0;
  return (
    <Layout ui={ui} title={t.title} styles={['css/firewall.css']} scripts={['js/firewall.js', NARROWS]}>
      <div id="firewall" hx-get={here} hx-trigger="firewall-changed from:body, containers-changed from:body" hx-select="#firewall" hx-swap="outerMorph" hx-sync="queue last">
        <PageHead title={t.title} facts={factsOf(ui, firewall, name)}>
          {ui.can('firewall.write') ? <Buttons ui={ui} firewall={firewall} /> : null}
        </PageHead>
        <Toolbar>
          <FirewallTabs ui={ui} current="rules" />
          <div class="row push firewall-narrow">
            <Narrow ui={ui} action="/firewall" label={t.filter} q={model.query.q} keep={{ sort: model.query.sort === 'place' ? undefined : model.query.sort, origin: model.query.origin }} />
            <Origins ui={ui} here={here} origin={model.query.origin} />
          </div>
        </Toolbar>
        <Standing ui={ui} firewall={firewall} name={name} />
        <GoneSection ui={ui} gone={firewall.gone} />
        <div class={aside ? 'split' : undefined}>
          <div class={aside ? 'split-main' : undefined}>
            <Rules ui={ui} model={model} here={here} />
            <ForwardsSection ui={ui} forwards={firewall.forwards} />
            <ZonesSection ui={ui} firewall={firewall} />
            <ProfilesSection ui={ui} firewall={firewall} />
            <ForeignSection ui={ui} firewall={firewall} />
          </div>
          {aside ? <PublishedSection ui={ui} ports={ports ?? []} published={published} /> : null}
        </div>
      </div>
      <FormDialog />
    </Layout>
  );
}

function Rules({ ui, model: { firewall, list, query, address }, here }: { ui: Ui; model: FirewallModel; here: string }) {
  return (
    <>
      <RulesTable ui={ui} firewall={firewall} shown={list.items} sort={query.sort} here={here} narrowed={Boolean(query.q || query.origin)} q={query.q} last={!list.next} address={address} />
      {list.next || query.cursor ? <Pager ui={ui} href={here} next={list.next} first={!query.cursor} shown={list.items.length} total={list.total} /> : null}
    </>
  );
}

function factsOf(ui: Ui, firewall: Firewall, name: string) {
  const t = ui.t.firewall;
  return [
    <Dot state={firewall.active ? 'ok' : 'off'}>{`${name} ${firewall.active ? t.on : t.off}`}</Dot>,
    ...(firewall.active && firewall.policies.in ? [t.policyFacts[firewall.policies.in]] : []),
    t.count({ n: ui.fmt.number(firewall.rules.length) }),
  ];
}

function Buttons({ ui, firewall }: { ui: Ui; firewall: Firewall }) {
  const t = ui.t.firewall;
  const off = (
    <a class="btn" {...asks('/firewall/disable')} aria-label={`${t.disable}…`}>
      <Icon ui={ui} name="power" />
      <span class="desktop">{t.disable}…</span>
    </a>
  );
  return (
    <>
      {firewall.active ? off : null}
      <a class={firewall.active ? 'btn primary' : 'btn'} {...asks('/firewall/rules/new')}>
        <Icon ui={ui} name="plus" />
        {t.add}
      </a>
      {firewall.active && !partlyOff(firewall) ? null : (
        <a class={firewall.active ? 'btn' : 'btn primary'} {...asks('/firewall/enable')}>
          <Icon ui={ui} name="shield" />
          {t.enable}…
        </a>
      )}
    </>
  );
}

/** How it stands, where that is not as it should be. */
function Standing({ ui, firewall: { active, boot, alsoActive, profiles }, name }: { ui: Ui; firewall: Firewall; name: string }) {
  const t = ui.t.firewall;
  const others = ui.fmt.list(alsoActive.map((one) => t.providers[one]));
  return (
    <>
      {active ? null : <Banner ui={ui} tone="warn" title={t.inactiveTitle({ name })} text={boot ? t.bootOnly : t.inactiveText} />}
      {active && !boot ? <Banner ui={ui} tone="warn" text={t.notAtBoot} /> : null}
      {partlyOff({ profiles }) ? <Banner ui={ui} tone="warn" text={t.windows.partlyOff} /> : null}
      {others ? <Banner ui={ui} text={t.alsoActive({ name, others })} /> : null}
    </>
  );
}

function Origins({ ui, here, origin }: { ui: Ui; here: string; origin: 'ours' | 'outside' | undefined }) {
  const t = ui.t.firewall;
  const base = withQuery(here, { cursor: undefined });
  const tab = (value: 'ours' | 'outside' | undefined, label: string) => ({ href: withQuery(base, { origin: value }), label, current: origin === value });
  return <Seg ui={ui} label={t.origin} tabs={[tab(undefined, t.all), tab('ours', t.origins.ours), tab('outside', t.origins.outside)]} />;
}
