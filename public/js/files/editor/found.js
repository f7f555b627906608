// What is said when a file is opened: that it is shown read-only and why, that its lines end in several ways, that there is
// unsaved text of it.
import { dropDraft } from './drafts.js';
import { notice, unnotice } from './notices.js';
import { words } from './words.js';
import { fill } from '../../text.js';

export function noticesOf(editor, file) {
  const n = words.notice;
  if (file.fault)
    notice(file, 'fault', {
      text: n[file.fault],
      buttons: [
        { text: n.hex, href: `/files/view?path=${encodeURIComponent(file.path)}&as=hex` },
        [n.otherEncoding, () => document.getElementById('ed-encoding-menu').showPopover({ source: document.getElementById('ed-encoding') })],
      ],
    });
  else if (!file.writable) notice(file, 'rights', { text: n.notAllowed });
  if (file.mixed && !file.locked) notice(file, 'mixed', { text: n.mixed, buttons: [[words.close, () => unnotice(file, 'mixed')]] });
}

const when = (at) => new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' }).format(at);

/** The person decides: the text on the disk is shown meanwhile. */
export function offerDraft(editor, file, draft) {
  if (draft.text === file.state.sliceDoc() && draft.encoding === file.encoding && draft.bom === file.bom && draft.lineEnd === file.lineEnd) return void dropDraft(words.person, file.path);
  const old = draft.base !== file.hash;
  file.offered = draft;
  const answered = async () => {
    unnotice(file, 'draft');
    file.offered = null;
    clearTimeout(file.keeping);
    await dropDraft(words.person, file.path);
    await dropDraft(words.person, file.path, true);
    if (file.dirty) editor.keep(file);
  };
  notice(file, 'draft', {
    text: fill(words.notice.draft, { when: when(draft.at) }) + (old ? ` ${words.notice.draftOld}` : ''),
    buttons: [
      [words.notice.takeDraft, () => answered().then(() => takeDraft(editor, file, draft)), true],
      [words.notice.dropDraft, answered],
    ],
  });
}

/** It is based on what it was based on: when the disk is another meanwhile, saving says so and merges. */
function takeDraft(editor, file, draft) {
  file.encoding = draft.encoding;
  file.bom = draft.bom;
  file.lineEnd = draft.lineEnd;
  if (draft.base !== file.hash) Object.assign(file, { hash: draft.base, baseText: draft.baseText ?? file.baseText });
  editor.setText(file, draft.text);
  editor.redraw();
}
