// One file on its way: one tus.Upload after the other until it is there, refused, or told to wait.
import { Answer, detailOf, stack, useOverride } from './wire.js';

const ENDPOINT = '/files/upload';
/** A file up to this size goes out together with its announcement: one request for each of many small ones. */
const SMALL = 512 << 10;
/** Bytes of one request. A proxy may take less: it is halved and remembered. */
const CHUNK = 64 << 20;
const CHUNK_LEAST = 64 << 10;
const CHUNK_KEY = 'upload-chunk';
/** A wrong offset, a checksum that differs: asked again at once, but not for ever. */
const TRIES = 5;

let library = null;
/** tus-js-client is no ES module: it puts itself on the global object. */
const load = () => (library ??= import('tus-js-client').then(() => globalThis.tus));

const chunkSize = () => Number(localStorage.getItem(CHUNK_KEY)) || CHUNK;
function halve() {
  const next = Math.floor(chunkSize() / 2);
  if (next < CHUNK_LEAST) return false;
  localStorage.setItem(CHUNK_KEY, String(next));
  return true;
}

const isSmall = (item) => item.size <= Math.min(SMALL, chunkSize());

function metadataOf({ folder, way, conflict, file }) {
  const name = way.split('/').at(-1);
  return { filename: name, path: folder, conflict, lastModified: String(file.lastModified), ...(way.includes('/') ? { relativePath: way } : {}) };
}

/**
 * Sends `item.file`. `on.progress(sent)`, `on.begun(url)` when the panel knows of it.
 * @returns {Promise<{ name: string | null }>} the name it got
 * @throws Answer: status 0 without an answer, 'aborted' when `signal` says so
 */
export async function transfer(item, signal, on) {
  const tus = await load();
  for (let tries = 0; ; tries++) {
    try {
      return await once(tus, item, signal, on);
    } catch (error) {
      if (signal.aborted || !(error instanceof Answer)) throw error;
      const again = (error.status === 413 && halve()) || (error.status === 405 && useOverride()) || ([409, 423, 460].includes(error.status) && tries < TRIES);
      if (!again) throw error;
    }
  }
}

function once(tus, item, signal, on) {
  const { promise, resolve, reject } = Promise.withResolvers();
  let name = null;
  const upload = new tus.Upload(item.file, {
    endpoint: ENDPOINT,
    uploadUrl: item.url,
    metadata: metadataOf(item),
    chunkSize: chunkSize(),
    uploadDataDuringCreation: isSmall(item),
    storeFingerprintForResuming: false,
    // What to do after a failure is decided above, with more knowledge.
    retryDelays: null,
    httpStack: stack(tus),
    onProgress: (sent) => on.progress(sent),
    onUploadUrlAvailable() {
      item.url = upload.url;
      if (!isSmall(item)) on.begun();
    },
    onAfterResponse(_request, answer) {
      const said = answer.getHeader('Mantou-Upload-Name');
      if (said) name = decodeURIComponent(said);
    },
    onSuccess: () => resolve({ name }),
    onError: (error) => reject(answerOf(error)),
  });
  const stop = () => {
    void upload.abort();
    reject(new Answer(0, 'aborted'));
  };
  if (signal.aborted) stop();
  else {
    signal.addEventListener('abort', stop, { once: true });
    upload.start();
  }
  return promise.finally(() => signal.removeEventListener('abort', stop));
}

function answerOf(error) {
  if (error.causingError instanceof Answer) return error.causingError;
  const answer = error.originalResponse;
  if (answer?.getStatus()) return new Answer(answer.getStatus(), detailOf(answer));
  // Without an answer: the line, the panel, or a file that is not what it was when it was chosen.
  return new Answer(error.originalRequest ? 0 : -1);
}

/** Takes an upload back; what has come of it is removed. */
export async function terminate(url) {
  const tus = await load();
  await tus.Upload.terminate(url, { httpStack: stack(tus), retryDelays: [0, 1000] }).catch(() => {});
}

/** Does the panel still know it? @returns bytes that it has, or null */
export async function askOffset(url) {
  const answer = await fetch(url, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } }).catch(() => null);
  if (!answer || (answer.status >= 400 && answer.status !== 404 && answer.status !== 410)) return { known: true, sent: 0 };
  const [offset, length] = ['upload-offset', 'upload-length'].map((name) => answer.headers.get(name));
  return { known: answer.ok && offset !== null && offset !== length, sent: Number(offset ?? 0) };
}

/** Gives a file that is wholly there its name, after the person said what to do. */
export async function place(url, conflict) {
  const answer = await post(`/files/uploads/${url.split('/').at(-1)}/place`, { conflict });
  return (await answer.json()).name;
}

/** Posts JSON. @throws Answer */
export async function post(path, body) {
  let answer;
  try {
    answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  } catch {
    throw new Answer(0);
  }
  if (answer.redirected) throw new Answer(401);
  if (answer.ok) return answer;
  throw new Answer(answer.status, (await answer.json().catch(() => ({}))).error ?? '');
}
