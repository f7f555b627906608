import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { FetchInput, startFetch } from '../../core/files/fetches/fetch.ts';
import { shownUrl } from '../../core/files/fetches/request.ts';
import { normalPath } from '../../core/files/paths.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm } from '../../http/form.ts';
import { readQuery } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { FetchPage } from '../../views/files/fetch.tsx';
import { done } from './done.ts';

const Query = z.object({ folder: z.string().min(1).max(300_000) });
const FetchForm = z.object(FetchInput.shape);

/** A file from a URL: the form, and the start of its task. */
export function fetches(app: App) {
  const r = new Hono<Env>();
  const { kind } = app.host.files;

  r.get('/files/fetch', allow('files.write'), (c) => {
    const folder = normalPath(kind, readQuery(c, Query).folder);
    return page(c, <FetchPage ui={uiOf(c)} folder={folder} {...emptyForm} />);
  });

  r.post('/files/fetch', allow('files.write'), async (c) => {
    const ui = uiOf(c);
    const form = await readForm(c, FetchForm, ui.t);
    const folder = form.state.values.folder ?? '/';
    if (!form.ok) return page(c, <FetchPage ui={ui} folder={folder} {...form.state} />, 422);
    try {
      const task = await startFetch(app, actorOf(c), form.input);
      return done(c, { folder, text: ui.t.fetches.started({ url: shownUrl(new URL(form.input.url)) }), task });
    } catch (error) {
      return page(c, <FetchPage ui={ui} folder={folder} {...formRefusal(error, form.state, ui.t)} />, 422);
    }
  });

  return r;
}
