import type { GuardSettings } from '../../../core/guard/guard.ts';
import { stepsText } from '../../../core/guard/steps.ts';
import type { GuardState } from '../../../core/guard/watch.ts';
import type { GuardSource } from '../../../core/settings/settings.ts';
import type { FormState } from '../../../http/form.ts';
import { Field } from '../../parts/field.tsx';
import { FormErrors } from '../../parts/form-errors.tsx';
import { Option, Switch } from '../../parts/option.tsx';
import type { Ui } from '../../ui.ts';

/** What was typed, else what is kept. A form that came back has all of its fields but the boxes that are not ticked. */
export function GuardForm({ ui, settings, sources, state, form: { values, errors } }: { ui: Ui; settings: GuardSettings; sources: readonly GuardSource[]; state: GuardState; form: FormState }) {
  const t = ui.t.guard;
  const came = Object.keys(values).length > 0;
  const disabled = !ui.can('guard.write');
  const ticked = (name: string, kept: boolean) => (came ? values[name] === 'on' : kept);
  return (
    <form method="post" action="/firewall/guard" class="form narrow" autocomplete="off">
      <FormErrors ui={ui} errors={errors} />
      <Switch name="on" label={t.on} note={t.onNote} checked={ticked('on', settings.guardOn)} disabled={disabled} />
      <fieldset class="field">
        <legend class="label">{t.sources}</legend>
        {sources.map((source) => (
          <Option
            name={source} label={t.source[source]} disabled={disabled} checked={ticked(source, settings.guardSources.includes(source))}
            note={settings.guardOn ? [t.states[state.sources.get(source) ?? 'off'], t.failuresSeen({ n: ui.fmt.number(state.failures.get(source) ?? 0) })].join(' · ') : undefined}
          />
        ))}
      </fieldset>
      <div class="cols-2">
        <Field ui={ui} name="failures" label={t.failures} type="number" min={2} max={1000} value={values.failures ?? settings.guardFailures} error={errors.failures} disabled={disabled} required />
        <Field ui={ui} name="minutes" label={t.minutes} type="number" min={1} max={1440} value={values.minutes ?? settings.guardMinutes} error={errors.minutes} disabled={disabled} required />
      </div>
      <p class="small muted">{t.failuresHint}</p>
      <Field ui={ui} name="steps" label={t.steps} value={values.steps ?? stepsText(settings.guardSteps)} hint={t.stepsHint} error={errors.steps} disabled={disabled} required mono maxlength={100} />
      <Field ui={ui} name="allow" label={t.allow} value={values.allow ?? settings.neverBlocked.join('\n')} hint={t.allowHint} error={errors.allow} disabled={disabled} mono rows={4} placeholder={'198.51.100.0/24\n2001:db8::/48'} />
      {disabled ? null : (
        <div class="btns">
          <button class="btn primary" type="submit">
            {t.save}
          </button>
        </div>
      )}
    </form>
  );
}
