import { Connection } from './connection.ts';
import { encodeOffset, encodeSize, FRAME, FrameReader, type Size } from './frames.ts';
import { isNonce, isProof, newNonce, proofOf } from './handshake.ts';
import type { PtyHostPlace } from './place.ts';
import type { Challenge, Greeting, Hello, HostCalls, HostEvent, ViewerHello } from './protocol.ts';

/** A refusal of the process that holds the shells, by its code: 'not_found', 'conflict', or of the system: 'ENOENT', 'EAGAIN' … */
export class PtyHostError extends Error {
  constructor(readonly code: string) {
    super(`pty-host: ${code}`);
  }
}

/** How long an answer may take: ending a terminal takes two seconds, everything else none. */
const ANSWER_MS = 15_000;
/** How long who listens there may take to show that it is the one: as long as for an answer, a machine may be that busy. */
const GREETING_MS = 15_000;

/** Omit, of each of several types. */
type WithoutProof<T> = T extends unknown ? Omit<T, 'proof'> : never;

export interface PtyHostClient {
  call<K extends keyof HostCalls>(method: K, params: HostCalls[K]['params']): Promise<HostCalls[K]['result']>;
  close(): void;
}

/** The panel's own connection. @throws Error when nobody listens there, PtyHostError 'silent' when somebody does and says nothing */
export async function connectPanel(place: PtyHostPlace, on: { event(event: HostEvent): void; close(): void }, greetingMs = GREETING_MS): Promise<PtyHostClient> {
  const waiting = new Map<number, { resolve(result: never): void; reject(error: Error): void; timer: ReturnType<typeof setTimeout> }>();
  let last = 0;
  const settle = (id: number, run: (one: { resolve(result: never): void; reject(error: Error): void }) => void) => {
    const one = waiting.get(id);
    if (!one) return;
    waiting.delete(id);
    clearTimeout(one.timer);
    run(one);
  };
  const { connection } = await open(place, { as: 'panel' }, {
    frame(type, payload) {
      if (type === FRAME.event) return on.event(JSON.parse(payload.toString()) as HostEvent);
      if (type !== FRAME.answer) return;
      const { id, result, error } = JSON.parse(payload.toString()) as { id: number; result?: never; error?: string };
      settle(id, (one) => (error === undefined ? one.resolve(result as never) : one.reject(new PtyHostError(error))));
    },
    close() {
      for (const id of [...waiting.keys()]) settle(id, (one) => one.reject(new PtyHostError('gone')));
      on.close();
    },
  }, greetingMs);
  return {
    close: () => connection.end(),
    call(method, params) {
      const id = ++last;
      const { promise, resolve, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => settle(id, (one) => one.reject(new PtyHostError('silent'))), ANSWER_MS);
      waiting.set(id, { resolve, reject, timer });
      connection.json(FRAME.call, { id, method, params });
      return promise;
    },
  };
}

export interface ViewerClient {
  input(bytes: Uint8Array): void;
  ack(offset: number): void;
  size(size: Size): void;
  close(): void;
  /** Stops reading, so that the other side stops sending; and reads on. */
  pause(): void;
  resume(): void;
}

/** One browser's connection to one terminal. Payloads are only lent. @throws Error when nobody listens there */
export async function connectViewer(place: PtyHostPlace, hello: ViewerHello, on: { frame(type: number, payload: Buffer): void; close(): void }): Promise<ViewerClient> {
  const { connection, socket } = await open(place, { as: 'viewer', ...hello }, on);
  return {
    input: (bytes) => connection.frame(FRAME.input, bytes),
    ack: (offset) => connection.frame(FRAME.ack, encodeOffset(offset)),
    size: (size) => connection.frame(FRAME.size, encodeSize(size)),
    close: () => connection.end(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
  };
}

/** @throws Error when nobody listens there, or somebody who does not know the token */
async function open(place: PtyHostPlace, hello: WithoutProof<Hello>, on: { frame(type: number, payload: Buffer): void; close(): void }, greetingMs = GREETING_MS) {
  const nonce = newNonce();
  const known = Promise.withResolvers<string>();
  let connection: Connection | null = null;
  let over = false;
  let greeted = false;
  const reader = new FrameReader((type, payload) => {
    if (greeted) return on.frame(type, payload);
    if (type !== FRAME.hello) throw new Error('no greeting');
    const { nonce: theirs, proof } = JSON.parse(payload.toString()) as Challenge;
    if (!isNonce(theirs) || !isProof(proof, place.token, 'host', [nonce, theirs])) throw new Error('somebody else');
    greeted = true;
    known.resolve(theirs);
  });
  // Once, whatever it is that Bun calls in the end.
  const close = () => {
    if (over) return;
    over = true;
    if (greeted) on.close();
    else known.reject(new PtyHostError('gone'));
  };
  const socket = await Bun.connect({
    unix: place.path,
    socket: {
      data(each, bytes) {
        try {
          if (!over) reader.push(bytes);
        } catch {
          each.terminate();
          close();
        }
      },
      drain: () => void connection?.drain(),
      close,
      error: close,
    },
  });
  connection = new Connection(socket);
  connection.json(FRAME.hello, { nonce } satisfies Greeting);
  const timer = setTimeout(() => {
    known.reject(new PtyHostError('silent'));
    socket.terminate();
  }, greetingMs);
  const theirs = await known.promise.finally(() => clearTimeout(timer));
  connection.json(FRAME.hello, { ...hello, proof: proofOf(place.token, 'panel', [nonce, theirs]) });
  return { connection, socket };
}
