// Small steps that several behaviours take.

const SVG = 'http://www.w3.org/2000/svg';

/** A drawing of the sprite; `document.body.dataset.icons` says where it lies. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${document.body.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

/** Another drawing in the same place. */
export function setIcon(element, name) {
  element?.querySelector('use')?.setAttribute('href', `${document.body.dataset.icons}#${name}`);
}

/** `make('p', { class: 'grow' }, 'text', child)`; attributes that are null or false are left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Listens on the document for elements that match now or later: what htmx brings needs no set-up. */
export function on(type, selector, run, options) {
  document.addEventListener(
    type,
    (event) => {
      const found = event.target instanceof Element ? event.target.closest(selector) : null;
      if (found) run(event, found);
    },
    options,
  );
}

/** Is the person writing? Then single keys are letters, not commands. */
export function isWriting(target) {
  return (
    target instanceof Element &&
    target.closest('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]') !== null
  );
}

/** Posts a form that lies nowhere on the page, as the browser would. */
export function post(action, fields = {}) {
  const form = make('form', { method: 'post', action, hidden: true });
  for (const [name, value] of Object.entries(fields)) form.append(make('input', { type: 'hidden', name, value }));
  document.body.append(form);
  form.submit();
}

const sending = new WeakSet();

/**
 * Runs what a form sends unless its answer is on its way; the button is busy meanwhile. No attribute says so: it would go when
 * their part of the page is drawn anew.
 */
export async function sendOnce(form, button, send) {
  if (sending.has(form)) return;
  sending.add(form);
  button?.setAttribute('aria-busy', 'true');
  try {
    await send();
  } finally {
    sending.delete(form);
    button?.removeAttribute('aria-busy');
  }
}

/** Runs once for each element with this data attribute, now or when it comes: a module runs once, and dialogs bring theirs later. */
export function whenThere(name, run) {
  const begin = () => {
    for (const element of document.querySelectorAll(`[data-${name}]:not([data-followed])`)) {
      element.dataset.followed = '';
      run(element);
    }
  };
  begin();
  new MutationObserver(begin).observe(document.body, { childList: true, subtree: true });
}
