// The eye in a password field.
import { on, setIcon } from './dom.js';
import { text } from './text.js';

on('click', '[data-reveal]', (_event, button) => {
  const input = button.closest('.affix')?.querySelector('input');
  if (!input) return;
  const shown = input.type === 'password';
  input.type = shown ? 'text' : 'password';
  button.setAttribute('aria-pressed', String(shown));
  button.setAttribute('aria-label', shown ? text.hidePassword : text.showPassword);
  setIcon(button, shown ? 'eye-off' : 'eye');
  input.focus();
});

// Never send it off in the clear type: password managers and the browser's memory go by it.
on('submit', 'form', (_event, form) => {
  for (const button of form.querySelectorAll('[data-reveal][aria-pressed=true]'))
    button.closest('.affix').querySelector('input').type = 'password';
});
