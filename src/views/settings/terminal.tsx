import type { SettingsValues } from '../../core/settings/change.ts';
import { RECORDING_POLICIES } from '../../core/settings/settings.ts';
import { Select } from '../parts/select.tsx';
import type { Ui } from '../ui.ts';
import { SettingsForm, Whole, type SettingsFormState } from './form.tsx';

interface Props {
  ui: Ui;
  values: SettingsValues;
  state?: SettingsFormState;
}

const KEPT: SettingsFormState = { values: {}, errors: {} };

/** How many terminals there may be, how long they stay, and what is recorded. */
export function TerminalSettings({ ui, values, state = KEPT }: Props) {
  const t = ui.t.settings.terminal;
  const error = state.errors.terminalRecording;
  const choices = RECORDING_POLICIES.map((value) => ({ value, label: t.recordings[value]! }));
  return (
    <SettingsForm ui={ui} id="terminal" title={t.title} note={t.note} state={state} save={t.save}>
      <Whole ui={ui} name="terminalsMost" label={t.most} value={values.terminalsMost} state={state} min={1} />
      <Select ui={ui} name="terminalRecording" label={t.recording} hint={t.recordingHint} choices={choices} value={state.values.terminalRecording ?? values.terminalRecording} {...(error ? { error } : {})} />
      <Whole ui={ui} name="terminalRecordingDays" label={t.days} hint={t.daysHint} value={values.terminalRecordingDays} state={state} after={ui.t.settings.days} />
      <Whole ui={ui} name="terminalRecordingMiB" label={t.room} hint={t.roomHint} value={values.terminalRecordingMiB} state={state} after="MiB" />
      <Whole ui={ui} name="terminalIdleHours" label={t.idle} hint={t.idleHint} value={values.terminalIdleHours} state={state} after={t.hours} />
    </SettingsForm>
  );
}
