import type { SettingsValues } from '../../core/settings/change.ts';
import { Field } from '../parts/field.tsx';
import { Switch } from '../parts/option.tsx';
import type { Ui } from '../ui.ts';
import { SettingsForm, type SettingsFormState } from './form.tsx';

interface Props {
  ui: Ui;
  values: SettingsValues;
  state?: SettingsFormState;
}

const KEPT: SettingsFormState = { values: {}, errors: {} };

/** Where each role may go in the file manager, and what is kept for how long. */
export function FilesSettings({ ui, values, state = KEPT }: Props) {
  const t = ui.t.settings.files;
  const { days } = ui.t.settings;
  const roots = { ui, values, state };
  return (
    <SettingsForm ui={ui} id="files" title={t.title} note={t.note} state={state} save={t.save}>
      <Roots {...roots} name="filesRootsAdmin" label={t.rootsAdmin} hint={t.rootsHint} />
      <Roots {...roots} name="filesRootsOperator" label={t.rootsOperator} hint={t.rootsHint} />
      <Roots {...roots} name="filesRootsViewer" label={t.rootsViewer} hint={t.rootsViewerHint} />
      <Count {...roots} name="trashDays" label={t.trash} hint={t.trashHint} after={days} />
      <Count {...roots} name="versionsKept" label={t.versions} hint={t.versionsHint} after={t.saves} />
      <Count {...roots} name="versionsMiB" label={t.versionsMiB} after="MiB" />
      <Count {...roots} name="uploadHours" label={t.upload} after={t.hours} min={1} />
      <Count {...roots} name="uploadGiB" label={t.uploadGiB} hint={t.uploadGiBHint} after="GiB" />
      <Switch name="fetchPrivate" label={t.fetchPrivate} note={t.fetchPrivateNote} checked={values.fetchPrivate} />
    </SettingsForm>
  );
}

type RootsName = 'filesRootsAdmin' | 'filesRootsOperator' | 'filesRootsViewer';

function Roots({ ui, values, state = KEPT, name, label, hint }: Props & { name: RootsName; label: string; hint: string }) {
  const error = state.errors[name];
  const text = state.values[name] ?? values[name].join('\n');
  return <Field ui={ui} name={name} label={label} hint={hint} value={text} rows={Math.min(10, Math.max(2, text.split('\n').length))} mono {...(error ? { error } : {})} />;
}

type CountName = 'trashDays' | 'versionsKept' | 'versionsMiB' | 'uploadHours' | 'uploadGiB';

function Count({ ui, values, state = KEPT, name, label, hint, after, min = 0 }: Props & { name: CountName; label: string; hint?: string; after: string; min?: number }) {
  const error = state.errors[name];
  return (
    <Field ui={ui} name={name} label={label} type="number" inputmode="numeric" min={min} step={1} value={state.values[name] ?? String(values[name])} after={after}
      {...(hint ? { hint } : {})} {...(error ? { error } : {})} required />
  );
}
