// The form of a stack's files becomes an editor: a tab for each file, the folder beside them, and Ctrl+S shows the changes.
import { on } from '../dom.js';
import { fill } from '../text.js';
import { openFile } from './open-file.js';
import { tabsIn } from './tabs.js';
import { textOf } from './text.js';
import { stackWords as words } from './words.js';

const form = document.getElementById('stack-form');
const holder = document.getElementById('stack-texts');
const texts = [];
let active = null;
let sent = false;

const save = () => form.requestSubmit(form.querySelector('button[value=review]') ?? form.querySelector('button[value=create]'));
const draw = holder ? tabsIn(holder, { pick, close }) : () => {};
const redraw = () => draw(texts, active);

function add(box) {
  const text = textOf(box, { onChange: redraw, onSave: save });
  texts.push(text);
  return text;
}

function pick(text) {
  active = text;
  for (const one of texts) one.box.hidden = one !== text;
  redraw();
  text.view.requestMeasure();
  text.focus();
}

function close(text) {
  if (text.dirty() && !confirm(fill(words.discard, { name: text.label }))) return;
  text.view.destroy();
  text.box.remove();
  texts.splice(texts.indexOf(text), 1);
  if (active === text) pick(texts[0]);
  else redraw();
}

async function open(path) {
  const there = texts.find((one) => one.beside === path || (one.beside === undefined && one.label === path));
  if (there) return pick(there);
  const box = await openFile(form, path);
  if (box) pick(add(box));
}

for (const box of form.querySelectorAll('.stack-text')) add(box);
if (holder) {
  const first = texts.find((one) => one.faulty) ?? texts.find((one) => 'shown' in one.box.dataset) ?? texts[0];
  active = first;
  for (const one of texts) one.box.hidden = one !== first;
  redraw();
  if (first.faulty) first.focus();
} else texts.find((one) => one.faulty)?.focus();
form.dataset.ready = '';

on('click', '[data-stack-file]', (event, link) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void open(link.dataset.stackFile);
});
// Which file a dialog is about.
on('click', '[data-stack-path]', (_event, button) => {
  for (const field of document.querySelectorAll('#move-path, #move-to, #drop-path')) field.value = button.dataset.stackPath;
});
document.addEventListener('stack-files', ({ detail }) => {
  for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
  if (detail?.open) void open(detail.open);
});
document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
  event.preventDefault();
  save();
});
form.addEventListener('submit', () => (sent = true));
addEventListener('pageshow', () => (sent = false));
addEventListener('beforeunload', (event) => {
  if (!sent && texts.some((one) => one.dirty())) event.preventDefault();
});
