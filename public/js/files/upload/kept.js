// Unfinished uploads, remembered beyond the page: where they are in localStorage, and, where the browser hands them out,
// the files themselves (handles in IndexedDB, which cannot hold them as text).
const PREFIX = 'upload:';
const CHANNEL = 'mantou-uploads';
const ASK_MS = 250;
const STORE = 'handles';

export function keep({ url, folder, way, size, lastModified, conflict, handle }) {
  try {
    localStorage.setItem(PREFIX + url, JSON.stringify({ folder, way, size, lastModified, conflict }));
  } catch {
    // Full, or forbidden: the upload goes on, only a reload forgets it.
  }
  if (handle) void write((store) => store.put(handle, url));
}

export function forget(url) {
  if (!url) return;
  localStorage.removeItem(PREFIX + url);
  if (globalThis.indexedDB && hasHandles) void write((store) => store.delete(url));
}

/** Those that no page has under way now. */
export async function left() {
  const all = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => ({ url: key.slice(PREFIX.length), ...parsed(key) }));
  if (!all.length) return [];
  const busy = await others();
  return all.filter(({ url, size }) => size !== undefined && !busy.has(url));
}

function parsed(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return {};
  }
}

const channel = globalThis.BroadcastChannel ? new BroadcastChannel(CHANNEL) : null;

/** Says to other pages what this one has under way. */
export function answerWith(urls) {
  channel?.addEventListener('message', ({ data }) => data === 'who' && channel.postMessage({ urls: urls() }));
}

async function others() {
  const busy = new Set();
  if (!channel) return busy;
  const hear = ({ data }) => data.urls?.forEach((url) => busy.add(url));
  channel.addEventListener('message', hear);
  channel.postMessage('who');
  await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  channel.removeEventListener('message', hear);
  return busy;
}

let hasHandles = false;

/** The file as the browser may open it again, or null. */
export async function handleOf(url) {
  if (!globalThis.FileSystemFileHandle || !globalThis.indexedDB) return null;
  return (await read((store) => store.get(url)).catch(() => null)) ?? null;
}

let database = null;
function opened() {
  hasHandles = true;
  database ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open('mantou-uploads', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return database;
}

async function run(mode, work) {
  const store = (await opened()).transaction(STORE, mode).objectStore(STORE);
  const asked = work(store);
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
const read = (work) => run('readonly', work);
const write = (work) => run('readwrite', work).catch(() => {});
