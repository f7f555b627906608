// Forms about files in a dialog: `data-action="/files/rename"` fetches that page with what is selected, and shows its
// `#action`. The page stays one without JavaScript; inside, htmx draws `#action` again when something was wrong.
import htmx from 'htmx.org';
import { on, sendOnce } from '../dom.js';
import { toast } from '../toast.js';
import { fill, text } from '../text.js';

/** A longer query is kept on the server and named by its id: proxies take about 8 KiB of headers. */
const QUERY_MOST = 6000;

/** Opens the form at `href` for these fields ([name, value] pairs) in the dialog of the page, or as a page where there is none. */
export async function openAction(href, fields) {
  const url = await withFields(href, fields);
  if (!url) return;
  if (!document.getElementById('files-dialog')) return void (location.href = url);
  const found = await load(url);
  if (found) await show(found);
}

/** In the dialog, or in place of the form that was sent from a page of its own. */
async function show(found) {
  // What a form needs beside the page's own scripts: before somebody can touch what they follow. Without them it is the form of the page.
  await Promise.allSettled((found.dataset.scripts?.split(' ') ?? []).map((script) => import(script)));
  const dialog = document.getElementById('files-dialog');
  if (!dialog) {
    document.getElementById('action').replaceWith(found);
    htmx.process(found);
    return void found.querySelector('[data-focus], h2')?.focus();
  }
  dialog.classList.toggle('wide', found.matches('.wide'));
  dialog.replaceChildren(found);
  htmx.process(found);
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector('[data-focus]') ?? dialog.querySelector('[autofocus]') ?? dialog.querySelector('h2'))?.focus();
}

/** `href` with the fields in its query; very many of them travel as the id of a selection that the panel keeps for a while. @returns null when it cannot, which has been said */
export async function withFields(href, fields) {
  const query = new URLSearchParams(fields).toString();
  if (query.length <= QUERY_MOST) return `${href}${href.includes('?') ? '&' : '?'}${query}`;
  const id = await keepFields(fields);
  return id && `${href}${href.includes('?') ? '&' : '?'}selection=${id}`;
}

/** Id of a selection that the panel keeps; null when it does not, which has been said. */
export async function keepFields(fields) {
  const answer = await ask('/files/selections', { method: 'POST', headers: { 'hx-request': 'true' }, body: new URLSearchParams(fields) });
  if (answer?.ok) return (await answer.json()).id;
  if (answer) toast({ tone: 'danger', title: fill(text.failed, { status: answer.status }) });
  return null;
}

async function load(url) {
  const answer = await ask(url, { headers: { accept: 'text/html' } });
  // Signed out meanwhile: the answer is the sign-in, which is a page of its own.
  if (answer?.redirected) return void (location.href = url);
  return answer ? inside(answer) : null;
}

async function ask(url, init) {
  try {
    return await fetch(url, init);
  } catch {
    toast({ tone: 'danger', title: text.noAnswer });
    return null;
  }
}

/** `#action` of an answer; what is none is said in the corner. */
async function inside(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const found = page.getElementById('action');
  if (found) return document.adoptNode(found);
  const said = page.querySelector('main .empty p, main .empty :is(h1, h2)')?.textContent;
  toast({ tone: 'danger', title: said ?? fill(text.failed, { status: answer.status }) });
  return null;
}

// “Cancel” is a link to the folder on a page, and closes the dialog in one.
on('click', '#files-dialog [data-cancel]', (event, link) => {
  event.preventDefault();
  link.closest('dialog').close();
});

// Done: the dialog has served. On a page of its own the folder is shown.
document.addEventListener('files-changed', (event) => {
  document.getElementById('files-dialog')?.close();
  if (!document.getElementById('files') && event.detail.folder) location.href = `/files?path=${encodeURIComponent(event.detail.folder)}`;
});

// Closed: what was in it must not be found by ids any more. Told a little later: the next form may stand in it by then.
document.addEventListener('close', (event) => event.target.id === 'files-dialog' && !event.target.open && event.target.replaceChildren(), true);

/**
 * Sends fields as the form of an action would. What has to be asked first (something is there already, say) comes as a
 * form and opens in the dialog. @returns whether it was done or is under way
 */
export async function sendAction(action, fields) {
  const answer = await ask(action, { method: 'POST', headers: { 'hx-request': 'true' }, body: fields instanceof URLSearchParams ? fields : new URLSearchParams(fields) });
  if (!answer) return false;
  const away = answer.headers.get('hx-redirect');
  if (away) return void (location.href = away);
  const events = answer.headers.get('hx-trigger');
  if (events) for (const [name, detail] of Object.entries(JSON.parse(events))) document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  if (answer.ok && answer.status === 204) return true;
  // Done, with a notice that has something to press: it comes as a fragment, as htmx would take it.
  if (answer.ok && answer.headers.get('hx-reswap') === 'none') {
    const notices = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelectorAll('.toast');
    for (const notice of notices) document.getElementById('toasts')?.append(document.adoptNode(notice));
    htmx.process(document.getElementById('toasts'));
    return true;
  }
  // A refusal has said itself in the corner; a question is a form.
  const found = events && !answer.ok ? null : await inside(answer);
  if (found) await show(found);
  return false;
}

// Forms of actions go the same way: their answer may be a question of another status than 422, which htmx leaves alone.
document.addEventListener(
  'submit',
  (event) => {
    const form = event.target;
    if (!form.matches('form[hx-post][hx-target="#action"]')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    const action = button?.hasAttribute('formaction') ? button.formAction : form.getAttribute('hx-post');
    void sendOnce(form, button, () =>
      // “Undo” in a notice has served.
      sendAction(action, new URLSearchParams(new FormData(form, button))).finally(() => form.closest('.toast')?.remove()),
    );
  },
  true,
);
