import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { lookAt } from '../../core/files/previews/look.ts';
import { ENCODINGS } from '../../core/files/text/encodings.ts';
import { follow, type Piece } from '../../core/files/windows/tail.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readQuery } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { frame } from '../../http/sse.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { TailPage } from '../../views/files/view/tail.tsx';

const Query = z.object({ path: z.string().max(400_000), encoding: z.enum(ENCODINGS).optional() });
const StreamQuery = Query.extend({ from: z.coerce.number().int().min(0).max(2 ** 52).optional(), id: z.string().max(60).optional() });

/** What is appended to a log, as it is appended. */
export function tail(app: App) {
  const r = new Hono<Env>();
  /** A piece is put into words once, however many read it. */
  const frames = new WeakMap<Piece, Uint8Array>();
  const frameOf = (piece: Piece) => {
    const made = frames.get(piece) ?? frame('piece', JSON.stringify(piece));
    frames.set(piece, made);
    return made;
  };

  r.get('/files/tail', allow('files.read'), async (c) => {
    const query = readQuery(c, Query);
    const look = await lookAt(app, actorOf(c), query.path);
    if (look.entry === 'folder') throw new AppError('invalid', (t) => t.files.errors.isFolder);
    if (look.entry !== 'file') throw new AppError('invalid', (t) => t.files.errors.special);
    if (look.virtual) throw new AppError('unsupported', (t) => t.view.errors.noTail);
    return page(c, <TailPage ui={uiOf(c)} kind={app.host.files.kind} look={look} encoding={query.encoding} />);
  });

  r.get('/files/tail/stream', allow('files.read'), async (c) => {
    // Nobody would stop what a HEAD begins.
    if (c.req.method === 'HEAD') return c.get('streams').open(c, () => {});
    const followed = await follow(app, actorOf(c), readQuery(c, StreamQuery));
    try {
      return c.get('streams').open(c, (stream) => {
        stream.onEnd(followed.stop);
        followed.start((piece) => stream.sendFrame(frameOf(piece)), () => {
          stream.send('gone', '{}');
          stream.end();
        });
      });
    } catch (error) {
      followed.stop();
      throw error;
    }
  });

  return r;
}
