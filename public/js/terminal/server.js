// What the page asks of the panel besides the sockets: a form in, JSON out.
import { toast } from '../toast.js';
import { text } from '../text.js';

/** @returns the answer, or null after a refusal, which has been said in the corner */
export async function send(path, fields = {}) {
  try {
    const answer = await fetch(path, { method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams(fields) });
    if (answer.redirected) return void location.reload();
    const body = await answer.json();
    if (answer.ok) return body;
    toast({ tone: 'danger', title: body.error ?? body.detail ?? String(answer.status) });
  } catch {
    toast({ tone: 'danger', title: text.noAnswer });
  }
  return null;
}
