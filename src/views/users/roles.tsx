import { ROLES } from '../../db/schema/users.ts';
import { FieldNotes } from '../parts/field.tsx';
import { Option } from '../parts/option.tsx';
import type { Ui } from '../ui.ts';

/** The three roles, least first, each with what it may do. */
export function RoleField({ ui, value, error, hideLabel }: { ui: Ui; value: string; error?: string; hideLabel?: boolean }) {
  return (
    <fieldset class="field" aria-describedby={error ? 'f-role-error' : undefined}>
      <legend class={hideLabel ? 'vh' : 'label'}>{ui.t.users.role}</legend>
      <div class="choices" id="f-role">
        {[...ROLES].reverse().map((role) => (
          <Option name="role" kind="radio" value={role} label={ui.t.shell.roles[role] ?? role} note={ui.t.users.roleNotes[role]} checked={role === value} />
        ))}
      </div>
      <FieldNotes ui={ui} id="f-role" error={error} />
    </fieldset>
  );
}
