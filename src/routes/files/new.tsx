import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { makeFile, makeFolder, makeLink } from '../../core/files/operations/make.ts';
import { normalPath } from '../../core/files/paths.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm } from '../../http/form.ts';
import { accept, readQuery } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { label } from '../../views/files/label.ts';
import { NEW_KINDS, NewPage } from '../../views/files/operations/new.tsx';
import { done } from './done.ts';

const Folder = z.object({ folder: z.string().max(300_000) });
const NewForm = Folder.extend({ name: z.string().max(1000), target: z.string().max(10_000).default('') });
const kindOf = (c: Context<Env>) => accept(z.enum(NEW_KINDS), c.req.param('kind'), 'kind');

/** New folder, new file, new symbolic link. */
export function creation(app: App) {
  const r = new Hono<Env>();

  r.get('/files/new/:kind', allow('files.write'), (c) => {
    const folder = normalPath(app.host.files.kind, readQuery(c, Folder).folder);
    return page(c, <NewPage ui={uiOf(c)} kind={kindOf(c)} folder={folder} {...emptyForm} />);
  });

  r.post('/files/new/:kind', allow('files.write'), async (c) => {
    const ui = uiOf(c);
    const kind = kindOf(c);
    const form = await readForm(c, NewForm, ui.t);
    const folder = normalPath(app.host.files.kind, form.state.values.folder ?? '');
    if (!form.ok) return page(c, <NewPage ui={ui} kind={kind} folder={folder} {...form.state} />, 422);
    try {
      const make = { folder: makeFolder, file: makeFile, link: makeLink }[kind];
      await make(app, actorOf(c), form.input);
    } catch (error) {
      return page(c, <NewPage ui={ui} kind={kind} folder={folder} {...formRefusal(error, form.state, ui.t)} />, 422);
    }
    return done(c, { folder, text: ui.t.transfers.created({ name: label(form.input.name) }) });
  });

  return r;
}
