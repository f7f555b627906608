import type { Names } from '../../core/metrics/choice.ts';
import { Option } from '../parts/option.tsx';
import type { Ui } from '../ui.ts';
import { SettingsForm } from './form.tsx';
import type { Fields } from './undo.tsx';

/** The choice as the form sends it. */
export function shownFields({ interfaces, disks, mounts }: Names): Fields {
  const ticked = (name: string, rows: readonly { shown: boolean; value: string }[]) => rows.filter((row) => row.shown).map((row) => [name, row.value] as const);
  const named = (rows: Names['disks']) => rows.map(({ name, shown }) => ({ shown, value: name }));
  return [
    ...ticked('interfaces', named(interfaces)),
    ...ticked('disks', named(disks)),
    ...ticked('mounts', mounts.map(({ path, shown }) => ({ shown, value: path }))),
  ];
}

/** Which interfaces, disks and file systems count. */
export function ShownSettings({ ui, names }: { ui: Ui; names: Names }) {
  const t = ui.t.settings.shown;
  const mounts = names.mounts.map(({ path, shown }) => ({ name: path, shown, byDefault: true }));
  return (
    <SettingsForm ui={ui} id="shown" title={t.title} note={t.note} state={{ values: {}, errors: {} }} save={t.save}>
      <Choice ui={ui} name="interfaces" legend={t.interfaces} rows={names.interfaces} />
      <Choice ui={ui} name="disks" legend={t.disks} rows={names.disks} />
      <Choice ui={ui} name="mounts" legend={t.mounts} rows={mounts} />
    </SettingsForm>
  );
}

function Choice({ ui, name, legend, rows }: { ui: Ui; name: string; legend: string; rows: Names['disks'] }) {
  const t = ui.t.settings.shown;
  return (
    <fieldset class="field">
      <legend class="label">{legend}</legend>
      {rows.length === 0 ? <p class="small muted">{t.none}</p> : null}
      {rows.map((row) => (
        <Option name={name} value={row.name} label={<code>{row.name}</code>} checked={row.shown} note={row.byDefault ? undefined : t.unusual} />
      ))}
    </fieldset>
  );
}
