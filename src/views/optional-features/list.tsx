import { FEATURE_LISTS, isPending } from '../../core/optional-features/optional-features.ts';
import type { FeatureList, FeatureState, OptionalFeature, OptionalFeatures } from '../../platform/optional-features.ts';
import { FormDialog } from '../form/dialog.tsx';
import { NARROWS, Narrow, Nothing } from '../docker/narrow.tsx';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Empty } from '../parts/empty.tsx';
import { Dot, type State } from '../parts/mark.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Toolbar, withQuery } from '../parts/table.tsx';
import { Seg } from '../parts/tabs.tsx';
import type { Ui } from '../ui.ts';

export const FEATURES = '/optional-features';
/** The first one is that of the address without a word about it. */
const named = (list: FeatureList) => (list === 'optional' ? undefined : list);
export const listPath = (list: FeatureList) => withQuery(FEATURES, { list: named(list) });
export const featurePath = (list: FeatureList, name: string) => `${FEATURES}/${list}/${encodeURIComponent(name)}`;
export const DOTS: Record<FeatureState, State> = { on: 'ok', off: 'off', absent: 'off', 'turning-on': 'busy', 'turning-off': 'busy', partly: 'warn', other: 'warn' };

interface ListProps {
  ui: Ui;
  model: OptionalFeatures & { total: number; pending: number };
  query: { q: string; list: FeatureList; only?: 'on' | 'off' | undefined };
}

export function OptionalFeaturesPage({ ui, model, query }: ListProps) {
  const t = ui.t.optionalFeatures;
  const here = ui.here ?? FEATURES;
  const { features, total } = model;
  const words = { noneTitle: t.noneShown, clear: t.clear };
  return (
    <Layout ui={ui} title={t.title} styles={['css/code.css', 'css/system.css']} scripts={['js/registry.js', NARROWS]}>
      <div id="optional-features" hx-get={here} hx-trigger="containers-changed from:body" hx-select="#optional-features" hx-swap="outerMorph" hx-sync="queue last">
        <PageHead title={t.title} facts={[t.count({ shown: ui.fmt.number(features.length), n: ui.fmt.number(total) })]} />
        {model.whole ? null : <Banner ui={ui} tone="warn" text={t.notWhole} />}
        {model.pending ? <Banner ui={ui} tone="warn" text={t.pending({ n: model.pending })}>{ui.can('system.write') ? <a class="btn sm" href="/system/power">{t.toRestart}</a> : null}</Banner> : null}
        <Toolbar>
          <Narrow ui={ui} action={FEATURES} label={t.filter} q={query.q} keep={{ list: named(query.list), only: query.only }} />
          <Seg ui={ui} push label={t.list} tabs={FEATURE_LISTS.filter((list) => list !== 'server' || model.server).map((list) => ({ href: withQuery(here, { list: named(list) }), label: t.lists[list], current: query.list === list }))} />
          <Seg ui={ui} label={t.view} tabs={[
            { href: withQuery(here, { only: undefined }), label: t.all, current: query.only === undefined },
            { href: withQuery(here, { only: 'on' }), label: t.on, current: query.only === 'on' },
            { href: withQuery(here, { only: 'off' }), label: t.off, current: query.only === 'off' },
          ]} />
        </Toolbar>
        {features.length === 0 ? <Nothing ui={ui} icon="windows" href={listPath(query.list)} words={words} narrowed={Boolean(query.q || query.only)} q={query.q} /> : <Table ui={ui} features={features} list={query.list} />}
      </div>
      <FormDialog wide />
    </Layout>
  );
}

function Table({ ui, features, list }: { ui: Ui; features: readonly OptionalFeature[]; list: FeatureList }) {
  const t = ui.t.optionalFeatures;
  const titles = new Map(features.map(({ name, title }) => [name, title]));
  return (
    <table class="table sticky named-list">
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          <th scope="col">{t.feature}</th>
          <th scope="col">{t.state}</th>
          {list === 'server' ? <th scope="col" class="mid">{t.parent}</th> : null}
          <th scope="col" class="mid">{t.name}</th>
        </tr>
      </thead>
      <tbody>
        {features.map((feature) => (
          <tr data-href={featurePath(list, feature.name)} tabindex={0}>
            <td><a href={featurePath(list, feature.name)}><b>{feature.title}</b></a></td>
            <td class="nowrap"><Dot state={DOTS[feature.state]}>{isPending(feature) ? <b>{t.states[feature.state]}</b> : t.states[feature.state]}</Dot></td>
            {list === 'server' ? <td class="mid soft">{feature.parent ? (titles.get(feature.parent) ?? feature.parent) : '–'}</td> : null}
            <td class="mid soft mono xs wrap">{feature.name}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** No Windows: said. */
export function NoOptionalFeaturesPage({ ui, text }: { ui: Ui; text: string }) {
  return (
    <Layout ui={ui} title={ui.t.optionalFeatures.title}>
      <Empty ui={ui} icon="windows" level={1} title={ui.t.optionalFeatures.noneTitle} text={text} />
    </Layout>
  );
}
