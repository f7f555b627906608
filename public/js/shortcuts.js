// Keys anywhere: ⌘K or Ctrl K palette, / filter, ? the list, g and a letter go to a page.
import { isWriting } from './dom.js';
import { openDialog } from './dialog.js';

const GO_MS = 1200;
const mac = /Mac|iPhone|iPad/.test(navigator.platform);
let going = 0;

for (const key of document.querySelectorAll('kbd[data-mod]'))
  key.textContent = mac ? `⌘${key.dataset.mod}` : `Ctrl ${key.dataset.mod}`;

document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() === 'k' && (mac ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    return openDialog('palette');
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isWriting(event.target) || document.querySelector('dialog:modal')) return;

  if (going && event.timeStamp - going < GO_MS && /^[a-z]$/.test(event.key)) {
    going = 0;
    const link = document.querySelector(`[data-go="${event.key}"]`);
    if (!link) return;
    event.preventDefault();
    return link.click();
  }
  // When it was pressed: a page that is busy hears of it later.
  going = event.key === 'g' ? event.timeStamp : 0;
  if (event.key === '/') {
    event.preventDefault();
    const filter = [...document.querySelectorAll('[data-filter]')].find((input) => input.checkVisibility());
    if (!filter) return openDialog('palette');
    filter.focus();
    filter.select();
  } else if (event.key === '?') {
    event.preventDefault();
    openDialog('shortcuts');
  }
});

// Esc in the filter empties it, then leaves it.
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && event.target instanceof Element && event.target.matches('[data-filter]'))
    event.target.blur();
});
