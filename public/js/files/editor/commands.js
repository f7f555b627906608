// What the menus and the bottom line do.
import { gotoLine, openSearchPanel } from '@codemirror/search';
import { EditorView } from '@codemirror/view';
import { on, make } from '../../dom.js';
import { toast } from '../../toast.js';
import { textOf } from './file.js';
import { named } from './languages.js';
import { notice, unnotice } from './notices.js';
import { prefs, setPref, SIZES } from './prefs.js';
import { setSize } from './host.js';
import { openText } from './server.js';
import { indentBy, slots } from './setup.js';
import { count, words } from './words.js';

export const commands = {
  start(editor) {
    on('click', '[data-ed]', (_event, button) => run(editor, button.dataset.ed));
    on('click', '[data-reopen]', (_event, button) => editor.reopen(editor.active, button.dataset.reopen));
    on('click', '[data-save-as]', (_event, button) => rewrite(editor, { encoding: button.dataset.saveAs }));
    on('click', '[data-bom]', () => rewrite(editor, { bom: !editor.active.bom }));
    on('click', '[data-line-end]', (_event, button) => endLines(editor, button.dataset.lineEnd));
    on('click', '[data-indent]', (_event, button) => indent(editor, button.dataset.indent));
    on('click', '[data-language]', (_event, button) => speak(editor, button.dataset.language));
    press('wrap', prefs.wrap);
    press('vim', prefs.vim);
  },

  line(editor, number) {
    const { view } = editor;
    const line = view.state.doc.line(Math.max(1, Math.min(number, view.state.doc.lines)));
    view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: 'center' }) });
    view.focus();
  },

  async vim(editor, wanted) {
    if (!wanted) return editor.view.dispatch({ effects: slots.vim.reconfigure([]) });
    const { vim, Vim } = await import('@replit/codemirror-vim');
    Vim.defineEx('write', 'w', () => editor.save(editor.active));
    Vim.defineEx('wq', 'wq', async () => (await editor.save(editor.active)) && editor.close(editor.active));
    Vim.defineEx('quit', 'q', () => editor.close(editor.active));
    if (prefs.vim && editor.active?.state) editor.view.dispatch({ effects: slots.vim.reconfigure(vim({ status: true })) });
  },
};

const pressed = (id) => document.querySelector(`.menu [data-ed="${id}"]`);
const press = (id, is) => pressed(id)?.setAttribute('aria-pressed', String(is));

const acts = {
  search: ({ view }) => openSearchPanel(view),
  goto: ({ view }) => gotoLine(view),
  wrap(editor) {
    setPref('wrap', !prefs.wrap);
    press('wrap', prefs.wrap);
    editor.view.dispatch({ effects: slots.wrap.reconfigure(prefs.wrap ? EditorView.lineWrapping : []) });
  },
  vim(editor) {
    setPref('vim', !prefs.vim);
    press('vim', prefs.vim);
    return commands.vim(editor, prefs.vim);
  },
  bigger: (editor) => resize(editor, 1),
  smaller: (editor) => resize(editor, -1),
  diff: (editor) => compareDisk(editor, editor.active),
  reload: (editor) => editor.reopen(editor.active),
  versions: ({ active }) => location.assign(`/files/versions?path=${encodeURIComponent(active.path)}`),
  download: ({ active }) => location.assign(`/files/download?path=${encodeURIComponent(active.path)}`),
  folder: ({ active }) => location.assign(`/files?path=${encodeURIComponent(active.folder)}`),
};

/** All of them are about a file that is open. */
function run(editor, id) {
  if (editor.active?.state && acts[id]) void Promise.resolve(acts[id](editor)).catch(notLoaded);
}

// What is fetched late is gone when the panel has been updated since the page was opened.
const notLoaded = () => toast({ tone: 'danger', title: words.errors.notLoaded });

function resize(editor, step) {
  setPref('size', Math.max(SIZES.least, Math.min(SIZES.most, prefs.size + step)));
  setSize(prefs.size);
  editor.view.requestMeasure();
}

/** How it will be written: only that changes, and the next save does it. */
function rewrite(editor, change) {
  const file = editor.active;
  if (!file?.state || file.locked) return;
  Object.assign(file, change);
  if (!words.encodings.find((one) => one.id === file.encoding).bom) file.bom = false;
  touched(editor, file);
}

function touched(editor, file) {
  file.dirty = true;
  editor.setText(file, textOf(file));
  editor.redraw();
}

function endLines(editor, lineEnd) {
  const file = editor.active;
  if (!file?.state || file.locked) return;
  file.lineEnd = lineEnd;
  unnotice(file, 'mixed');
  // The carriage returns that are seen in a text of mixed line ends go; the panel writes all ends alike.
  if (file.mixed && lineEnd !== 'mixed') editor.setText(file, textOf(file).replace(/\r\n?/g, '\n'));
  else touched(editor, file);
  editor.redraw();
}

function indent(editor, by) {
  const file = editor.active;
  file.indent = by === 'tab' ? 'tab' : Number(by);
  editor.configure(file, slots.indent.reconfigure(indentBy(file.indent)));
  editor.redraw();
}

function speak(editor, name) {
  editor.active.language = name ? named(name) : null;
  void editor.speak(editor.active);
  editor.redraw();
}

/** Disk on the left, this text on the right, in place of the text until it is closed. */
async function compareDisk(editor, file) {
  if (file.panel) return;
  const [{ showDiff }, disk] = await Promise.all([import('./diff.js'), openText(file.path, file.encoding)]);
  if (disk.error) return notice(file, 'save', { tone: 'danger', text: disk.error, buttons: [[words.close, () => unnotice(file, 'save')]] });
  const said = make('p', { role: 'status' });
  const bar = make('div', { class: 'ed-merge', role: 'region', 'aria-label': words.diff.disk }, make('b', {}, `${words.diff.disk} → ${words.diff.mine}`), said);
  const holder = make('div', { class: 'ed-merge-pane' });
  const box = make('div', { class: 'ed-panel', 'data-panel': 'diff' }, bar, holder);
  editor.pane.append(box);
  const mine = textOf(file);
  const diff = await showDiff(holder, { a: disk.text, b: mine, labels: [words.diff.disk, words.diff.mine], path: file.path, name: file.name });
  said.textContent = diff.changes() === 0 ? words.diff.same : count(words.diff.changes, diff.changes());
  const buttons = make('div', { class: 'btns push' });
  bar.append(buttons);
  for (const [text, act] of [[words.diff.previous, diff.previous], [words.diff.next, diff.next], [words.diff.backToEditor, () => file.panel.close()]]) {
    const made = make('button', { type: 'button', class: 'btn sm' }, text);
    made.addEventListener('click', act);
    buttons.append(made);
  }
  file.panel = {
    show: () => (box.hidden = false),
    hide: () => (box.hidden = true),
    close() {
      diff.close();
      box.remove();
      file.panel = null;
      editor.redraw();
      editor.view.focus();
    },
  };
  if (editor.active !== file) file.panel.hide();
  editor.redraw();
}
