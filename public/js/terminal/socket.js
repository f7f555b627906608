// The line to one terminal: binary frames, one byte of type and what it says (src/platform/pty-host/frames.ts).
// It comes back by itself and goes on where the screen stopped.
import { signIn } from '../connection.js';

const TYPE = { attached: 'h', output: 'o', deflated: 'z', restart: 'r', size: 's', presence: 'v', exit: 'x', input: 'i', ack: 'a', ping: 'p' };
const code = (name) => TYPE[name].charCodeAt(0);
const names = new Map(Object.keys(TYPE).map((name) => [code(name), name]));

const FIRST_MS = 250;
const MOST_MS = 10_000;
const PING_MS = 10_000;
/** Largest piece of a paste in one frame. */
const PIECE = 64 * 1024;
/** What is typed before the first line is there, which takes a moment; more is no typing. */
const EARLY_MOST = 4096;
/** CLOSE in src/http/socket.ts. */
const CLOSED = { signedOut: 4401, gone: 4404, bad: 4400 };

const decoder = new TextDecoder();
const json = (payload) => JSON.parse(decoder.decode(payload));

/**
 * @param url called at each connection: the address with what the screen has and how large it is
 * @param on `attached`, `output`, `restart`, `size`, `presence`, `exit` get what they say; `line(state, ms)` hears of the line itself:
 *   "connecting", "connected", "lost", "gone"
 */
export function connect(url, on) {
  let socket = null;
  let wait = FIRST_MS;
  let closed = false;
  let timer;
  let pings;
  /** Frames are drawn in order, also when one of them takes time to unpack. */
  let chain = null;
  /** Frames of keys for a line that has yet to come; null when it came, or did not. */
  let early = [];

  const open = () => {
    clearTimeout(timer);
    socket = new WebSocket(url());
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => take(new Uint8Array(data));
    socket.onopen = () => {
      wait = FIRST_MS;
      for (const frame of early ?? []) socket.send(frame);
      early = null;
      ping();
      pings = setInterval(ping, PING_MS);
    };
    socket.onclose = ({ code: why }) => {
      clearInterval(pings);
      socket = null;
      early = null;
      if (closed) return;
      if (why === CLOSED.signedOut) return signIn();
      if (why === CLOSED.gone || why === CLOSED.bad) return on.line('gone');
      on.line('lost');
      timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
      wait = Math.min(MOST_MS, wait * 2);
    };
  };

  const ping = () => {
    const at = new DataView(new ArrayBuffer(8));
    at.setFloat64(0, performance.now());
    send('ping', new Uint8Array(at.buffer));
  };

  const take = (bytes) => {
    const name = names.get(bytes[0]);
    const payload = bytes.subarray(1);
    if (name === 'ping') return on.line('connected', Math.max(0, performance.now() - new DataView(payload.buffer, payload.byteOffset).getFloat64(0)));
    if (name !== 'deflated' && chain === null) return handle(name, payload);
    const unpacked = name === 'deflated' ? inflate(payload) : payload;
    const before = chain ?? Promise.resolve();
    const mine = before.then(async () => handle(name === 'deflated' ? 'output' : name, await unpacked)).catch(() => socket?.close());
    chain = mine;
    void mine.then(() => {
      if (chain === mine) chain = null;
    });
  };

  const handle = (name, payload) => {
    if (name === 'output') return on.output(payload);
    if (name === 'restart') return on.restart(view(payload).getFloat64(0, true), payload.subarray(8));
    if (name === 'size') return on.size(view(payload).getUint16(0, true), view(payload).getUint16(2, true));
    if (name === 'attached' || name === 'presence' || name === 'exit') on[name](json(payload));
  };

  const send = (name, payload) => {
    const isOpen = socket?.readyState === WebSocket.OPEN;
    if (!isOpen && !(name === 'input' && isEarly(payload))) return false;
    const frame = new Uint8Array(payload.length + 1);
    frame[0] = code(name);
    frame.set(payload, 1);
    if (isOpen) socket.send(frame);
    else early.push(frame);
    return true;
  };

  const isEarly = (payload) => early !== null && early.reduce((sum, { length }) => sum + length, payload.length) <= EARLY_MOST;

  on.line('connecting');
  open();
  // A laptop that wakes up, or a phone that is back from a tunnel, does not wait for the next try.
  const wake = () => {
    if (!socket && !closed && !document.hidden) open();
  };
  addEventListener('online', wake);
  document.addEventListener('visibilitychange', wake);

  return {
    /** @returns false when the line is lost: nothing typed is kept for later, where it might do something else */
    input(bytes) {
      for (let at = 0; at < bytes.length; at += PIECE) if (!send('input', bytes.subarray(at, at + PIECE))) return false;
      return true;
    },
    ack(offset) {
      const at = new DataView(new ArrayBuffer(8));
      at.setFloat64(0, offset, true);
      send('ack', new Uint8Array(at.buffer));
    },
    /** @returns was it sent? */
    size(cols, rows) {
      const size = new DataView(new ArrayBuffer(4));
      size.setUint16(0, cols, true);
      size.setUint16(2, rows, true);
      return send('size', new Uint8Array(size.buffer));
    },
    close() {
      closed = true;
      clearTimeout(timer);
      clearInterval(pings);
      removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', wake);
      socket?.close();
    },
  };
}

const view = (payload) => new DataView(payload.buffer, payload.byteOffset, payload.byteLength);

async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
