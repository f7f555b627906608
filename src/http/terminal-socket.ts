import type { Context } from 'hono';
import { can } from '../core/access.ts';
import type { Actor, App } from '../core/app.ts';
import { joinTerminal, mayStillView } from '../core/terminal/terminals.ts';
import { openViewing, type Viewing, type ViewingOptions } from '../core/terminal/viewing.ts';
import { AppError } from '../lib/errors.ts';
import type { Env } from './env.ts';
import { CLOSE, refuseOther, upgrade } from './socket.ts';

interface Watch {
  /** Called when the socket is open, with what shuts it; what it returns is called when it has ended. */
  begun(end: () => void): () => void;
}

/** What somebody with an account asks for: where to go on, and what they have room for. */
interface Wanted {
  id: string;
  from?: number | undefined;
  cols?: number | undefined;
  rows?: number | undefined;
}

/** The socket of one who joins with their own account, by the page or by the API. @throws AppError denied, not_found */
export function joinSocket(app: App, c: Context<Env>, actor: Actor, { id, from, cols, rows }: Wanted): Response {
  const refusal = refuseOther(c);
  if (refusal) return refusal;
  const { name } = joinTerminal(app, actor, id);
  const size = cols !== undefined && rows !== undefined ? { cols, rows } : null;
  return terminalSocket(app, c, { id, from: from ?? null, size, readOnly: !can(actor, 'terminal.open'), name });
}

/**
 * The socket between a browser, or a program with a token, and one terminal. It ends with the session, when who looks may
 * look no longer, and when `watch` says so.
 */
export function terminalSocket(app: App, c: Context<Env>, options: ViewingOptions, watch?: Watch): Response {
  let viewing: Viewing | null = null;
  const ends: (() => void)[] = [];
  const actor = c.get('actor');
  return upgrade(c, {
    open(socket) {
      const shut = () => socket.close(CLOSE.gone, 'gone');
      try {
        ends.push(c.get('streams').hold(c, (reason) => socket.close(reason === 'signed-out' ? CLOSE.signedOut : CLOSE.leaving, reason)));
      } catch (error) {
        const over = error instanceof AppError && error.code === 'denied';
        return over ? socket.close(CLOSE.signedOut, 'signed-out') : socket.close(CLOSE.bad, 'too many');
      }
      const look = () => actor && !mayStillView(app, actor, options.id) && shut();
      if (options.readOnly) ends.push(app.bus.on('terminals.changed', ({ id }) => void (id === options.id && look())));
      if (watch) ends.push(watch.begun(shut));
      viewing = openViewing(app, options, { send: socket.send, end: (why) => socket.close(CLOSE[why], why) });
    },
    message: (bytes) => viewing?.take(bytes),
    close() {
      viewing?.close();
      for (const end of ends) end();
    },
  });
}
