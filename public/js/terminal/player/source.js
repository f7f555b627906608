// The events of a recording (asciicast v2: a line of JSON each), fetched in pieces from any byte at which a line begins.
// However long it is, no more than a few pieces are here.
const KEPT = 6;
const NEWLINE = 0x0a;

/**
 * @param fetchPart gives the bytes from an offset as an ArrayBuffer: 1 MiB, or what there is
 * @param end byte after the last whole line
 */
export function createSource(fetchPart, end) {
  const parts = new Map();
  let events = [];
  let first = 0;
  /** Next byte to fetch, and the piece of a line that ended there. */
  let at = 0;
  let rest = new Uint8Array(0);
  let loading = null;
  let round = 0;

  async function part(from) {
    const kept = parts.get(from);
    if (kept) return kept;
    const bytes = new Uint8Array(await fetchPart(from));
    parts.set(from, bytes);
    if (parts.size > KEPT) parts.delete(parts.keys().next().value);
    return bytes;
  }

  function parse(bytes, begin) {
    const decoder = new TextDecoder();
    const found = [];
    let from = 0;
    for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
      const event = eventOf(decoder.decode(bytes.subarray(from, to)), begin + from);
      if (event) found.push(event);
      from = to + 1;
    }
    rest = bytes.slice(from);
    events = [...events.slice(first), ...found];
    first = 0;
  }

  async function fill(mine) {
    const bytes = await part(at);
    if (mine !== round) return;
    const whole = new Uint8Array(rest.length + bytes.length);
    whole.set(rest);
    whole.set(bytes, rest.length);
    const begin = at - rest.length;
    // Nothing where there should be something: the file has become shorter.
    at = bytes.length === 0 ? end : at + bytes.length;
    parse(whole, begin);
  }

  return {
    /** The next event, if it is here: `{ byte, seconds, kind, text }`. */
    next: () => events[first],
    take: () => events[first++],
    /** Where the next event lies in the file, as far as it is known. */
    byte: () => events[first]?.byte ?? at - rest.length,
    over: () => first >= events.length && at >= end,
    seek(byte) {
      round++;
      loading = null;
      events = [];
      first = 0;
      at = byte;
      rest = new Uint8Array(0);
    },
    /** Fetches what comes next. @throws Error when the panel does not answer */
    load() {
      if (at >= end) return Promise.resolve();
      const mine = round;
      loading ??= fill(mine).finally(() => {
        if (mine === round) loading = null;
      });
      return loading;
    },
    /** Is it time to fetch what comes next, before it is needed? */
    get isLow() {
      return events.length - first < 200 && at < end;
    },
  };
}

function eventOf(line, byte) {
  if (!line.startsWith('[')) return null;
  try {
    const [seconds, kind, text] = JSON.parse(line);
    return typeof seconds === 'number' && typeof text === 'string' ? { byte, seconds, kind, text } : null;
  } catch {
    // Cut off, or not ours.
    return null;
  }
}
