// Forms: sent once, focus on what is wrong, controls that submit on change.
import { on } from './dom.js';

// Once each: later answers elsewhere on the page must not take the focus away.
function focusErrors() {
  const errors = document.querySelector('[data-focus]:not([data-focused])');
  if (!errors) return;
  errors.dataset.focused = '';
  errors.focus();
}

// A second click while the answer is on its way sends nothing.
on('submit', 'form', (event, form) => {
  if (form.method === 'dialog' || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  if (form.matches('[hx-post], [hx-get], [hx-put], [hx-delete], [method=get]')) return;
  form.dataset.sent = '';
  event.submitter?.setAttribute('aria-busy', 'true');
  // A download leaves the page where it is.
  setTimeout(() => free(form), 10_000);
});

function free(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy');
}

// Back from the next page out of the browser's cache.
addEventListener('pageshow', (event) => {
  if (event.persisted) for (const form of document.forms) free(form);
});

document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
  const button = ctx.sourceEvent?.submitter ?? (ctx.sourceElement?.matches('button') ? ctx.sourceElement : null);
  button?.setAttribute('aria-busy', 'true');
  ctx.busyButton = button;
});
document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) =>
  ctx.busyButton?.removeAttribute('aria-busy'),
);

on('change', '[data-autosubmit]', (_event, control) => control.form?.requestSubmit());

document.addEventListener('htmx:after:swap', focusErrors);
focusErrors();
