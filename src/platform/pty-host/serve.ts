import type { Socket } from 'bun';
import type { PtyDriver } from '../pty/pty.ts';
import { Connection } from './connection.ts';
import { FRAME, FrameReader } from './frames.ts';
import { isNonce, isProof, newNonce, proofOf, type Nonces } from './handshake.ts';
import type { Challenge, Greeting, Hello, HostCalls, HostEvent, TerminalSpec } from './protocol.ts';
import { Terminal } from './terminal.ts';
import type { Viewer } from './viewer.ts';

/** A terminal that has ended is kept so long for somebody who comes back to see how. */
const LEFT_MS = 60_000;
const TICK_MS = 1000;
/** Without any terminal the process ends after this: the panel has just started it, or is about to ask for the next. */
const EMPTY_MS = 5000;
/** Bytes of a token: nobody serves without one. */
const TOKEN_LEAST = 32;
/** A connection that does not say who it is, is closed. */
const HELLO_MS = 5000;

export interface PtyHostOptions {
  /** Path of a socket, or of a named pipe. */
  path: string;
  token: string;
  pty: PtyDriver;
  now?(): number;
  passed?(): number;
  onFault(error: unknown): void;
  /** Ends it with all its terminals. */
  signal?: AbortSignal;
}

interface Peer {
  connection: Connection;
  reader: FrameReader;
  /** Of this connection, once it has begun to say who it is. */
  nonces: Nonces | null;
  /** null until it has said who it is. */
  role: 'panel' | Viewer | null;
}

/** Holds terminals until the last one has ended. @returns when that is so */
export async function servePtyHost(options: PtyHostOptions): Promise<void> {
  const { now = Date.now, passed = () => performance.now(), onFault } = options;
  const { token } = options;
  if (token.length < TOKEN_LEAST) throw new Error('a token that anybody could guess');
  const terminals = new Map<string, Terminal>();
  const panels = new Set<Connection>();
  const over = Promise.withResolvers<void>();
  options.signal?.addEventListener('abort', () => over.resolve());
  let emptySince = passed();

  const tell = (event: HostEvent) => {
    for (const panel of panels) panel.json(FRAME.event, event);
  };

  const find = (id: string): Terminal => {
    const terminal = terminals.get(id);
    if (!terminal) throw new Refusal('not_found');
    return terminal;
  };

  const create = (spec: TerminalSpec): Terminal => {
    if (terminals.has(spec.id)) throw new Refusal('conflict');
    const terminal: Terminal = new Terminal(spec, {
      pty: options.pty, now, passed,
      onChange: () => tell({ kind: 'changed', id: spec.id }),
      onRecorded: (path, state) => tell({ kind: 'recorded', id: spec.id, path, state }),
      onEnd() {
        const { exit, title, start, end } = terminal.state();
        tell({ kind: 'ended', id: spec.id, exit: exit!, title, start, end });
      },
    });
    terminals.set(spec.id, terminal);
    return terminal;
  };

  const remove = (terminal: Terminal) => {
    if (!terminals.delete(terminal.id)) return;
    terminal.close();
    emptySince = passed();
    tell({ kind: 'removed', id: terminal.id });
  };

  const calls: { [K in keyof HostCalls]: (params: HostCalls[K]['params']) => HostCalls[K]['result'] | Promise<HostCalls[K]['result']> } = {
    list: () => [...terminals.values()].map((terminal) => terminal.state()),
    create: (spec) => create(spec).state(),
    async kill({ id }) {
      const terminal = find(id);
      if (terminal.exit) remove(terminal);
      else await terminal.kill();
      return {};
    },
    resize: ({ id, cols, rows }) => find(id).resize({ cols, rows }),
    input: ({ id, base64 }) => ({ taken: find(id).input(Buffer.from(base64, 'base64')) }),
    output({ id, from, most }) {
      const { ring, exit } = find(id);
      const first = Math.min(Math.max(from, ring.start), ring.end);
      const head = ring.read(first, most);
      // At most two pieces: the ring is one, cut once.
      const bytes = Buffer.concat([head, ring.read(first + head.length, most - head.length)]);
      return { base64: bytes.toString('base64'), from: first, start: ring.start, end: ring.end, over: exit !== null };
    },
    record({ id, path }) {
      find(id).record(path);
      return {};
    },
  };

  const answer = async (connection: Connection, payload: Buffer) => {
    const { id, method, params } = JSON.parse(payload.toString()) as { id: number; method: keyof HostCalls; params: never };
    try {
      if (!Object.hasOwn(calls, method)) throw new Refusal('unknown');
      connection.json(FRAME.answer, { id, result: await calls[method](params) });
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      if (typeof code !== 'string') onFault(error);
      connection.json(FRAME.answer, { id, error: typeof code === 'string' ? code : 'internal' });
    }
  };

  const greet = (peer: Peer, payload: Buffer) => {
    const { nonce } = JSON.parse(payload.toString()) as Greeting;
    if (!isNonce(nonce)) return peer.connection.end();
    const own = newNonce();
    peer.nonces = [nonce, own];
    peer.connection.json(FRAME.hello, { nonce: own, proof: proofOf(token, 'host', peer.nonces) } satisfies Challenge);
  };

  const enter = (peer: Peer, nonces: Nonces, payload: Buffer) => {
    const hello = JSON.parse(payload.toString()) as Hello;
    if (!isProof(hello.proof, token, 'panel', nonces)) return peer.connection.end();
    if (hello.as === 'panel') {
      peer.role = 'panel';
      panels.add(peer.connection);
      return;
    }
    const terminal = terminals.get(hello.id);
    // Nothing but the end: the panel knows which terminals there are.
    if (!terminal) return peer.connection.end();
    peer.role = terminal.attach(peer.connection, hello);
    viewed.set(peer.role, terminal);
  };

  const viewed = new Map<Viewer, Terminal>();
  const leave = (peer: Peer) => {
    const { role, connection } = peer;
    panels.delete(connection);
    if (role === null || role === 'panel') return;
    viewed.get(role)?.detach(role);
    viewed.delete(role);
    peer.role = null;
  };

  const server = Bun.listen<Peer>({
    unix: options.path,
    socket: {
      open(socket: Socket<Peer>) {
        const connection = new Connection(socket);
        const peer: Peer = { connection, role: null, nonces: null, reader: new FrameReader((type, payload) => take(peer, socket, type, payload)) };
        socket.data = peer;
        setTimeout(() => peer.role === null && socket.end(), HELLO_MS);
      },
      data(socket, bytes) {
        try {
          socket.data.reader.push(bytes);
        } catch (error) {
          onFault(error);
          socket.terminate();
        }
      },
      drain({ data: { connection, role } }) {
        if (connection.drain() && role !== null && role !== 'panel') role.goOn();
      },
      close: (socket) => leave(socket.data),
      error: (socket) => leave(socket.data),
    },
  });

  const take = (peer: Peer, socket: Socket<Peer>, type: number, payload: Buffer) => {
    if (peer.role === null) {
      if (type !== FRAME.hello) return void socket.terminate();
      return peer.nonces ? enter(peer, peer.nonces, payload) : greet(peer, payload);
    }
    if (peer.role === 'panel') {
      if (type === FRAME.call) void answer(peer.connection, payload);
      return;
    }
    if (!peer.role.take(type, payload)) socket.terminate();
  };

  const timer = setInterval(() => {
    for (const terminal of [...terminals.values()]) {
      terminal.tick();
      if ((terminal.leftFor ?? 0) > LEFT_MS) remove(terminal);
    }
    if (terminals.size > 0) emptySince = passed();
    else if (passed() - emptySince > EMPTY_MS) over.resolve();
  }, TICK_MS);

  await over.promise;
  clearInterval(timer);
  for (const terminal of [...terminals.values()]) remove(terminal);
  server.stop(true);
}

/** Said to the panel by its code; everything else that is thrown without a code is a bug. */
class Refusal extends Error {
  constructor(readonly code: 'not_found' | 'conflict' | 'unknown') {
    super(code);
  }
}
