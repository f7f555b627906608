// The file is another on the disk than the one this text began with: base, disk and mine are put together, and shown.
import { make } from '../../dom.js';
import { dropDraft } from './drafts.js';
import { notice, unnotice } from './notices.js';
import { words } from './words.js';
import { textOf } from './file.js';

const m = words.merge;

export function showConflict(editor, file, { disk, error }) {
  if (!disk) return gone(editor, file);
  const choose = () => notice(file, 'save', { tone: 'danger', text: error, buttons: [[m.overwrite, () => overwrite(editor, file, disk)], [m.theirs, () => editor.reopen(file)]] });
  if (disk.fault) return choose();
  unnotice(file, 'save');
  // Fetched late, and gone when the panel was updated meanwhile: then the two ends are there to choose from.
  void openMerge(editor, file, disk).catch(choose);
}

/** It was deleted: what is saved next is a new file. */
function gone(editor, file) {
  notice(file, 'save', {
    tone: 'danger', text: m.deleted,
    buttons: [[words.save, () => ((file.hash = null), unnotice(file, 'save'), void editor.save(file)), true], [m.cancel, () => unnotice(file, 'save')]],
  });
}

async function overwrite(editor, file, disk) {
  file.hash = disk.hash;
  unnotice(file, 'save');
  await editor.save(file);
}

async function openMerge(editor, file, disk) {
  const { showMerge } = await import('./merge.js');
  const support = file.language ? await file.language.load().catch(() => []) : [];
  const bar = make('div', { class: 'ed-merge', role: 'region', 'aria-label': m.title });
  const holder = make('div', { class: 'ed-merge-pane' });
  const box = make('div', { class: 'ed-panel', 'data-panel': 'merge' }, bar, holder);
  editor.pane.append(box);
  const merge = showMerge(holder, { mine: textOf(file), base: file.baseText, disk: disk.text, mixed: file.mixed, label: `${m.result}: ${file.name}`, support, onChange: () => draw() });
  const said = make('p', { role: 'status' });
  const next = button(m.next, () => merge.next());
  const apply = button(m.apply, () => file.panel.apply(), 'btn primary sm');
  bar.append(make('b', {}, words.notice.changedOnDisk), said, make('div', { class: 'btns push' }, next,
    button(m.cancel, () => file.panel.close()), button(m.theirs, () => takeDisk()), button(m.overwrite, () => (file.panel.close(), overwrite(editor, file, disk))), apply));
  function draw() {
    said.textContent = merge.summary();
    next.hidden = merge.left() === 0;
    apply.disabled = merge.left() > 0;
  }
  async function takeDisk() {
    file.panel.close();
    await dropDraft(words.person, file.path, Boolean(file.offered));
    file.dirty = false;
    await editor.reopen(file);
  }
  file.panel = {
    result: true,
    show: () => (box.hidden = false),
    hide: () => (box.hidden = true),
    close() {
      merge.close();
      box.remove();
      file.panel = null;
      editor.redraw();
    },
    /** The result becomes the text, based on what is on the disk now; then it is saved like any other. */
    async apply() {
      if (merge.left() > 0) return merge.next();
      const text = merge.text();
      this.close();
      editor.setText(file, text);
      Object.assign(file, { hash: disk.hash, baseText: disk.text });
      return editor.save(file);
    },
  };
  if (editor.active !== file) file.panel.hide();
  draw();
  editor.redraw();
  merge.next();
}

function button(text, run, kind = 'btn sm') {
  const made = make('button', { type: 'button', class: kind }, text);
  made.addEventListener('click', run);
  return made;
}
