// OSC 52: a program may put something on the clipboard when the person says so (xterm, "Operating System Commands":
// `ESC ] 52 ; c ; aGVsbG8= BEL`). It never learns what is there, and a question is not answered at all: the answer would repeat
// what stood in the question, typed.

/** Who was refused does not ask again before: a file could ask ten thousand times. */
const QUIET_MS = 60_000;

/** @param offer asks the person and does it, and says whether they said yes. @param quiet is nothing to be asked now? */
export function wireClipboard(term, offer, quiet = () => false, now = () => performance.now()) {
  let busy = false;
  let quietUntil = -Infinity;
  const ask = async (text) => {
    busy = true;
    if (!(await offer(text).catch(() => false))) quietUntil = now() + QUIET_MS;
    busy = false;
  };
  // What comes after it is drawn meanwhile.
  term.parser.registerOscHandler(52, (data) => {
    const text = decoded(data.slice(data.indexOf(';') + 1));
    if (text && !busy && !quiet() && now() >= quietUntil) void ask(text);
    return true;
  });
}

function decoded(base64) {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  } catch {
    // A question, or nothing that can be read.
    return '';
  }
}
