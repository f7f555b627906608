import { Hono, type Context } from 'hono';
import type { App } from '../../core/app.ts';
import { record } from '../../core/audit/audit.ts';
import { createTerminalShare, findTerminalShare, listTerminalShares, NewTerminalShare, removeTerminalShare, type TerminalShare } from '../../core/terminal/shares.ts';
import { getTerminal, terminalTitle } from '../../core/terminal/terminals.ts';
import { actorOf } from '../../http/actor.ts';
import { allow, open } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { check, readFields } from '../../http/form.ts';
import { policy } from '../../http/headers.ts';
import { refuseOther } from '../../http/socket.ts';
import { page } from '../../http/respond.tsx';
import { terminalSocket } from '../../http/terminal-socket.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { Recently } from '../../lib/recently.ts';
import { TerminalSharePage } from '../../views/terminal/share.tsx';
import { GoneTerminalPage, WatchPage } from '../../views/terminal/watch.tsx';

/** People who look by one link at the same time. */
const LOOKING_MOST = 20;
/** A link that was revoked shuts out who looks by it within a second (S10). */
const LOOK_AGAIN_MS = 500;
/** Who comes back by the same link from the same address within this time is the same looking. */
const WATCH_MS = 3_600_000;

/** Links to look at a terminal: made and revoked here, and what they show to whoever has one. */
export function terminalShares(app: App) {
  const r = new Hono<Env>();
  /** Share → how many look. */
  const looking = new Map<string, number>();
  /** Share and address. */
  const watching = new Recently(app.clock, WATCH_MS);

  /** Somebody without an account, who could otherwise fill the audit log. */
  const watched = (ip: string, { id, terminal, by }: TerminalShare) => {
    const key = `${id} ${ip}`;
    if (watching.has(key)) return;
    watching.add(key);
    record(app, { kind: 'anonymous', ip }, { action: 'terminal.watch', target: terminal.target, params: { id: terminal.id, share: id, by } });
  };

  const show = async (c: Context<Env>, link: string | null = null) => {
    const terminal = await getTerminal(app, actorOf(c), c.req.param('id') ?? '');
    return page(c, <TerminalSharePage ui={uiOf(c)} terminal={terminal} shares={listTerminalShares(app, actorOf(c), terminal.id)} link={link} />);
  };

  r.get('/terminal/:id/share', allow('terminal.open'), (c) => show(c));

  r.post('/terminal/:id/share', allow('terminal.open'), async (c) => {
    const made = createTerminalShare(app, actorOf(c), c.req.param('id'), check(NewTerminalShare, await readFields(c)));
    return show(c, `${c.get('origin')}/t/${made.token}`);
  });

  r.post('/terminal/:id/share/:share/remove', allow('terminal.open'), (c) => {
    removeTerminalShare(app, actorOf(c), c.req.param('id'), c.req.param('share'));
    return c.redirect(`/terminal/${c.req.param('id')}/share`, 303);
  });

  r.get('/t/:token', open(), async (c) => {
    const ui = uiOf(c);
    try {
      const { terminal, by, expiresAt } = findTerminalShare(app, c.req.param('token'));
      const title = terminalTitle({ ...terminal, live: null });
      c.header('content-security-policy', policy(ui.nonce, { 'style-src': `'nonce-${ui.nonce}'` }));
      return page(c, <WatchPage ui={ui} title={title} named={terminal.name !== ''} by={by} expiresAt={expiresAt} />);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
      return page(c, <GoneTerminalPage ui={ui} />, 404);
    }
  });

  r.get('/t/:token/socket', open(), (c) => {
    const token = c.req.param('token');
    const share = findTerminalShare(app, token);
    const refusal = refuseOther(c);
    if (refusal) return refusal;
    const { id, terminal, by } = share;
    const count = looking.get(id) ?? 0;
    if (count >= LOOKING_MOST) throw new AppError('unavailable', (t) => t.terminalShares.full, { retryAfter: 60 });
    watched(c.get('ip'), share);
    const from = Number(c.req.query('from'));
    const options = { id: terminal.id, from: Number.isSafeInteger(from) && from > 0 ? from : null, size: null, readOnly: true, guest: true, name: `${by} (/t/)` };
    return terminalSocket(app, c, options, {
      begun(end) {
        looking.set(id, (looking.get(id) ?? 0) + 1);
        const watch = setInterval(() => stillLeads(app, token) || end(), LOOK_AGAIN_MS);
        return () => {
          clearInterval(watch);
          const left = (looking.get(id) ?? 1) - 1;
          if (left > 0) looking.set(id, left);
          else looking.delete(id);
        };
      },
    });
  });

  return r;
}

function stillLeads(app: App, token: string): boolean {
  try {
    findTerminalShare(app, token);
    return true;
  } catch {
    return false;
  }
}
