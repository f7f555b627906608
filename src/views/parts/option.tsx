import type { Child } from 'hono/jsx';

interface OptionProps {
  name: string;
  label: Child;
  /** `switch` for settings that act at once or on/off, `check` in forms, `radio` for one of a few. */
  kind?: 'switch' | 'check' | 'radio';
  value?: string;
  checked?: boolean;
  disabled?: boolean;
  /** Below the label, quieter. */
  note?: Child;
  attrs?: Record<string, string | boolean | undefined>;
}

/** A control with its label beside it. Unchecked boxes send nothing: schemas say so. */
export function Option({ name, label, kind = 'check', value = 'on', checked, disabled, note, attrs }: OptionProps) {
  return (
    <label class="option">
      <input
        type={kind === 'radio' ? 'radio' : 'checkbox'}
        class={kind}
        role={kind === 'switch' ? 'switch' : undefined}
        name={name}
        value={value}
        checked={checked}
        disabled={disabled}
        {...attrs}
      />
      <span>
        {label}
        {note ? <small>{note}</small> : null}
      </span>
    </label>
  );
}

/** A setting that is on or off. */
export function Switch(props: Omit<OptionProps, 'kind'>) {
  return <Option {...props} kind="switch" />;
}
