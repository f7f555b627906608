// Unsaved text survives a reload, a crash and a lost connection: a copy in this browser's IndexedDB, a row for each file of a
// person. Kept for 30 days, 30 files, 8 MiB each, and gone when the file is saved or the change is discarded.
const NAME = 'mantou-drafts';
const STORE = 'drafts';
const MOST = 30;
const BYTES_MOST = 8 << 20;
const DAYS_30 = 30 * 86_400_000;

let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function run(mode, work) {
  const db = await open();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(STORE, mode);
    const request = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

// A second one is what is typed while the first is still to be decided about: neither takes the other's place.
const keyOf = (person, path, second) => `${person}\n${path}${second ? '\nsecond' : ''}`;

/** `{ path, text, base, baseText, encoding, bom, lineEnd }` @returns false when it is not kept */
export async function keepDraft(person, draft, second = false) {
  if ((draft.text.length + draft.baseText.length) * 2 > BYTES_MOST) draft = { ...draft, baseText: null };
  if (draft.text.length * 2 > BYTES_MOST) return false;
  try {
    await run('readwrite', (store) => store.put({ ...draft, key: keyOf(person, draft.path, second), at: Date.now() }));
    void tidy();
    return true;
  } catch {
    return false;
  }
}

/** The first; when there is none, the second becomes it. */
export async function readDraft(person, path) {
  const get = (second) => run('readonly', (store) => store.get(keyOf(person, path, second))).catch(() => undefined);
  const first = await get(false);
  if (first) return first;
  const second = await get(true);
  if (!second) return undefined;
  await run('readwrite', (store) => (store.delete(second.key), store.put({ ...second, key: keyOf(person, path, false) }))).catch(() => {});
  return second;
}

export const dropDraft = (person, path, second = false) => run('readwrite', (store) => store.delete(keyOf(person, path, second))).catch(() => {});

async function tidy() {
  const all = (await run('readonly', (store) => store.getAll())).sort((a, b) => b.at - a.at);
  for (const [i, draft] of all.entries())
    if (i >= MOST || draft.at < Date.now() - DAYS_30) await run('readwrite', (store) => store.delete(draft.key));
}
