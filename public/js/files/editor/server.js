// What the editor asks the panel. An answer counts as what it says only when it really is the panel's: a proxy's page with
// status 200 has saved nothing.
import { fill } from '../../text.js';
import { query, words } from './words.js';

const WAIT_MS = 120_000;

async function ask(url, init = {}) {
  let answer;
  try {
    // A session that is over redirects to the sign-in page: that is no answer to follow.
    answer = await fetch(url, { redirect: 'manual', cache: 'no-store', signal: AbortSignal.timeout(WAIT_MS), ...init });
  } catch {
    return { status: 0, body: null };
  }
  if (answer.type === 'opaqueredirect' || answer.status === 401) return { status: 401, body: null };
  try {
    return { status: answer.status, body: await answer.json() };
  } catch {
    return { status: answer.status === 200 ? 502 : answer.status, body: null };
  }
}

const reason = ({ status, body }, silent) => {
  if (body?.error) return body.error;
  if (status === 0) return silent;
  return status === 401 ? words.errors.signedOut : fill(words.errors.failed, { status: String(status) });
};

/** `{ text, hash, … }` or `{ error, status }` */
export async function openText(path, encoding) {
  const answer = await ask(`/files/text?${query({ path, encoding })}`);
  return typeof answer.body?.hash === 'string' && typeof answer.body.text === 'string' ? answer.body : { error: reason(answer, words.errors.notOpened), field: answer.body?.field, status: answer.status };
}

/** `{ hash, … }`, or `{ error, status, disk?, line?, column? }`: then nothing was saved, or nobody knows. */
export async function saveText(body) {
  const answer = await ask('/files/text', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (answer.status === 200 && typeof answer.body?.hash === 'string') return answer.body;
  return { ...answer.body, error: reason(answer, words.errors.noAnswer), status: answer.status };
}

export async function listBranch(path) {
  const answer = await ask(`/files/edit/branch?${query({ path })}`);
  return Array.isArray(answer.body?.entries) ? answer.body : null;
}
