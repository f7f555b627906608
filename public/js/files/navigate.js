// From folder to folder without loading the page: the document of the next one is fetched and its parts take the places
// of these. Addresses and the browser's back and forward are real.
import htmx from 'htmx.org';
import { toast } from '../toast.js';
import { text } from '../text.js';
import { adopt, fetchRows, find, list, replaceRows, rowAt, setListing, total } from './rows.js';
import { draw, firstInView, measured, pin, scroller, windowOf } from './scroll.js';

const BUSY_MS = 200;
const PARTS = ['files-head', 'bars', 'contents', 'selection', 'palette-items'];
/** What changes when only the order or the filter does: the box that is typed in stays. */
const LIST_PARTS = ['contents'];

let under = null;
/** Called with the reason ('folder', 'list', 'refresh') after something else is shown. */
const listeners = [];
export const onShown = (run) => void listeners.push(run);
const tell = (reason, detail) => listeners.forEach((run) => run(reason, detail));

/** Between two looks at a folder that changes all the time. */
const AGAIN_MS = 250;
let renewing = false;
let later;
const isDragging = () => 'dragging' in document.body.dataset;

export const here = () => new URL(location.href);
export const hrefOf = (path) => `/files?path=${encodeURIComponent(path).replaceAll('%2F', '/')}`;

/** @returns the document behind an address, or null when it is no page of folders (signed out, say) or another one came after */
async function load(url, headers = {}) {
  under?.abort();
  const abort = (under = new AbortController());
  const busy = setTimeout(() => document.getElementById('contents')?.setAttribute('aria-busy', 'true'), BUSY_MS);
  try {
    const answer = await fetch(url, { headers: { accept: 'text/html', ...headers }, signal: abort.signal });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (!page.getElementById('contents') || (answer.redirected && new URL(answer.url).pathname !== '/files')) return void (location.href = url);
    return page;
  } catch (error) {
    if (error.name !== 'AbortError') toast({ tone: 'danger', title: text.noAnswer });
    return null;
  } finally {
    clearTimeout(busy);
    document.getElementById('contents')?.removeAttribute('aria-busy');
    if (under === abort) under = null;
  }
}

/**
 * Shows a folder. `push` makes a step of the browser's history; `at` is what was seen of it before ({ top, name });
 * `only: 'list'` leaves everything but the list as it is.
 */
export async function visit(url, { push = true, replace = false, at = null, only = null, from = null, focus = true } = {}) {
  remember();
  const page = await load(url);
  if (!page) return false;
  const shown = new URL(url, location.href);
  shown.searchParams.delete('of');
  if (replace) history.replaceState({ ...history.state }, '', shown);
  else if (push) history.pushState({}, '', shown);
  const held = document.activeElement?.closest('#contents, #path') !== null || document.activeElement === document.body;
  document.title = page.title;
  for (const id of only === 'list' ? LIST_PARTS : PARTS) swap(id, page);
  adopt();
  measured();
  pin(-1);
  scroller().scrollTop = at?.top ?? 0;
  tell(only === 'list' ? 'list' : 'folder', { name: at?.name ?? from, focus: focus && held });
  return true;
}

function swap(id, page) {
  const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
  if (!old || !fresh) return;
  const node = document.adoptNode(fresh);
  old.replaceWith(node);
  htmx.process(node);
}

/** Keeps where the person is in this step of the history. */
export function remember() {
  const name = document.activeElement?.closest('tr[data-name]')?.dataset.name ?? history.state?.at?.name ?? null;
  history.replaceState({ ...history.state, at: { top: scroller().scrollTop, name } }, '');
}

addEventListener('popstate', (event) => {
  if (location.pathname === '/files') void visit(location.href, { push: false, at: event.state?.at ?? null });
});

/**
 * The same folder as it is now. Place, focus and selection stay: the rows in view come first, then everything changes at
 * once.
 */
export async function refresh() {
  clearTimeout(later);
  // What is on its way may have been drawn before the change that is told now: looked at again afterwards. Under a drag nothing moves.
  if (under || renewing || isDragging()) return void (later = setTimeout(() => void refresh(), AGAIN_MS));
  renewing = true;
  await renew().finally(() => (renewing = false));
}

async function renew() {
  const page = await load(location.href, { 'x-refresh': '1' });
  if (!page) return;
  const [table, fresh] = [list(), page.getElementById('files')];
  if (!table || !fresh) {
    for (const id of LIST_PARTS) swap(id, page);
    adopt();
    measured();
    return tell('refresh', {});
  }
  const [from, to] = windowOf();
  const { listing } = fresh.dataset;
  const count = Math.min(500, Math.max(1, to - from));
  const start = Math.max(0, Math.min(from, Number(fresh.dataset.total) - count));
  let found;
  try {
    found = await fetchRows(listing, start, count, new AbortController().signal);
  } catch {
    return;
  }
  if (list() !== table) return;
  if (isDragging()) return void (later = setTimeout(() => void refresh(), AGAIN_MS));
  const focused = document.activeElement?.closest('#files tr[data-name]')?.dataset.name ?? null;
  setListing(found.listing, found.total);
  replaceRows(found.rows);
  document.getElementById('statusbar')?.replaceWith(document.adoptNode(page.getElementById('statusbar')));
  pin(-1);
  draw();
  tell('refresh', { name: focused, focus: focused !== null });
}

/** Where a name is now: among the rows that are here, else the panel says. */
export async function placeOf(name) {
  for (let i = firstInView(); i < Math.min(total(), firstInView() + 60); i++) if (rowAt(i)?.dataset.name === name) return i;
  return find({ name });
}
