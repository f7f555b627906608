import { Hono, type Context } from 'hono';
import type { Actor, App } from '../../core/app.ts';
import type { Size } from '../../core/files/sizes/measure.ts';
import { sizeOf } from '../../core/files/sizes/sizes.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { page } from '../../http/respond.tsx';
import { readSelection, type Selection } from '../../http/selection.ts';
import type { Stream } from '../../http/sse.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { SizePage, sizeText } from '../../views/files/size.tsx';
import type { Ui } from '../../views/ui.ts';

const TELL_MS = 250;

/** How much a selection is: counted while somebody looks, and no longer. */
export function sizes(app: App) {
  const r = new Hono<Env>();
  r.get('/files/size', allow('files.read'), async (c) => {
    const selection = await readSelection(c);
    if (selection.names.length === 0) throw new AppError('invalid', (t) => t.listing.sizes.none);
    return page(c, <SizePage ui={uiOf(c)} selection={selection} query={new URL(c.req.url).search} />);
  });
  r.get('/files/sizes', allow('files.read'), async (c: Context<Env>) => {
    const selection = await readSelection(c);
    const ui = uiOf(c);
    const actor = actorOf(c);
    return c.get('streams').open(c, (stream) => follow(app, actor, selection, ui, stream));
  });
  return r;
}

/** `size` events with figures and their words, then `end`; `fault` with what is in the way. */
function follow(app: App, actor: Actor, { folder, names }: Selection, ui: Ui, stream: Stream) {
  const abort = new AbortController();
  stream.onEnd(() => abort.abort());
  let told = -Infinity;
  const tell = (size: Size, done: boolean) => stream.send(done ? 'end' : 'size', JSON.stringify({ ...size, text: sizeText(ui, size) }));
  const onProgress = (size: Size) => {
    const now = performance.now();
    if (now - told < TELL_MS) return;
    told = now;
    tell(size, false);
  };
  sizeOf(app, actor, folder, names, { signal: abort.signal, onProgress })
    .then((size) => tell(size, true))
    .catch((error: unknown) => {
      if (abort.signal.aborted) return;
      if (!(error instanceof AppError)) app.log.error('size not counted', { error: error as Error });
      stream.send('fault', JSON.stringify({ text: error instanceof AppError ? error.say(ui.t) : ui.t.errors.title.internal }));
    })
    .finally(() => stream.end());
}
