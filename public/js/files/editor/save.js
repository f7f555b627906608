// Saving: it is said to be saved when the panel has said so and never before. Whatever goes wrong, the text stays unsaved and is kept.
import { toast } from '../../toast.js';
import { dropDraft } from './drafts.js';
import { markSaved, textOf } from './file.js';
import { showConflict } from './conflict.js';
import { notice, unnotice } from './notices.js';
import { saveText } from './server.js';
import { words } from './words.js';

export async function saveFile(editor, file) {
  if (!file?.state || file.locked) return false;
  // Pressed again while it is on its way: what was typed since then is saved after it.
  if (file.saving) return file.saving.then((saved) => (saved && file.dirty ? saveFile(editor, file) : saved));
  if (file.panel?.result) return file.panel.apply();
  file.saving = send(editor, file);
  editor.redraw();
  return file.saving;
}

async function send(editor, file) {
  const { path, encoding, bom, lineEnd, hash: base } = file;
  const sent = { text: textOf(file), doc: file.state.doc, encoding, bom, lineEnd };
  const answer = await saveText({ path, text: sent.text, encoding, bom, lineEnd, base });
  file.saving = null;
  if (answer.hash) done(editor, file, sent, answer);
  else refused(editor, file, answer);
  editor.redraw();
  return Boolean(answer.hash);
}

function done(editor, file, sent, answer) {
  markSaved(file, sent, answer);
  unnotice(file, 'save');
  // Typed while it was being saved: that is unsaved, and kept as such.
  if (file.dirty) editor.keep(file);
  else {
    clearTimeout(file.keeping);
    file.unkept = false;
    void dropDraft(words.person, file.path, Boolean(file.offered));
  }
  say(answer.kept === 'all' ? { tone: 'ok', title: words.saved } : { tone: 'warn', title: words.savedLess });
}

/** One word about saving at a time: a new one takes the place of the last. */
function say(words) {
  toast(words).dataset.about = 'editor-save';
}

function refused(editor, file, answer) {
  document.querySelector('.toast[data-about=editor-save]')?.remove();
  if (answer.status === 409 && 'disk' in answer) return showConflict(editor, file, answer);
  notice(file, 'save', { tone: 'danger', text: answer.error, buttons: [[words.close, () => unnotice(file, 'save')]] });
  if (!answer.line || editor.active !== file) return;
  const line = editor.view.state.doc.line(Math.min(answer.line, editor.view.state.doc.lines));
  const at = Math.min(line.from + answer.column - 1, line.to);
  editor.view.dispatch({ selection: { anchor: at, head: Math.min(at + answer.char.length, line.to) }, scrollIntoView: true });
  editor.view.focus();
}
