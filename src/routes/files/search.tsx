import { Hono } from 'hono';
import type { App } from '../../core/app.ts';
import { openFolder } from '../../core/files/entry.ts';
import { normalPath } from '../../core/files/paths.ts';
import { rootsOf } from '../../core/files/reach.ts';
import { type Hit, search as searchFiles, SearchInput } from '../../core/files/search/search.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readQuery } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { SearchPage } from '../../views/files/search/page.tsx';

/** What was found waits this long for company: a thousand events a second help nobody. */
const GATHER_MS = 50;
/** Of these, more are shown by nobody's page. */
const SHOWN_MOST = 2000;

/** Names and contents of a folder and all below it. */
export function search(app: App) {
  const r = new Hono<Env>();

  r.get('/files/search', allow('files.read'), async (c) => {
    const query = readQuery(c, SearchInput.partial({ path: true }));
    const actor = actorOf(c);
    // Without a folder the form is there all the same, for the first that the person may use.
    const path = normalPath(app.host.files.kind, query.path ?? rootsOf(app, actor)[0] ?? '/');
    if (query.path !== undefined) await (await openFolder(app, actor, path)).close();
    return page(c, <SearchPage ui={uiOf(c)} input={{ ...query, path }} />);
  });

  r.get('/files/search/stream', allow('files.read'), (c) => {
    const input = readQuery(c, SearchInput);
    const actor = actorOf(c);
    const { t } = uiOf(c);
    return c.get('streams').open(c, (stream) => {
      const over = new AbortController();
      let hits: Hit[] = [];
      const flush = () => {
        if (hits.length > 0) stream.send('hits', JSON.stringify(hits));
        hits = [];
      };
      const timer = setInterval(flush, GATHER_MS);
      stream.onEnd(() => {
        clearInterval(timer);
        over.abort();
      });
      const listener = { hit: (hit: Hit) => void hits.push(hit), progress: (done: object) => stream.send('progress', JSON.stringify(done)) };
      void searchFiles(app, actor, { ...input, limit: Math.min(input.limit, SHOWN_MOST) }, over.signal, listener)
        .then((ended) => {
          flush();
          stream.send('over', JSON.stringify(ended));
        })
        .catch((error: unknown) => {
          if (!(error instanceof AppError)) app.log.error('a search failed', { error: error as Error });
          stream.send('fault', JSON.stringify({ text: error instanceof AppError ? error.say(t) : t.files.errors.ioError }));
        })
        .finally(() => stream.end());
    });
  });

  return r;
}
