// The rows of the folder that is shown: which are here, and how the others are fetched. A row keeps its element as long
// as it is here, so what the person looks at never changes under them.

/** Rows asked for at once, from a multiple of it on. */
const CHUNK = 100;
/** More than this are let go, the furthest first. */
const MOST = 1200;

let table = null;
let rows = new Map();
/** Rows as the panel drew them, without their place: the page writes into them, too. */
const drawn = new WeakMap();
const PLACE = ['data-i', 'aria-rowindex'];

function remember(row) {
  const copy = row.cloneNode(true);
  for (const name of PLACE) copy.removeAttribute(name);
  drawn.set(row, copy);
}
let asked = new Map();
let around = 0;

/** The list as it stands in the document, or null where there is none (an empty folder, a refusal). */
export const list = () => table;
export const total = () => (table ? Number(table.dataset.total) : 0);
export const rowAt = (index) => rows.get(index) ?? null;
export const indexOf = (row) => Number(row.dataset.i);
export const isHere = (index) => rows.has(index);
export const folderOf = () => document.getElementById('contents')?.dataset.path ?? '';

/** Takes over the list that the server drew. */
export function adopt() {
  forget();
  table = document.getElementById('files');
  for (const row of table?.tBodies[0].rows ?? []) {
    remember(row);
    rows.set(indexOf(row), row);
  }
}

function forget() {
  for (const { abort } of asked.values()) abort.abort();
  asked = new Map();
  rows = new Map();
}

/** The query that names this list: what `/files/rows` reads it again with, should the panel have let go of it. */
function query(extra) {
  const { folder, sort, q, hidden } = table.dataset;
  const fields = new URLSearchParams({ path: folder, sort });
  if (q) fields.set('filter', q);
  if (hidden) fields.set('hidden', 'on');
  for (const [name, value] of Object.entries(extra)) fields.set(name, String(value));
  return fields;
}

/** A window of rows as elements, without keeping them. @returns {{ listing, total, rows }} */
export async function fetchRows(listing, from, count, signal) {
  const answer = await fetch(`/files/rows?${query({ listing, from, count })}`, { signal });
  if (!answer.ok) throw new Error(String(answer.status));
  const body = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('tbody');
  const found = [...body.rows].map((row) => document.adoptNode(row));
  found.forEach(remember);
  return { listing: body.dataset.listing, total: Number(body.dataset.total), rows: found };
}

/**
 * Sees to it that these rows are here; `changed` is called when more have come, `failed` when they cannot.
 * What was asked for elsewhere and is not needed any more is given up.
 */
export function need(from, to, changed, failed) {
  around = (from + to) / 2;
  const first = Math.floor(from / CHUNK) * CHUNK;
  for (const [at, { abort }] of asked) {
    if (at + CHUNK > from && at < to) continue;
    abort.abort();
    asked.delete(at);
  }
  for (let at = first; at < Math.min(to, total()); at += CHUNK) {
    const until = Math.min(at + CHUNK, total());
    if (!asked.has(at) && missing(Math.max(at, from), Math.min(until, to))) void ask(at, changed, failed);
  }
}

function missing(from, to) {
  for (let i = from; i < to; i++) if (!rows.has(i)) return true;
  return false;
}

async function ask(at, changed, failed) {
  const abort = new AbortController();
  asked.set(at, { abort });
  const of = table;
  try {
    const found = await fetchRows(table.dataset.listing, at, CHUNK, abort.signal);
    if (table !== of || abort.signal.aborted) return;
    // The panel has read the folder again: what is known of other rows is not true any more.
    if (found.listing !== table.dataset.listing) {
      rows = new Map();
      setListing(found.listing, found.total);
    }
    put(found.rows);
    changed();
  } catch (error) {
    if (error.name !== 'AbortError' && table === of) failed();
  } finally {
    if (asked.get(at)?.abort === abort) asked.delete(at);
  }
}

function put(found) {
  for (const row of found) if (!rows.has(indexOf(row))) rows.set(indexOf(row), row);
  if (rows.size <= MOST) return;
  const far = [...rows.keys()].sort((a, b) => Math.abs(b - around) - Math.abs(a - around));
  for (const index of far.slice(0, rows.size - MOST)) rows.delete(index);
}

export function setListing(id, count) {
  table.dataset.listing = id;
  table.dataset.total = String(count);
  table.setAttribute('aria-rowcount', String(count + 1));
}

/** Another state of the same folder: these rows are what is known of it. What has not changed keeps its element: somebody may be about to press it. */
export function replaceRows(found) {
  const old = new Map([...rows.values()].map((row) => [row.dataset.name, row]));
  forget();
  put(found.map((fresh) => kept(old.get(fresh.dataset.name), fresh)));
}

function kept(old, fresh) {
  if (!old || !drawn.get(old).isEqualNode(drawn.get(fresh))) return fresh;
  for (const name of PLACE) old.setAttribute(name, fresh.getAttribute(name));
  return old;
}

/** Position of a name in the whole list; -1 when it is not in it. */
export async function find(fields) {
  const answer = await fetch(`/files/names/find?${new URLSearchParams({ listing: table.dataset.listing, ...fields })}`);
  return answer.ok ? (await answer.json()).index : -1;
}

/** Names in a range as [name, type] pairs, also of rows that are not here. */
export async function namesIn(from, count) {
  const answer = await fetch(`/files/names?${new URLSearchParams({ listing: table.dataset.listing, from, count })}`);
  return answer.ok ? (await answer.json()).items : [];
}

/** Which of these names are in the list. */
export async function present(names) {
  if (!table) return [];
  const answer = await fetch('/files/names/present', { method: 'POST', body: new URLSearchParams([['listing', table.dataset.listing], ...names.map((name) => ['name', name])]) });
  return answer.ok ? (await answer.json()).items : names;
}

export const currentRows = () => rows.values();
