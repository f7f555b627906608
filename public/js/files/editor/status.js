// The line at the bottom: where the cursor is, and how the file is written. What is pressed is done by main.js.
import { make, icon } from '../../dom.js';
import { fill } from '../../text.js';
import { all } from './languages.js';
import { shown, words } from './words.js';

const id = (name) => document.getElementById(`ed-${name}`);
const bar = id('status');

export function drawStatus(file, state) {
  bar.hidden = !file;
  if (!file) return;
  id('path').textContent = shown(file.path);
  id('path').title = shown(file.path);
  id('read-only').hidden = !file.locked;
  const encoding = words.encodings.find((one) => one.id === file.encoding);
  id('encoding').textContent = file.bom ? `${encoding.name} ${words.status.bom}` : encoding.name;
  id('line-end').textContent = words.status[file.lineEnd];
  id('indent').textContent = file.indent === 'tab' ? words.status.tab : fill(words.status.spaces, { n: String(file.indent) });
  id('language').textContent = file.language?.name ?? words.status.plain;
  press('[data-reopen]', (button) => button.dataset.reopen === file.encoding);
  press('[data-save-as]', (button) => button.dataset.saveAs === file.encoding);
  press('[data-line-end]', (button) => button.dataset.lineEnd === file.lineEnd);
  press('[data-indent]', (button) => button.dataset.indent === String(file.indent));
  press('[data-language]', (button) => button.dataset.language === (file.language?.name ?? ''));
  const mixed = bar.querySelector('[data-line-end=mixed]');
  mixed.hidden = !file.mixed;
  const bom = bar.querySelector('[data-bom]');
  if (bom) {
    bom.hidden = !encoding.bom;
    bom.setAttribute('aria-pressed', String(file.bom));
  }
  for (const button of bar.querySelectorAll('[data-save-as], [data-line-end], [data-bom]')) button.disabled = file.locked;
  drawPosition(state);
}

export function drawPosition(state) {
  const { main } = state.selection;
  const line = state.doc.lineAt(main.head);
  const where = fill(words.status.position, { line: String(line.number), column: String(main.head - line.from + 1) });
  const chosen = state.selection.ranges.reduce((sum, range) => sum + range.to - range.from, 0);
  id('position').textContent = chosen ? `${where} (${fill(words.status.selected, { n: String(chosen) })})` : where;
}

function press(selector, is) {
  for (const button of bar.querySelectorAll(selector)) button.setAttribute('aria-pressed', String(is(button)));
}

/** Made when it is first opened: a hundred and fifty names. */
id('language-menu').addEventListener('beforetoggle', (event) => {
  if (event.newState !== 'open' || event.target.childElementCount) return;
  const current = id('language').textContent;
  for (const name of ['', ...all.map((language) => language.name)]) {
    const tick = icon('check');
    tick.classList.add('tick');
    const text = name || words.status.plain;
    event.target.append(make('button', { type: 'button', 'data-language': name, 'aria-pressed': String(text === current) }, text, tick));
  }
});
