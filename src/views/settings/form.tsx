import type { Child } from 'hono/jsx';
import { Field } from '../parts/field.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';

/** What was typed and what is wrong with it; empty while the form shows what is kept. */
export interface SettingsFormState {
  values: Record<string, string>;
  errors: Record<string, string>;
}

interface SettingsFormProps {
  ui: Ui;
  /** Its section, and the end of its address. */
  id: string;
  title: string;
  note?: string;
  state: SettingsFormState;
  save: string;
  children?: Child;
}

/** One group of settings that is saved by itself: its answer is this section again. */
export function SettingsForm({ ui, id, title, note, state, save, children }: SettingsFormProps) {
  const action = `/settings/${id}`;
  return (
    <Section id={id} title={title} note={note}>
      <form class="form" method="post" action={action} hx-post={action} hx-target={`#${id}`} hx-swap="outerHTML">
        <FormErrors ui={ui} errors={state.errors} />
        {children}
        <div class="btns">
          <button class="btn" type="submit" disabled={!ui.can('settings.write')}>
            {save}
          </button>
        </div>
      </form>
    </Section>
  );
}

interface WholeProps {
  ui: Ui;
  name: string;
  label: string;
  hint?: string;
  value: number;
  state: SettingsFormState;
  /** Its unit. */
  after?: string;
  min?: number;
}

/** A whole number. */
export function Whole({ ui, name, label, hint, value, state, after, min = 0 }: WholeProps) {
  const error = state.errors[name];
  return (
    <Field ui={ui} name={name} label={label} type="number" inputmode="numeric" min={min} step={1} value={state.values[name] ?? String(value)}
      {...(after ? { after } : {})} {...(hint ? { hint } : {})} {...(error ? { error } : {})} required />
  );
}

/** A number of days. */
export function Days({ ui, name, label, hint, value, state }: { ui: Ui; name: string; label: string; hint?: string; value: number; state: SettingsFormState }) {
  const error = state.errors[name];
  return (
    <Field ui={ui} name={name} label={label} type="number" inputmode="numeric" min={1} step={1} value={state.values[name] ?? String(value)} after={ui.t.settings.days}
      {...(hint ? { hint } : {})} {...(error ? { error } : {})} required />
  );
}
