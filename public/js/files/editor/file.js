// One open file: its text as it was read, as it is, and how it is written.
import { indentOf, stateOf } from './setup.js';
import { languageOf } from './languages.js';
import { shown } from './words.js';

const separator = document.getElementById('ed')?.dataset.kind === 'windows' ? '\\' : '/';

export function newFile(path) {
  const at = path.lastIndexOf(separator);
  return { path, name: path.slice(at + 1), folder: path.slice(0, Math.max(at, 1)), notices: [], dirty: false, state: null, opening: null, offered: null };
}

/** Takes what the panel has read; `text` is put in its place when there is a draft. */
export function fillFile(file, found, { canWrite, onUpdate, onSave }) {
  const { text, hash, encoding, bom, lineEnd, fault } = found;
  Object.assign(file, { hash, encoding, bom, lineEnd, fault, baseText: text, mixed: lineEnd === 'mixed', saved: { encoding, bom, lineEnd } });
  file.writable = canWrite && found.writable;
  file.locked = !file.writable || fault !== null;
  file.indent = indentOf(text);
  file.language = languageOf(file.path, file.name, text.slice(0, 200).split(/\r\n?|\n/)[0]);
  file.state = stateOf({ text, label: shown(file.name), mixed: file.mixed, locked: file.locked, indent: file.indent, onUpdate, onSave });
  file.savedDoc = file.state.doc;
  file.dirty = false;
}

/** What would be saved: "\n" between lines, which the panel ends as it is told; mixed ends are in the text themselves. */
export const textOf = (file) => file.state.sliceDoc();

export function isDirty(file) {
  const { encoding, bom, lineEnd } = file.saved;
  return file.encoding !== encoding || file.bom !== bom || file.lineEnd !== lineEnd || !file.state.doc.eq(file.savedDoc);
}

/** What was sent is on the disk: later changes are still to be saved. */
export function markSaved(file, sent, { hash }) {
  Object.assign(file, { hash, baseText: sent.text, savedDoc: sent.doc, saved: { encoding: sent.encoding, bom: sent.bom, lineEnd: sent.lineEnd } });
  file.dirty = isDirty(file);
}
