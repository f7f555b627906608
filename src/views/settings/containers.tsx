import type { SettingsValues } from '../../core/settings/change.ts';
import { CHECKS } from '../../core/settings/settings.ts';
import { dayText, hourText } from '../containers/updates/words.ts';
import { Switch } from '../parts/option.tsx';
import { Select } from '../parts/select.tsx';
import type { Ui } from '../ui.ts';
import { SettingsForm, type SettingsFormState } from './form.tsx';

interface Props {
  ui: Ui;
  values: SettingsValues;
  state?: SettingsFormState;
}

const KEPT: SettingsFormState = { values: {}, errors: {} };
const numbers = (n: number) => Array.from({ length: n }, (_, i) => i);

/** When registries are asked for newer images, and what happens then. */
export function ContainersSettings({ ui, values, state = KEPT }: Props) {
  const t = ui.t.settings.containers;
  const select = (name: 'containerChecks' | 'containerCheckHour' | 'containerCheckDay', label: string, choices: { value: string; label: string }[], hint?: string) => {
    const error = state.errors[name];
    return <Select ui={ui} name={name} label={label} choices={choices} value={state.values[name] ?? String(values[name])} {...(hint ? { hint } : {})} {...(error ? { error } : {})} />;
  };
  return (
    <SettingsForm ui={ui} id="containers" title={t.title} note={t.note} state={state} save={t.save}>
      {select('containerChecks', t.checks, CHECKS.map((value) => ({ value, label: t.everies[value]! })))}
      <div class="cols-2">
        {select('containerCheckHour', t.hour, numbers(24).map((hour) => ({ value: String(hour), label: hourText(hour) })), t.hourHint)}
        {select('containerCheckDay', t.day, numbers(7).map((day) => ({ value: String(day), label: dayText(ui.lang, day) })), t.dayHint)}
      </div>
      <Switch name="containerUpdates" label={t.update} note={t.updateNote} checked={values.containerUpdates} />
      <p class="small">
        <a class="link" href="/containers/updates">{t.toUpdates}</a>
      </p>
    </SettingsForm>
  );
}
