import type { Server, ServerWebSocket, WebSocketHandler } from 'bun';
import type { Context } from 'hono';
import type { Env } from './env.ts';

/** What one socket does; every function is called in the order of what happened. */
export interface SocketEvents {
  open(socket: Socket): void;
  /** Text comes as its bytes; the panel's own sockets speak binary. The bytes are only lent. */
  message(bytes: Buffer): void;
  close(): void;
}

export interface Socket {
  /** Copies: what is given may be used again at once. */
  send(bytes: Uint8Array): void;
  close(code: number, reason: string): void;
}

/** Codes that the panel closes with (RFC 6455, 7.4.2: 4000–4999 are ours to give). */
export const CLOSE = { signedOut: 4401, gone: 4404, bad: 4400, leaving: 1012 } as const;

/** Nothing that browsers send is longer: keys, and what is pasted in pieces. */
const MESSAGE_MOST = 256 * 1024;

/**
 * Turns a request into a socket. Everything that may refuse it has been asked before: the origin and the name by `guard`,
 * the person by `allow` on the route's line.
 */
export function upgrade(c: Context<Env>, events: SocketEvents): Response {
  const server = c.env.server as Server<SocketEvents>;
  return refuseOther(c) ?? (server.upgrade(c.req.raw, { data: events }) ? new Response(null) : socketOnly(c));
}

/** The answer to a request that asks for no socket, or null. Ask before anything is written down about who joined. */
export const refuseOther = (c: Context<Env>): Response | null => (c.req.header('upgrade')?.toLowerCase() === 'websocket' ? null : socketOnly(c));

const socketOnly = (c: Context<Env>) => c.text('This address speaks WebSocket only.\n', 426, { upgrade: 'websocket' });

/** The socket half of `Bun.serve`. */
export const websocket: WebSocketHandler<SocketEvents> = {
  maxPayloadLength: MESSAGE_MOST,
  // Bun pings by itself within this time, and ends what does not answer.
  idleTimeout: 60,
  // Whoever sends waits for acknowledgements long before; this is for who acknowledges without reading.
  backpressureLimit: 2 << 20,
  closeOnBackpressureLimit: true,
  perMessageDeflate: false,
  open: (ws: ServerWebSocket<SocketEvents>) =>
    ws.data.open({
      send: (bytes) => void ws.sendBinary(bytes as Uint8Array<ArrayBuffer>),
      close: (code, reason) => ws.close(code, reason),
    }),
  message: (ws, message) => ws.data.message(typeof message === 'string' ? Buffer.from(message) : message),
  close: (ws) => ws.data.close(),
};
