// Forms: sent once, focus on what is wrong, controls that submit on change.
import { on } from './dom.js';

/** Errors that had the focus: once each, as later answers elsewhere on the page must not take it away. */
const focused = new WeakSet();

function focusErrors() {
  const errors = [...document.querySelectorAll('[data-focus]')].find((one) => !focused.has(one));
  if (!errors) return;
  focused.add(errors);
  errors.focus();
}

/**
 * Forms whose answer is on its way → what was sent, and by which button. No attribute says so: it would go when their part
 * of the page is drawn anew.
 */
const sent = new WeakMap();

// A second click sends nothing meanwhile. What is something else by then is sent: a text saved again, another button.
on('submit', 'form', (event, form) => {
  if (form.method === 'dialog' || event.defaultPrevented) return;
  if (form.matches('[hx-post], [hx-get], [hx-put], [hx-delete], [method=get]')) return;
  const fields = [...new FormData(form, event.submitter)].map(([name, value]) => [name, value.name ? [value.name, value.size, value.lastModified] : value]);
  const what = JSON.stringify([event.submitter?.formAction, fields]);
  if (sent.get(form) === what) return event.preventDefault();
  sent.set(form, what);
  // When all have heard of it: a script of the page may send it in its own way.
  setTimeout(() => {
    if (event.defaultPrevented) return sent.delete(form);
    event.submitter?.setAttribute('aria-busy', 'true');
    // A download leaves the page where it is.
    setTimeout(() => sent.get(form) === what && free(form), 10_000);
  });
});

function free(form) {
  sent.delete(form);
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
