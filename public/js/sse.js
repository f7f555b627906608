// Live pages: one small module around EventSource. It comes back by itself, rests while the page is hidden,
// and knows the two events that every stream may carry: `bye` (the panel stops or restarts) and `signed-out`.
import { back, leaving, lost, panelVersion, signIn } from './connection.js';

const FIRST_MS = 500;
const MOST_MS = 10_000;
/** A page that nobody looks at lets its stream go after this. */
const HIDDEN_MS = 30_000;

/**
 * `subscribe('/live', { sample(value) {…} })`: each event's JSON goes to the function of its name.
 * `open()` is called at each (re)connection; a `url` that is a function is asked again for each. Returns `{ close(), url(next) }`.
 */
export function subscribe(url, events) {
  let source = null;
  let timer;
  let wait = FIRST_MS;
  let closed = false;

  const connect = () => {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(typeof url === 'function' ? url() : url);
    source.onopen = () => {
      wait = FIRST_MS;
      void back();
      events.open?.();
    };
    source.onerror = () => retry();
    source.addEventListener('bye', (event) => {
      leaving(JSON.parse(event.data).reason);
      retry();
    });
    source.addEventListener('signed-out', () => signIn());
    for (const [name, run] of Object.entries(events)) {
      if (name === 'open' || name === 'lost') continue;
      source.addEventListener(name, (event) => run(event.data ? JSON.parse(event.data) : null));
    }
  };

  const retry = () => {
    source?.close();
    source = null;
    if (closed || document.hidden) return;
    lost();
    events.lost?.();
    clearTimeout(timer);
    // A little chance, so that a hundred pages do not come back in the same moment.
    timer = setTimeout(attempt, wait * (0.75 + Math.random() / 2));
    wait = Math.min(MOST_MS, wait * 2);
  };

  // EventSource does not tell a refusal from silence: ask before trying again.
  const attempt = async () => {
    if (!(await panelVersion())) return retry();
    if (await isSignedOut()) return signIn();
    if (!closed) connect();
  };

  const rest = () => {
    clearTimeout(timer);
    if (document.hidden) {
      timer = setTimeout(() => {
        source?.close();
        source = null;
      }, HIDDEN_MS);
    } else if (!source && !closed) {
      wait = FIRST_MS;
      connect();
    }
  };
  document.addEventListener('visibilitychange', rest);
  // A page in the back/forward cache must not hold a connection.
  addEventListener('pagehide', () => {
    source?.close();
    source = null;
  });
  addEventListener('pageshow', (event) => {
    if (event.persisted && !closed) connect();
  });

  connect();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      source?.close();
      document.removeEventListener('visibilitychange', rest);
    },
    url(next) {
      url = next;
      connect();
    },
  };
}

/** Signed out, the page itself answers with a redirect to the sign-in. */
async function isSignedOut() {
  try {
    const answer = await fetch(location.pathname, { method: 'HEAD', redirect: 'manual', cache: 'no-store' });
    return answer.type === 'opaqueredirect' || answer.status === 401;
  } catch {
    return false;
  }
}
