// The editor: opens files into tabs, keeps what is unsaved, saves, and says what happened. One CodeMirror view shows the
// text of the tab that is open; the others wait as states.
import { EditorView } from '@codemirror/view';
import { commands } from './commands.js';
import { dropDraft, keepDraft, readDraft } from './drafts.js';
import { fillFile, isDirty, newFile, textOf } from './file.js';
import { shadowIn } from './host.js';
import { notice, show, unnotice } from './notices.js';
import { prefs } from './prefs.js';
import { saveFile } from './save.js';
import { openText } from './server.js';
import { slots } from './setup.js';
import { drawPosition, drawStatus } from './status.js';
import { drawTabs, remember, remembered } from './tabs.js';
import { look, onTheme } from './theme.js';
import { drawTree } from './tree.js';
import { noticesOf, offerDraft } from './found.js';
import { shown, words } from './words.js';
import { question } from '../../question.js';
import { fill } from '../../text.js';

const root = document.getElementById('ed');
const pane = document.getElementById('ed-pane');
const saveButton = document.getElementById('ed-save');
const versions = document.getElementById('ed-versions');
const canWrite = 'canWrite' in root.dataset;
const { host, root: shadow, box } = shadowIn(pane);
const view = new EditorView({ parent: box, root: shadow });
host.hidden = true;

/** What the parts of the editor share. */
export const editor = { files: [], active: null, view, host, pane, canWrite, save, open, pick, close, reopen, redraw, setText, keep };

function redraw() {
  drawTabs(editor.files, editor.active, { pick, close });
  const { active } = editor;
  drawStatus(active?.state ? active : null, view.state);
  host.hidden = !active?.state || active.panel != null;
  if (saveButton) saveButton.disabled = !active?.state || active.locked || active.saving;
  if (versions) {
    versions.hidden = !active;
    if (active) versions.href = `/files/versions?path=${encodeURIComponent(active.path)}`;
  }
  const title = active ? `${active.dirty ? '● ' : ''}${shown(active.name)}` : words.area;
  document.getElementById('ed-title').textContent = title;
  document.title = document.title.replace(/^.*?(?= · )/, title);
  show(active);
}

const onUpdate = (update) => {
  const file = editor.active;
  if (!file) return;
  file.state = update.state;
  if (update.docChanged) changed(file);
  if (update.docChanged || update.selectionSet) drawPosition(update.state);
};

/** Something that would be saved is different: the tab says so, and a copy is kept. */
function changed(file) {
  const dirty = isDirty(file);
  if (dirty !== file.dirty) {
    file.dirty = dirty;
    redraw();
  }
  keep(file);
}

/** Soon: typing is not held up, and a lost tab costs a moment's text at most. */
const SOON_MS = 250;
function keep(file, soon = SOON_MS) {
  clearTimeout(file.keeping);
  file.unkept = file.dirty;
  const write = async () => {
    const second = Boolean(file.offered);
    if (!file.dirty) return void dropDraft(words.person, file.path, second);
    const { path, hash: base, baseText, encoding, bom, lineEnd } = file;
    const kept = await keepDraft(words.person, { path, text: textOf(file), base, baseText, encoding, bom, lineEnd }, second);
    file.unkept = !kept;
    if (kept) unnotice(file, 'drafts');
    else notice(file, 'drafts', { text: words.notice.draftsFull });
  };
  if (soon === 0) return void write();
  file.keeping = setTimeout(write, soon);
}

// A page that goes away writes at once what is still to be written.
const flush = () => editor.files.forEach((file) => file.dirty && file.unkept && keep(file, 0));
addEventListener('pagehide', flush);
document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && flush());

// Leaving is only asked about when something would really be lost.
addEventListener('beforeunload', (event) => {
  if (editor.files.some((file) => file.dirty && file.unkept)) event.preventDefault();
});

async function open(path, { line, encoding } = {}) {
  let file = editor.files.find((one) => one.path === path);
  if (!file) editor.files.push((file = newFile(path)));
  remember(editor.files.map((one) => one.path));
  pick(file);
  file.opening ??= load(file, encoding);
  await file.opening;
  if (line && editor.active === file && file.state) commands.line(editor, line);
  return file;
}

async function load(file, encoding) {
  const found = await openText(file.path, encoding);
  if (found.error) {
    notice(file, 'open', { tone: 'danger', text: found.error, buttons: found.field === 'size' ? [{ text: words.notice.hex, href: `/files/view?path=${encodeURIComponent(file.path)}` }] : [] });
    file.opening = null;
    return redraw();
  }
  unnotice(file, 'open');
  fillFile(file, found, { canWrite, onUpdate, onSave: () => save(editor.active) });
  noticesOf(editor, file);
  const draft = await readDraft(words.person, file.path);
  if (draft && !file.locked) offerDraft(editor, file, draft);
  if (editor.active === file) pick(file);
  void speak(file);
}

/** The language is fetched while the text is already there. */
async function speak(file) {
  const support = file.language ? await file.language.load().catch(() => []) : [];
  configure(file, slots.language.reconfigure(support));
}

/** An effect for a file's text, whether it is the one that is shown or not. */
function configure(file, effects) {
  if (!file.state) return;
  if (editor.active === file && !host.hidden) view.dispatch({ effects });
  else {
    file.state = file.state.update({ effects }).state;
    if (editor.active === file) view.setState(file.state);
  }
}
editor.configure = configure;
editor.speak = speak;

/** Shows a file's tab. */
function pick(file) {
  const before = editor.active;
  if (before?.state && before !== file) before.scroll = view.scrollSnapshot();
  if (before) before.active = false;
  before?.panel?.hide();
  editor.active = file;
  if (file) file.active = true;
  if (file?.state) {
    view.setState(file.state);
    configure(file, slots.look.reconfigure(look()));
    configure(file, slots.wrap.reconfigure(prefs.wrap ? EditorView.lineWrapping : []));
    if (file.scroll) view.dispatch({ effects: file.scroll });
    void commands.vim(editor, prefs.vim).catch(() => {});
    file.panel?.show();
  }
  if (file) {
    history.replaceState(null, '', `/files/edit?path=${encodeURIComponent(file.path).replaceAll('%2F', '/')}`);
    root.dataset.open = file.path;
    if (!file.state && !file.opening && file.notices.length === 0) file.opening = load(file);
  }
  redraw();
  if (file?.state && !file.panel) view.focus();
}

async function close(file) {
  if (file.dirty && !(await discards(file))) return;
  if (file.dirty) await dropDraft(words.person, file.path, Boolean(file.offered));
  clearTimeout(file.keeping);
  file.dirty = false;
  file.panel?.close();
  const at = editor.files.indexOf(file);
  editor.files.splice(at, 1);
  remember(editor.files.map((one) => one.path));
  if (editor.active === file) pick(editor.files[Math.min(at, editor.files.length - 1)] ?? null);
  else redraw();
}

async function discards(file) {
  document.getElementById('ed-close-h').textContent = fill(words.closeAsk, { name: shown(file.name) });
  return (await question(document.getElementById('ed-close'))) === 'discard';
}

function save(file) {
  return saveFile(editor, file);
}

/** From the disk again: what was changed here goes, after it was asked about. */
async function reopen(file, encoding) {
  if (file.dirty && !(await discards(file))) return;
  if (file.dirty) await dropDraft(words.person, file.path, Boolean(file.offered));
  file.panel?.close();
  file.notices = [];
  file.opening = load(file, encoding);
  await file.opening;
  redraw();
}

/** Another text in place of this one; undo brings it back. */
function setText(file, text) {
  const doc = file.mixed ? file.state.toText(text) : text;
  const spec = { changes: { from: 0, to: file.state.doc.length, insert: doc } };
  if (editor.active === file && !host.hidden) view.dispatch(spec);
  else {
    file.state = file.state.update(spec).state;
    if (editor.active === file) view.setState(file.state);
    changed(file);
  }
}

onTheme(() => {
  for (const file of editor.files) configure(file, slots.look.reconfigure(look()));
});
saveButton?.addEventListener('click', () => save(editor.active));
document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
  event.preventDefault();
  if (editor.active) void save(editor.active);
});

// A link to another line of the file that is open.
const lineOfHash = () => Number(/^#L(\d+)/.exec(location.hash)?.[1]) || undefined;
addEventListener('hashchange', () => {
  const to = lineOfHash();
  if (to && editor.active?.state) commands.line(editor, to);
});
document.querySelector('#ed-open form').addEventListener('submit', (event) => {
  event.preventDefault();
  document.getElementById('ed-open').close();
  const { value } = event.target.elements.path;
  if (value) void open(value);
});

commands.start(editor);
drawTree(editor);

const first = root.dataset.path;
const line = Number(root.dataset.line) || lineOfHash();
for (const path of remembered()) if (path !== first) editor.files.push(newFile(path));
if (first) await open(first, { line });
else if (editor.files.length) pick(editor.files[0]);
else redraw();
root.dataset.ready = '';
