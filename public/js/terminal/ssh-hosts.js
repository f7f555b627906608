// Saved hosts: connect in a tab of this page, and find one among many.
import { on, sendOnce } from '../dom.js';
import { match } from '../match.js';
import { send } from './server.js';

/** `opened(made)` a new terminal. `room()` is how large it will be. */
export function wireSshHosts({ opened, room }) {
  on('submit', 'form[data-tt-connect]', (event, form) => {
    event.preventDefault();
    // A machine that is slow to answer is asked once.
    void sendOnce(form, form.querySelector('[type=submit]'), async () => {
      const made = await send(form.getAttribute('action'), room());
      // The key of a host, or of one on the way, is looked at first.
      if (made?.to) location.href = made.to;
      else if (made) opened(made);
    });
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
