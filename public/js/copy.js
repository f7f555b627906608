// Copies `data-copy`, or the value or text of the element that `data-copy-from` names.
import { on, setIcon } from './dom.js';
import { toast } from './toast.js';
import { text } from './text.js';

on('click', '[data-copy]', async (_event, button) => {
  const source = button.dataset.copyFrom ? document.getElementById(button.dataset.copyFrom) : null;
  const value = source ? (source.value ?? source.textContent ?? '') : button.dataset.copy;
  if (!(await copied(value))) {
    source?.select?.();
    toast({ tone: 'warn', title: text.copyFailed });
    return;
  }
  setIcon(button, 'check');
  setTimeout(() => setIcon(button, 'copy'), 1500);
  toast({ tone: 'ok', title: text.copied });
});

/** Pages from another address than loopback without TLS have no clipboard. */
async function copied(value) {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    return false;
  }
}

on('focusin', '[data-select]', (_event, input) => input.select());
