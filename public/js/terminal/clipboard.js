// The clipboard, also where the browser gives a page none: over plain HTTP from another machine.
import { make } from '../dom.js';
import { text } from '../text.js';
import { toast } from '../toast.js';

/** @returns was it copied? `quiet`: it is not said that it was not. */
export async function copy(value, { quiet = false } = {}) {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    const done = byCommand(value);
    if (!done && !quiet) toast({ tone: 'warn', title: text.copyFailed });
    return done;
  }
}

/** As pages did it before: what is selected in a field, at a key or a click. */
function byCommand(value) {
  const focused = document.activeElement;
  const field = make('textarea', { class: 'vh', readonly: true });
  field.value = value;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  focused?.focus();
  return done;
}

/** @returns null when the browser does not give it */
export async function pasted() {
  try {
    return await navigator.clipboard.readText();
  } catch {
    return null;
  }
}
