// Dialogs: `data-open="id"` opens, `data-close` and a click beside it close. `#id` in the address opens one at once.
import { on } from './dom.js';

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  for (const menu of document.querySelectorAll('[popover]:popover-open')) menu.hidePopover();
  dialog.showModal();
}

// Browsers with invoker commands do it themselves.
const commands = (button) => 'command' in button && button.hasAttribute('commandfor');
on('click', '[data-open]', (_event, button) => {
  if (!commands(button)) openDialog(button.dataset.open);
});
on('click', '[data-close]', (_event, button) => {
  if (!commands(button)) button.closest('dialog')?.close();
});

// Beside the dialog is its backdrop: the event's target is the dialog, the point lies outside of it.
on('pointerdown', 'dialog', (event, dialog) => {
  if (event.target !== dialog) return;
  const box = dialog.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) dialog.close();
});

// A dialog that was left forgets what was typed.
document.addEventListener(
  'close',
  (event) => {
    // The browser tells of it a little later: what was opened again meanwhile is being filled in.
    if (event.target instanceof HTMLDialogElement && !event.target.open) for (const form of event.target.querySelectorAll('form')) form.reset();
  },
  true,
);

function fromAddress() {
  if (location.hash.length < 2) return;
  const id = decodeURIComponent(location.hash.slice(1));
  if (document.getElementById(id) instanceof HTMLDialogElement) openDialog(id);
}
addEventListener('hashchange', fromAddress);
fromAddress();
