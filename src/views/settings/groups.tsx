import type { SettingsValues } from '../../core/settings/change.ts';
import { Switch } from '../parts/option.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { Days, SettingsForm, Whole, type SettingsFormState } from './form.tsx';

interface GroupProps {
  ui: Ui;
  values: SettingsValues;
  state?: SettingsFormState;
}

const KEPT: SettingsFormState = { values: {}, errors: {} };

export function HistorySettings({ ui, values, state = KEPT }: GroupProps) {
  const t = ui.t.settings.history;
  return (
    <SettingsForm ui={ui} id="history" title={t.title} note={t.note} state={state} save={t.save}>
      <Days ui={ui} name="historyDays10s" label={t.fine} hint={t.fineHint} value={values.historyDays10s} state={state} />
      <Days ui={ui} name="historyDays1m" label={t.middle} hint={t.middleHint} value={values.historyDays1m} state={state} />
      <Days ui={ui} name="historyDays15m" label={t.coarse} hint={t.coarseHint} value={values.historyDays15m} state={state} />
    </SettingsForm>
  );
}

export function RetentionSettings({ ui, values, state = KEPT }: GroupProps) {
  const t = ui.t.settings.retention;
  return (
    <SettingsForm ui={ui} id="retention" title={t.title} note={t.note} state={state} save={t.save}>
      <Days ui={ui} name="auditDays" label={t.audit} value={values.auditDays} state={state} />
      <Days ui={ui} name="taskDays" label={t.tasks} value={values.taskDays} state={state} />
    </SettingsForm>
  );
}

export function ArmedSettings({ ui, values, state = KEPT }: GroupProps) {
  const t = ui.t.settings.armed;
  return (
    <SettingsForm ui={ui} id="armed-changes" title={t.title} note={t.note} state={state} save={t.save}>
      <Whole ui={ui} name="armedSeconds" label={t.after} hint={t.hint} value={values.armedSeconds} state={state} after={t.seconds} min={5} />
    </SettingsForm>
  );
}

export function UpdateSettings({ ui, values, state = KEPT, url }: GroupProps & { url: string | undefined }) {
  const t = ui.t.settings.updates;
  if (!url) {
    return (
      <Section id="updates" title={t.title} note={t.offNote}>
        <p class="small soft">{t.noAddress}</p>
      </Section>
    );
  }
  return (
    <SettingsForm ui={ui} id="updates" title={t.title} note={t.offNote} state={state} save={t.save}>
      <Switch name="updateCheck" label={t.check} note={t.checkNote({ url })} checked={values.updateCheck} />
    </SettingsForm>
  );
}
