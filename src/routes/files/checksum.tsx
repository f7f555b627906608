import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { Actor, App } from '../../core/app.ts';
import { checksumsOf } from '../../core/files/checksums/checksums.ts';
import { joinPath } from '../../core/files/paths.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readQuery } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { readSelection } from '../../http/selection.ts';
import type { Stream } from '../../http/sse.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { ChecksumPage } from '../../views/files/checksum.tsx';
import type { Ui } from '../../views/ui.ts';

const TELL_MS = 200;
const StreamQuery = z.object({ path: z.string().min(1).max(400_000) });

/** Checksums of one file, computed while somebody looks. */
export function checksum(app: App) {
  const r = new Hono<Env>();

  r.get('/files/checksum', allow('files.read'), async (c) => {
    const { folder, names } = await readSelection(c);
    if (names.length !== 1) throw new AppError('invalid', (t) => t.files.errors.badPath, { field: 'name' });
    return page(c, <ChecksumPage ui={uiOf(c)} folder={folder} name={names[0]!} path={joinPath(app.host.files.kind, folder, names[0]!)} />);
  });

  r.get('/files/checksum/stream', allow('files.read'), (c: Context<Env>) => {
    const { path } = readQuery(c, StreamQuery);
    const actor = actorOf(c);
    const ui = uiOf(c);
    return c.get('streams').open(c, (stream) => follow(app, actor, path, ui, stream));
  });

  return r;
}

/** `progress` events with words, then `end` with the values; `fault` with what is in the way. */
function follow(app: App, actor: Actor, path: string, ui: Ui, stream: Stream) {
  const abort = new AbortController();
  stream.onEnd(() => abort.abort());
  let told = -Infinity;
  const onProgress = (done: number, total: number) => {
    const now = performance.now();
    if (now - told < TELL_MS) return;
    told = now;
    stream.send('progress', JSON.stringify({ value: total ? done / total : 1, text: ui.t.checksums.progress({ done: ui.fmt.bytes(done), total: ui.fmt.bytes(total) }) }));
  };
  checksumsOf(app, actor, path, { signal: abort.signal, onProgress })
    .then((found) => stream.send('end', JSON.stringify({ ...found, text: ui.fmt.bytes(found.size) })))
    .catch((error: unknown) => {
      if (abort.signal.aborted) return;
      if (!(error instanceof AppError)) app.log.error('checksums not computed', { error: error as Error });
      stream.send('fault', JSON.stringify({ text: error instanceof AppError ? error.say(ui.t) : ui.t.errors.title.internal }));
    })
    .finally(() => stream.end());
}
