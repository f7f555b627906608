import type { Child } from 'hono/jsx';
import type { Ui } from '../ui.ts';
import { Icon, type IconName } from './icon.tsx';

interface FieldProps {
  ui: Ui;
  /** The form's name of it; the id is made from it unless given. */
  name: string;
  label: string;
  id?: string;
  type?: 'text' | 'password' | 'email' | 'number' | 'search' | 'url' | 'date' | 'datetime-local' | 'file';
  value?: string | number | null;
  hint?: Child;
  /** What is wrong and what is accepted: replaces the hint, marks the input, is read out with it. */
  error?: string;
  optional?: boolean;
  required?: boolean;
  autofocus?: boolean;
  disabled?: boolean;
  readonly?: boolean;
  /** For names, paths, addresses, keys. */
  mono?: boolean;
  hideLabel?: boolean;
  /** Text or icon before the input, unit after it. */
  before?: string;
  icon?: IconName;
  after?: string;
  /** Buttons at the end, inside the frame. */
  end?: Child;
  placeholder?: string;
  autocomplete?: string;
  inputmode?: 'text' | 'numeric' | 'decimal' | 'email' | 'url' | 'search' | 'none';
  pattern?: string;
  min?: number | string;
  max?: number | string;
  step?: number | string;
  minlength?: number;
  maxlength?: number;
  rows?: number;
  class?: string;
  /** More attributes for the input: `data-…`, `hx-…`. */
  attrs?: Record<string, string | boolean | undefined>;
}

/** Label, input, hint, error: one text to enter. `rows` makes it a textarea. */
export function Field(props: FieldProps) {
  const { ui, name, label, hint, error, optional, hideLabel } = props;
  const id = props.id ?? fieldId(name);
  const framed = props.before ?? props.after ?? props.icon ?? props.end;
  return (
    <div class="field">
      <label for={id} class={hideLabel ? 'vh' : undefined}>
        {label}
        {optional ? <span class="muted"> {ui.t.parts.optional}</span> : null}
      </label>
      {framed ? (
        <div class="affix">
          {props.icon ? <Icon ui={ui} name={props.icon} /> : null}
          {props.before ? <span>{props.before}</span> : null}
          <Input {...props} id={id} />
          {props.after ? <span>{props.after}</span> : null}
          {props.end}
        </div>
      ) : (
        <Input {...props} id={id} />
      )}
      <FieldNotes ui={ui} id={id} hint={hint} error={error} />
    </div>
  );
}

/** `user.name` → `f-user-name`: what a summary of errors links to. */
export const fieldId = (name: string) => `f-${name.replace(/[^\w-]+/g, '-')}`;

/** Ids of the notes below a control, for aria-describedby. */
export const describedBy = (id: string, hint: unknown, error: string | undefined) =>
  error ? `${id}-error` : hint ? `${id}-hint` : undefined;

/** The hint, or in its place what is wrong. */
export function FieldNotes({ ui, id, hint, error }: { ui: Ui; id: string; hint?: Child; error?: string | undefined }) {
  if (error) {
    return (
      <p class="error" id={`${id}-error`}>
        <Icon ui={ui} name="alert" />
        <span>{error}</span>
      </p>
    );
  }
  return hint ? (
    <p class="hint" id={`${id}-hint`}>
      {hint}
    </p>
  ) : null;
}

function Input(props: FieldProps & { id: string }) {
  const { id, hint, error } = props;
  const shared = {
    class: ['input', props.mono && 'mono', props.class].filter(Boolean).join(' '),
    id,
    name: props.name,
    placeholder: props.placeholder,
    autocomplete: props.autocomplete ?? 'off',
    required: props.required,
    autofocus: props.autofocus,
    disabled: props.disabled,
    readonly: props.readonly,
    minlength: props.minlength,
    maxlength: props.maxlength,
    spellcheck: props.mono ? false : undefined,
    autocapitalize: props.mono ? ('none' as const) : undefined,
    'aria-invalid': error ? ('true' as const) : undefined,
    'aria-describedby': describedBy(id, hint, error),
    ...props.attrs,
  };
  if (props.rows) {
    return (
      <textarea {...shared} rows={props.rows}>
        {props.value ?? ''}
      </textarea>
    );
  }
  return (
    <input
      {...shared}
      type={props.type ?? 'text'}
      value={props.value ?? undefined}
      inputmode={props.inputmode}
      pattern={props.pattern}
      min={props.min}
      max={props.max}
      step={props.step}
    />
  );
}
