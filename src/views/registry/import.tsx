import type { RegistryChange } from '../../core/registry/journal.ts';
import type { Plan } from '../../core/registry/plan.ts';
import type { RegistryView } from '../../platform/registry.ts';
import { Layout } from '../layout.tsx';
import { Field } from '../parts/field.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { SegField } from '../parts/tabs.tsx';
import type { Ui } from '../ui.ts';
import { PlanTable } from './plan.tsx';

const STYLES = ['css/registry.css'];

export function ImportPage({ ui, errors = {}, text = '' }: { ui: Ui; errors?: Readonly<Record<string, string>>; text?: string }) {
  const t = ui.t.registry;
  return (
    <Layout ui={ui} title={t.importTitle} styles={STYLES}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/registry', label: t.title }]} title={t.importTitle} />
      <div class="section">
        <form method="post" action="/registry/import/plan" enctype="multipart/form-data" class="form narrow" autocomplete="off">
          <FormErrors ui={ui} errors={errors} />
          <p class="small muted">{t.importText}</p>
          <div class="field">
            <label for="f-file">{t.file}</label>
            <input class="input" type="file" id="f-file" name="file" accept=".reg" />
            {errors.file ? <p class="error">{errors.file}</p> : null}
          </div>
          <Field ui={ui} name="text" label={t.fileText} value={text} rows={10} mono optional />
          <SegField name="view" label={t.view} value="64" choices={[64, 32].map((n) => ({ value: String(n), label: t.bits({ n }) }))} />
          <div class="btns">
            <a class="btn" href="/registry">{ui.t.parts.cancel}</a>
            <button class="btn primary" type="submit">{t.look}</button>
          </div>
        </form>
      </div>
    </Layout>
  );
}

interface PlanPageProps {
  ui: Ui;
  title: string;
  lead?: string;
  plan: Plan;
  action: string;
  submit: string;
  back: string;
  /** Sent along with the digest. */
  fields: Readonly<Record<string, string>>;
  error?: string;
}

/** What would become different, and the button that does it: for an import and for an undo. */
export function PlanPage({ ui, title, lead, plan, action, submit, back, fields, error }: PlanPageProps) {
  const t = ui.t.registry;
  const same = plan.rows.length - plan.changes;
  return (
    <Layout ui={ui} title={title} styles={STYLES}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/registry', label: t.title }]} title={title} />
      <Section id="plan" title={t.planTitle} note={t.planCount({ n: ui.fmt.number(plan.changes), same: ui.fmt.number(same) })} flush>
        {lead ? <p class="lead-note">{lead}</p> : null}
        <PlanTable ui={ui} plan={plan} />
      </Section>
      <form method="post" action={action} class="savebar">
        <FormErrors ui={ui} errors={error ? { '': error } : {}} />
        {Object.entries({ ...fields, digest: plan.digest }).map(([name, value]) => <input type="hidden" name={name} value={value} />)}
        <div class="btns push">
          <a class="btn" href={back}>{ui.t.parts.cancel}</a>
          {plan.changes ? <button class="btn primary" type="submit">{submit}</button> : null}
        </div>
      </form>
    </Layout>
  );
}

export const importFields = (file: string, view: RegistryView) => ({ file, view: String(view) });
export const undoTitle = (ui: Ui, change: RegistryChange) => ui.t.registry.undoTitle({ what: ui.t.registry.done[change.action], path: change.path });
