// Saved hosts: connect in a tab of this page, and find one among many.
import { on } from '../dom.js';
import { match } from '../match.js';
import { send } from './server.js';

/** Hosts that are being connected to. No attribute says so: it would go when the list is drawn anew. */
const asked = new WeakSet();

/** `opened(made)` a new terminal. `room()` is how large it will be. */
export function wireSshHosts({ opened, room }) {
  on('submit', 'form[data-tt-connect]', async (event, form) => {
    event.preventDefault();
    const button = form.querySelector('[type=submit]');
    // A machine that is slow to answer is asked once.
    if (asked.has(form)) return;
    asked.add(form);
    button.setAttribute('aria-busy', 'true');
    const made = await send(form.getAttribute('action'), room());
    asked.delete(form);
    button.removeAttribute('aria-busy');
    // The key of a host, or of one on the way, is looked at first.
    if (made?.to) location.href = made.to;
    else if (made) opened(made);
  });
  on('input', '#ssh-filter', filter);
  document.addEventListener('htmx:after:swap', filter);
}

function filter() {
  const query = document.getElementById('ssh-filter')?.value.trim() ?? '';
  let found = 0;
  for (const group of document.querySelectorAll('[data-ssh-group]')) {
    let shown = 0;
    for (const row of group.querySelectorAll('[data-ssh-host]')) {
      row.hidden = query !== '' && match(query, row.dataset.sshHost) === null;
      if (!row.hidden) shown += 1;
    }
    group.hidden = shown === 0;
    found += shown;
  }
  const none = document.getElementById('ssh-none');
  if (none) none.hidden = found > 0;
}
