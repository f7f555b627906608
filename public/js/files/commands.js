// What the buttons of the table of actions (src/views/files/actions.ts) do with what is selected.
import { toast } from '../toast.js';
import { text } from '../text.js';
import { openAction, sendAction, withFields } from './action.js';
import { cut, copy, paste, hasClipboard } from './clipboard.js';
import { folderOf, list } from './rows.js';
import { count, fields, only } from './selection.js';
import { hrefOf, visit } from './navigate.js';
import { openTab } from './tabs.js';
import { words } from './text.js';

export function pathOf(name, folder = folderOf()) {
  const line = list()?.dataset.kind === 'windows' ? '\\' : '/';
  if (line === '\\' && folder === '/') return `${name}\\`;
  return folder.endsWith(line) ? folder + name : folder + line + name;
}

/** Does an action fit what is selected now? */
export function fits(button) {
  const n = count();
  const one = only();
  if (button.dataset.id === 'paste') return hasClipboard();
  switch (button.dataset.fits) {
    case 'none':
      return n === 0;
    case 'any':
      return n > 0;
    case 'two':
      return n === 2;
    case 'one':
      return n === 1;
    case 'folder':
      return one !== null && (one.type === 'folder' || one.leads === 'folder');
    case 'file':
      return one !== null && (one.type === 'file' || one.leads === 'file');
    case 'archive':
      return one !== null && one.archive === true;
    default:
      return false;
  }
}

const SINGLE = ['one', 'file', 'folder', 'archive'];

/** Does what a button says. */
export async function run(button) {
  const { id, kind, action } = button.dataset;
  if (kind === 'page') return PAGE[id]?.();
  const own = button.dataset.fits === 'none' ? [['folder', folderOf()]] : fields();
  if (kind === 'dialog') return openAction(action, own);
  if (kind === 'post') return sendAction(action, own);
  const single = SINGLE.includes(button.dataset.fits);
  const path = single && only() ? pathOf(only().name) : folderOf();
  const url = await withFields(action, single || button.dataset.fits === 'none' ? [['path', path]] : own);
  if (url) location.href = url;
}

/** Opens one entry: a folder here, anything else on its own page. */
export function open(row) {
  const link = row?.querySelector('.words > a');
  if (!link) return;
  if (row.dataset.type === 'folder' || row.dataset.leads === 'folder') void visit(link.href);
  else location.href = link.href;
}

async function copyPath() {
  const one = only();
  if (!one) return;
  try {
    await navigator.clipboard.writeText(pathOf(one.name));
    toast({ title: words.pathCopied });
  } catch {
    toast({ tone: 'danger', title: text.copyFailed });
  }
}

const PAGE = {
  open: () => open(document.querySelector('#files tr[aria-selected="true"]')),
  'open-tab': () => only() && openTab(hrefOf(pathOf(only().name))),
  cut: () => cut(),
  copy: () => copy(),
  paste: () => paste(),
  'copy-path': copyPath,
};

// Buttons outside of the menus: bars, the “New” menu, the head. A link may still be opened in a new browser tab.
document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-kind][data-id]') : null;
  if (!button || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || button.closest('#files-menu')) return;
  // A link of the folder itself is an ordinary one.
  if (button.matches('a') && button.dataset.kind === 'link') return;
  event.preventDefault();
  void run(button);
});

// The bar shows what can be done with what is selected, and nothing else.
document.addEventListener('selection-changed', () => {
  for (const button of document.querySelectorAll('.selbar [data-id]')) button.hidden = !fits(button);
});
