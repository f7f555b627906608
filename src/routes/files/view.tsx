import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { readOwners } from '../../core/files/listing/owners.ts';
import { lookAt, type Look } from '../../core/files/previews/look.ts';
import { readRows } from '../../core/files/previews/rows.ts';
import { chooseShow, isText, SHOWS, type Show } from '../../core/files/previews/shows.ts';
import { ENCODINGS } from '../../core/files/text/encodings.ts';
import { TEXT_MOST } from '../../core/files/text/open.ts';
import { readWindow } from '../../core/files/windows/window.ts';
import { withSource } from '../../core/files/windows/source.ts';
import { rememberRecent } from '../../core/files/recents.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { policy } from '../../http/headers.ts';
import { readQuery } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { encodePath, folderHref } from '../../views/files/href.ts';
import { MARKDOWN_STYLE } from '../../views/files/view/markdown.tsx';
import { ViewPage, type Shown } from '../../views/files/view/page.tsx';

const PathQuery = z.object({ path: z.string().max(400_000) });
const Query = PathQuery.extend({
  as: z.enum(SHOWS).optional(),
  at: z.coerce.number().int().min(0).max(2 ** 52).default(0),
  encoding: z.enum(ENCODINGS).optional(),
  q: z.string().max(1000).default(''),
});

/** What a preview loads beside what every page may; PDF has its worker, which is ours. */
const NEEDS: Partial<Record<Show, Record<string, string>>> = {
  html: { 'frame-src': "'self'" },
  markdown: { 'frame-src': "'self'", 'style-src': `'sha256-${new Bun.CryptoHasher('sha256').update(MARKDOWN_STYLE).digest('base64')}'` },
  audio: { 'media-src': "'self'" },
  video: { 'media-src': "'self'" },
  pdf: { 'worker-src': "'self'", 'img-src': 'blob:' },
};

/** Files that are looked at: the right page for each, and each page whole. */
export function view(app: App) {
  const r = new Hono<Env>();

  /** Where an entry is opened: by what it is, not by its name. */
  r.get('/files/open', allow('files.read'), async (c) => {
    const look = await lookAt(app, actorOf(c), readQuery(c, PathQuery).path);
    if (look.entry === 'folder') return c.redirect(folderHref(look.path), 303);
    rememberRecent(app, actorOf(c), look.path, false);
    const edits = look.entry === 'file' && isText(look.kind) && look.size <= TEXT_MOST && !look.virtual;
    return c.redirect(`/files/${edits ? 'edit' : 'view'}?path=${encodePath(look.path)}`, 303);
  });

  r.get('/files/view', allow('files.read'), async (c) => {
    const query = readQuery(c, Query);
    const actor = actorOf(c);
    const look = await lookAt(app, actor, query.path);
    if (look.entry === 'folder') return c.redirect(folderHref(look.path), 303);
    const ui = uiOf(c);
    const owners = await readOwners(app);
    const owner = { user: owners.user(look.stats.uid), group: owners.group(look.stats.gid) };
    const shown = look.entry === 'file' ? await shownOf(look, query) : null;
    const answer = page(c, <ViewPage ui={ui} kind={app.host.files.kind} look={look} owner={owner} shown={shown} q={query.q} />);
    const needs = shown ? NEEDS[shown.show] : undefined;
    if (needs) answer.headers.set('content-security-policy', policy(c.get('nonce'), needs));
    return answer;

    async function shownOf(found: Look, { as, at, encoding: asked }: z.output<typeof Query>): Promise<Shown> {
      const show = chooseShow(found, as);
      const encoding = asked ?? found.encoding ?? 'utf-8';
      if (show === 'text') return { show, encoding, at, window: await withSource(app, actor, found.path, (source) => readWindow(source, at, 'near', encoding)) };
      if (show === 'table') return { show, encoding, rows: await withSource(app, actor, found.path, (source) => readRows(source, at, encoding, found.name)) };
      return { show, at };
    }
  });

  return r;
}
