import { isOfPanel, isOn } from '../../core/optional-features/optional-features.ts';
import type { FormState } from '../../http/form.ts';
import type { FeatureList, OptionalFeatureDetails } from '../../platform/optional-features.ts';
import { asks, FormDialog } from '../form/dialog.tsx';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { Kv } from '../parts/kv.tsx';
import { Dot } from '../parts/mark.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { DOTS, featurePath, listPath } from './list.tsx';

export function OptionalFeaturePage({ ui, list, feature }: { ui: Ui; list: FeatureList; feature: OptionalFeatureDetails }) {
  const t = ui.t.optionalFeatures;
  const here = featurePath(list, feature.name);
  const on = isOn(feature);
  const kept = on && isOfPanel(feature.name);
  const links = (names: readonly string[]) => (names.length ? names.map((name, i) => <>{i ? ', ' : ''}<a href={featurePath(list, name)}>{name}</a></>) : null);
  return (
    <Layout ui={ui} title={feature.title} styles={['css/code.css', 'css/system.css']} scripts={['js/registry.js']}>
      <div id="optional-feature" hx-get={here} hx-trigger="form-done from:body" hx-select="#optional-feature" hx-swap="outerMorph">
        <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: listPath(list), label: list === 'optional' ? t.title : t.lists[list] }]} title={feature.title}>
          {ui.can('optional_features.write') && !kept ? (
            <a class="btn" {...asks(`${here}/${on ? 'disable' : 'enable'}`)}>
              <Icon ui={ui} name={on ? 'stop' : 'check'} />
              {on ? t.turnOff : t.turnOn}
            </a>
          ) : null}
        </CrumbsHead>
        {kept ? <Banner ui={ui} text={t.ofPanel({ name: feature.name })} /> : null}
        <Section id="about" title={t.feature} {...(list === 'optional' ? { note: t.notTold } : {})}>
          <Kv
            rows={[
              [t.name, <code class="xs wrap">{feature.name}</code>],
              [t.state, <Dot state={DOTS[feature.state]}>{t.states[feature.state]}</Dot>],
              [t.description, feature.description],
              [t.restart, feature.restart ? t.restarts[feature.restart] : t.afterwards],
              [t.parent, feature.parent ? links([feature.parent]) : null],
              [t.needs, links(feature.needs)],
              [t.holds, links(feature.holds)],
            ]}
          />
        </Section>
      </div>
      <FormDialog wide />
    </Layout>
  );
}

export function TurnOffFields({ ui, name, state: { values, errors } }: { ui: Ui; name: string; state: FormState }) {
  return <Field ui={ui} name="confirm" label={ui.t.optionalFeatures.typeName({ name })} value={values.confirm ?? ''} mono required autofocus {...(errors.confirm ? { error: errors.confirm } : {})} />;
}
