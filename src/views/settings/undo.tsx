import type { SettingsValues } from '../../core/settings/change.ts';
import { ToastFragment } from '../parts/toast.tsx';
import type { Ui } from '../ui.ts';

/** A form's fields; a name that is ticked several times is there several times. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** As a browser would send them: a switch that is off sends nothing. */
export const fieldsOf = (values: Partial<SettingsValues>): Fields =>
  Object.entries(values).flatMap(([name, value]) => (value === false ? [] : [[name, value === true ? 'on' : Array.isArray(value) ? value.join('\n') : String(value)] as const]));

/** Says that a group is saved, and takes it back: its own form once more, with what was kept before. */
export function SavedToast({ ui, id, before }: { ui: Ui; id: string; before: Fields }) {
  const action = `/settings/${id}`;
  return (
    <ToastFragment ui={ui} about={action} title={ui.t.settings.saved}>
      <form method="post" action={action} hx-post={action} hx-target={`#${id}`} hx-swap="outerHTML">
        {before.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <button class="btn sm" type="submit">
          {ui.t.parts.undo}
        </button>
      </form>
    </ToastFragment>
  );
}
