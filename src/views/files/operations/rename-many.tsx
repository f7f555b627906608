import type { Renaming } from '../../../core/files/operations/rename-many.ts';
import type { FormState } from '../../../http/form.ts';
import { Field } from '../../parts/field.tsx';
import { Option } from '../../parts/option.tsx';
import { Select } from '../../parts/select.tsx';
import type { Ui } from '../../ui.ts';
import { ActionForm, ActionPage, SelectionFields } from '../action-page.tsx';
import { label } from '../label.ts';

/** Rows of a preview; the counts are of all. */
const SHOWN = 200;
const CASES = ['keep', 'lower', 'upper'] as const;

interface RenameManyProps extends FormState {
  ui: Ui;
  selection: { folder: string; names: readonly string[]; id?: string | undefined };
  plan: readonly Renaming[];
}

/** Rules for many names, and what they would make of them. */
export function RenameManyPage({ ui, selection, values, errors, plan }: RenameManyProps) {
  const t = ui.t.transfers.many;
  const field = (name: string) => ({ ui, name, value: values[name], error: errors[name] });
  return (
    <ActionPage ui={ui} title={t.title({ n: selection.names.length })} folder={selection.folder} wide>
      <ActionForm
        ui={ui} action="/files/rename-many" folder={selection.folder} submit={t.submit} errors={errors}
        buttons={<button class="btn" type="submit" name="preview" value="on">{t.refresh}</button>}
      >
        <SelectionFields selection={selection} />
        <div class="fields">
          <Field {...field('find')} label={t.find} mono autofocus maxlength={1000} />
          <Field {...field('replace')} label={t.replace} mono maxlength={1000} hint={t.replaceHint} />
        </div>
        <div class="row">
          <Option kind="check" name="regex" label={t.regex} checked={values.regex === 'on'} />
          <Option kind="check" name="matchCase" label={t.matchCase} checked={values.matchCase === 'on'} />
        </div>
        <div class="fields">
          <Field {...field('pattern')} label={t.pattern} mono maxlength={255} hint={t.patternHint} />
          <Field {...field('start')} label={t.start} type="number" min={0} max={1_000_000_000} value={values.start ?? '1'} />
          <Field {...field('digits')} label={t.digits} type="number" min={1} max={9} value={values.digits ?? '1'} />
        </div>
        <div class="fields">
          <Select ui={ui} name="letters" label={t.letters} value={values.letters ?? 'keep'} choices={CASES.map((value) => ({ value, label: t.letterCases[value] }))} />
          <Field {...field('ending')} label={t.ending} mono maxlength={100} hint={t.endingHint} />
        </div>
        <RenamePreview ui={ui} plan={plan} />
      </ActionForm>
    </ActionPage>
  );
}

/** Asks for itself again whenever a rule changes. */
export function RenamePreview({ ui, plan }: { ui: Ui; plan: readonly Renaming[] }) {
  const t = ui.t.transfers.many;
  const changing = plan.filter((item) => item.from !== item.to || item.problem);
  const bad = plan.filter((item) => item.problem).length;
  return (
    <div
      id="rename-preview" class="rename-preview" hx-post="/files/rename-many/preview" hx-include="closest form" hx-target="this" hx-swap="outerMorph" hx-sync="this:replace"
      hx-trigger="input from:'closest form' delay:300ms, change from:'closest form' delay:300ms"
    >
      <p role="status" class={bad ? 'error' : 'muted'}>
        {changing.length ? t.counts({ n: changing.length - bad, bad }) : t.none} {plan.length > SHOWN ? t.shown({ n: SHOWN }) : ''}
      </p>
      <table class="table">
        <caption class="vh">{t.preview}</caption>
        <thead>
          <tr>
            <th scope="col">{t.before}</th>
            <th scope="col">{t.after}</th>
          </tr>
        </thead>
        <tbody>
          {plan.slice(0, SHOWN).map((item) => (
            <tr>
              <td class="mono"><bdi>{label(item.from)}</bdi></td>
              <td class="mono">
                {item.from === item.to && !item.problem ? <span class="muted">{t.same}</span> : <bdi>{label(item.to)}</bdi>}
                {item.problem ? <span class="error"> · {t.problems[item.problem]}</span> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
