import type { Child } from 'hono/jsx';
import type { Ui } from '../ui.ts';
import { Field } from './field.tsx';
import { Icon } from './icon.tsx';

interface PasswordProps {
  ui: Ui;
  name: string;
  /** Where two forms of a page have one of the same name. */
  id?: string;
  label: string;
  autocomplete: 'current-password' | 'new-password';
  hint?: Child;
  error?: string;
  autofocus?: boolean;
  minlength?: number;
  optional?: boolean;
}

/** A password with a button that shows it (reveal.js; without JavaScript the button is not there). */
export function PasswordField(props: PasswordProps) {
  const { ui, optional } = props;
  const reveal = (
    <button
      class="btn ghost only sm scripted"
      type="button"
      data-reveal
      aria-label={ui.t.parts.showPassword}
      aria-pressed="false"
    >
      <Icon ui={ui} name="eye" />
    </button>
  );
  return <Field {...props} type="password" required={!optional} end={reveal} />;
}
