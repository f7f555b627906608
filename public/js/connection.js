// The banner that says when the panel does not answer, and why, and the way to the sign-in; one for all streams of a page.
import { goElsewhere } from './elsewhere.js';
import { toast } from './toast.js';
import { text } from './text.js';

const QUIET_MS = 3000;
const banner = document.getElementById('connection');
let timer;
let shown = false;

function show(title, detail) {
  if (!banner) return;
  const words = document.createElement('b');
  words.textContent = title;
  banner.querySelector('p').replaceChildren(words, ' ', detail);
  banner.hidden = false;
  shown = true;
}

/** A stream broke: said after 3 s, because most come back sooner. */
export function lost() {
  document.body.dataset.stale = '';
  if (!shown) timer ??= setTimeout(() => show(text.connection.lost, text.connection.lostDetail), QUIET_MS);
}

/** The panel said that it goes: `restart` or `stop`. */
export function leaving(reason) {
  document.body.dataset.stale = '';
  const words = text.connection;
  if (reason === 'restart') show(words.restarting, words.restartingDetail);
  else show(words.stopped, words.stoppedDetail);
}

/** It answers again. A page of another version is loaded anew: its scripts belong to the old one. */
export async function back() {
  clearTimeout(timer);
  timer = undefined;
  delete document.body.dataset.stale;
  if (!shown) return;
  shown = false;
  const version = await panelVersion();
  if (version && version !== document.body.dataset.version) return goElsewhere(() => location.reload());
  if (banner) banner.hidden = true;
  toast({ tone: 'ok', title: text.connection.back });
}

/** The version of a panel that answers, or null. */
export async function panelVersion() {
  try {
    const answer = await fetch('/healthz', { cache: 'no-store' });
    return answer.ok ? (await answer.json()).version : null;
  } catch {
    return null;
  }
}

/** Who stays, because something is not saved, is asked again by the next stream that ends. */
const GOING_MS = 3000;
let going = false;

/** To the sign-in, and back here after it. The streams of a page and its terminal all end at once: it is left one time. */
export function signIn() {
  if (going) return;
  going = true;
  setTimeout(() => (going = false), GOING_MS);
  const next = location.pathname + location.search;
  // Who signs out is on the way there already.
  goElsewhere(() => location.assign(next === '/' ? '/signin' : `/signin?next=${encodeURIComponent(next)}`));
}
