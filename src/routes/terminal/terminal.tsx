import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { can } from '../../core/access.ts';
import type { App } from '../../core/app.ts';
import { openBeside } from '../../core/terminal/beside.ts';
import { getSetting } from '../../core/settings/settings.ts';
import {
  changeLooks, killTerminal, listTerminals, NewTerminal, openTerminal, setWatchable, TerminalLooks, TerminalSize, terminalTitle,
} from '../../core/terminal/terminals.ts';
import { listSshHosts } from '../../core/terminal/ssh-hosts/hosts.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { check, readFields } from '../../http/form.ts';
import { policy } from '../../http/headers.ts';
import { readQuery } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { joinSocket } from '../../http/terminal-socket.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { TerminalPage } from '../../views/terminal/page.tsx';

const PageQuery = z.object({ id: z.uuid().optional(), path: z.string().max(4096).optional() });

const SocketQuery = z.object({
  id: z.uuid(),
  from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  cols: TerminalSize.shape.cols.optional(),
  rows: TerminalSize.shape.rows.optional(),
});

/** What a browser has room for; without a script nobody knows. */
export const Room = z.object({ cols: TerminalSize.shape.cols.default(80), rows: TerminalSize.shape.rows.default(24) });

/** Shells in the browser: the page, what it asks for by name, and the socket of each terminal. */
export function terminal(app: App) {
  const r = new Hono<Env>();

  r.get('/terminal', allow('terminal.view'), async (c) => {
    const { id, path } = readQuery(c, PageQuery);
    const ui = uiOf(c);
    const terminals = await listTerminals(app, actorOf(c));
    const shells = ui.can('terminal.open') ? await app.host.shells.choices() : [];
    const sshHosts = ui.can('terminal.open') ? listSshHosts(app, actorOf(c)) : [];
    // xterm.js measures its letters by rules that it makes itself; a nonce lets its style elements in, and nobody else's.
    c.header('content-security-policy', policy(ui.nonce, { 'style-src': `'nonce-${ui.nonce}'` }));
    return page(c, <TerminalPage ui={ui} terminals={terminals} shells={shells} sshHosts={sshHosts} kind={app.host.kind} demo={app.config.demo} open={id ?? null} folder={path ?? ''} recording={getSetting(app, 'terminalRecording')} />);
  });

  r.post('/terminal', allow('terminal.open'), (c) =>
    answered(c, async () => {
      const made = await openTerminal(app, actorOf(c), check(NewTerminal, await readFields(c)));
      return { to: `/terminal?id=${made.id}`, body: { id: made.id, title: terminalTitle(made) } };
    }),
  );

  r.post('/terminal/:id/beside', allow('terminal.open'), (c) =>
    answered(c, async () => {
      const found = await openBeside(app, actorOf(c), c.req.param('id'), check(Room, await readFields(c)));
      if ('terminal' in found) return { to: `/terminal?id=${found.terminal.id}`, body: { id: found.terminal.id, title: terminalTitle(found.terminal) } };
      const to = `/terminal/hosts/${found.keyOf}/key?for=${found.hostId}`;
      return { to, body: { to } };
    }),
  );

  r.post('/terminal/:id/kill', allow('terminal.open'), (c) =>
    answered(c, async () => {
      await killTerminal(app, actorOf(c), c.req.param('id'));
      return { to: '/terminal', body: {} };
    }),
  );

  r.post('/terminal/:id/looks', allow('terminal.open'), (c) =>
    answered(c, async () => {
      const looks = check(TerminalLooks, await readFields(c));
      changeLooks(app, actorOf(c), c.req.param('id'), looks);
      return { to: '/terminal', body: looks };
    }),
  );

  r.post('/terminal/:id/watchable', allow('terminal.open'), (c) =>
    answered(c, async () => {
      const watchable = (await readFields(c)).watchable === 'on';
      setWatchable(app, actorOf(c), c.req.param('id'), watchable);
      return { to: `/terminal/${c.req.param('id')}/share`, body: { watchable } };
    }),
  );

  r.get('/terminal/socket', allow('terminal.view'), (c) => joinSocket(app, c, actorOf(c), readQuery(c, SocketQuery)));

  /** Tells pages that the list looks different now; which of them, only those who may know of all. */
  r.get('/terminal/stream', allow('terminal.view'), (c) => {
    const all = can(actorOf(c), 'terminal.open');
    return c.get('streams').open(c, (stream) => stream.onEnd(app.bus.on('terminals.changed', ({ id }) => stream.send('changed', JSON.stringify(all ? { id } : {})))));
  });

  return r;
}

/** To the page's script as JSON, a refusal too; to a plain form by going on. */
export async function answered(c: Context<Env>, work: () => Promise<{ to: string; body: object }>) {
  if (!c.req.header('accept')?.startsWith('application/json')) return c.redirect((await work()).to, 303);
  try {
    return c.json((await work()).body);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal') throw error;
    return c.json({ error: error.say(uiOf(c).t), field: error.field }, error.status);
  }
}
