import type { Child } from 'hono/jsx';
import type { Ui } from '../ui.ts';
import { describedBy, fieldId, FieldNotes } from './field.tsx';
import { Icon } from './icon.tsx';

export interface Choice {
  value: string;
  label: string;
  disabled?: boolean;
}

interface SelectProps {
  ui: Ui;
  name: string;
  label: string;
  choices: readonly Choice[];
  value?: string | null;
  id?: string;
  hint?: Child;
  error?: string;
  hideLabel?: boolean;
  disabled?: boolean;
  required?: boolean;
  attrs?: Record<string, string | boolean | undefined>;
}

/** One of a list, drawn by the browser. */
export function Select({
  ui,
  name,
  label,
  choices,
  value,
  hint,
  error,
  hideLabel,
  disabled,
  required,
  attrs,
  ...p
}: SelectProps) {
  const id = p.id ?? fieldId(name);
  return (
    <div class="field">
      <label for={id} class={hideLabel ? 'vh' : undefined}>
        {label}
      </label>
      <span class="select">
        <select
          id={id}
          name={name}
          disabled={disabled}
          required={required}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={describedBy(id, hint, error)}
          {...attrs}
        >
          {choices.map((choice) => (
            <option value={choice.value} selected={choice.value === value} disabled={choice.disabled}>
              {choice.label}
            </option>
          ))}
        </select>
        <Icon ui={ui} name="chevron-down" />
      </span>
      <FieldNotes ui={ui} id={id} hint={hint} error={error} />
    </div>
  );
}
