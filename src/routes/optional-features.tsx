import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { changeFeature, FeatureFilter, FeatureName, ListName, listFeatures, needTyped, planFeature, readFeature } from '../core/optional-features/optional-features.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { readQuery } from '../http/list.ts';
import { askPlanned, pathPart, sendPlanned, type PlannedForm } from '../http/planned.tsx';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { featurePath, NoOptionalFeaturesPage, OptionalFeaturesPage } from '../views/optional-features/list.tsx';
import { OptionalFeaturePage, TurnOffFields } from '../views/optional-features/one.tsx';

const PATH = '/optional-features';
const Form = z.object({ confirm: z.string().max(200).default('') });

/** Parts of Windows that can be turned on and off. */
export function optionalFeatures(app: App) {
  const r = new Hono<Env>();

  r.get(PATH, allow('optional_features.read'), async (c) => {
    const ui = uiOf(c);
    const refusal = app.host.optionalFeatures.refusal();
    if (refusal) return page(c, <NoOptionalFeaturesPage ui={ui} text={refusal(ui.t)} />);
    const query = readQuery(c, FeatureFilter);
    return page(c, <OptionalFeaturesPage ui={ui} model={await listFeatures(app, actorOf(c), query)} query={query} />);
  });

  const partsOf = (c: Context<Env>) => ({ list: pathPart(c, 'list', ListName), name: pathPart(c, 'name', FeatureName) });

  r.get(`${PATH}/:list/:name`, allow('optional_features.read'), async (c) => {
    const { list, name } = partsOf(c);
    return page(c, <OptionalFeaturePage ui={uiOf(c)} list={list} feature={await readFeature(app, actorOf(c), list, name)} />);
  });

  const form = (c: Context<Env>, on: boolean): PlannedForm<typeof Form> => {
    const ui = uiOf(c);
    const { list, name } = partsOf(c);
    const words = ui.t.optionalFeatures.asks[on ? 'on' : 'off'];
    return {
      schema: Form, title: words.title({ name }), submit: words.submit, danger: !on, lead: words.text, back: { href: featurePath(list, name), label: name },
      fields: on ? null : (state) => <TurnOffFields ui={ui} name={name} state={state} />,
      async plan({ confirm }) {
        needTyped({ name, on, confirm });
        return planFeature(app, actorOf(c), { list, name, on });
      },
      apply: ({ confirm }, seen) => changeFeature(app, actorOf(c), { list, name, on, confirm }, seen),
      done: () => '',
    };
  };
  r.get(`${PATH}/:list/:name/enable`, allow('optional_features.write'), (c) => askPlanned(c, form(c, true)));
  r.post(`${PATH}/:list/:name/enable`, allow('optional_features.write'), (c) => sendPlanned(c, form(c, true)));
  r.get(`${PATH}/:list/:name/disable`, allow('optional_features.write'), (c) => askPlanned(c, form(c, false)));
  r.post(`${PATH}/:list/:name/disable`, allow('optional_features.write'), (c) => sendPlanned(c, form(c, false)));

  return r;
}
