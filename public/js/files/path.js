// The path as text: a click beside the steps, the pencil or Ctrl+L makes an input of them, with the folders that fit.
import { make, on } from '../dom.js';
import { hrefOf, visit } from './navigate.js';

const ASK_MS = 80;
let timer;
let asked = 0;

const parts = () => {
  const bar = document.getElementById('path');
  return bar ? { bar, steps: bar.querySelector('.crumbs'), pencil: bar.querySelector('[data-edit-path]'), form: bar.querySelector('form'), input: bar.querySelector('input') } : null;
};

function edit() {
  const bar = parts();
  if (!bar) return;
  bar.form.hidden = false;
  bar.steps.hidden = bar.pencil.hidden = true;
  bar.bar.classList.add('is-edited');
  bar.input.value = bar.bar.dataset.path;
  bar.input.focus();
  bar.input.select();
}

function leave(back = true) {
  const bar = parts();
  if (!bar || bar.form.hidden) return;
  bar.form.hidden = true;
  bar.steps.hidden = bar.pencil.hidden = false;
  bar.bar.classList.remove('is-edited');
  if (back) bar.pencil.focus();
}

document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() === 'l' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && !document.querySelector('dialog:modal')) {
    event.preventDefault();
    edit();
  }
});
on('click', '[data-edit-path]', () => edit());
// Beside the steps, as in file managers of desktops.
on('click', '#path', (event, bar) => {
  if (event.target === bar || event.target === bar.querySelector('.crumbs')) edit();
});
on('keydown', '.path-form input', (event, input) => {
  if (event.key === 'Escape') {
    event.preventDefault();
    leave();
  } else if (event.key === 'Tab' && !event.shiftKey && longer(input)) {
    event.preventDefault();
    input.value = longer(input);
    void complete(input);
  }
});
on('focusout', '.path-form', (event, form) => {
  if (!form.contains(event.relatedTarget)) leave(false);
});
on('submit', '.path-form', (event, form) => {
  event.preventDefault();
  void visit(hrefOf(form.elements.path.value.trim()));
});
on('input', '.path-form input', (_event, input) => {
  clearTimeout(timer);
  timer = setTimeout(() => void complete(input), ASK_MS);
});

async function complete(input) {
  const turn = ++asked;
  const answer = await fetch(`/files/names/complete?${new URLSearchParams({ path: input.value })}`).catch(() => null);
  if (!answer?.ok || turn !== asked) return;
  const { items } = await answer.json();
  input.list?.replaceChildren(...items.map((value) => make('option', { value })));
}

/** What all folders that fit have in common, when it is more than what is typed; one alone is gone into. */
function longer(input) {
  const fit = [...(input.list?.options ?? [])].map((option) => option.value).filter((value) => value.toLowerCase().startsWith(input.value.toLowerCase()));
  if (fit.length === 0) return '';
  let same = fit[0];
  for (const value of fit) while (!value.startsWith(same)) same = same.slice(0, -1);
  if (fit.length === 1) same += same.includes('\\') ? '\\' : '/';
  return same.length > input.value.length ? same : '';
}
