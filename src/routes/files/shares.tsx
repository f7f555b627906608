import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { baseOf, joinPath, parentOf } from '../../core/files/paths.ts';
import { createShare, listShares, NewShare, removeShare } from '../../core/files/shares/shares.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm, say } from '../../http/form.ts';
import { readSelection } from '../../http/selection.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { MadeSharePage, NewSharePage } from '../../views/files/share.tsx';
import { SharesPage } from '../../views/files/shares.tsx';

const expiryRule = say('shares.expiryRule', (t) => t.shares.expiryRule);
const mostRule = say('shares.mostRule', (t) => t.shares.mostRule);

/** A form has text only: what is left empty is not asked for. */
const ShareForm = z.object({
  path: z.string().min(1).max(300_000),
  hours: z.literal('').transform(() => null).or(z.coerce.number(expiryRule).pipe(NewShare.shape.expiresInHours.unwrap().unwrap())),
  password: z.literal('').transform(() => null).or(NewShare.shape.password.unwrap().unwrap()),
  most: z.literal('').transform(() => null).or(z.coerce.number(mostRule).pipe(NewShare.shape.downloadsMost.unwrap().unwrap())),
});

/** Links for people without an account: made here, listed and revoked here. What they lead to is routes/shared.tsx. */
export function shares(app: App) {
  const r = new Hono<Env>();
  const { kind } = app.host.files;
  const folderOf = (path: string) => parentOf(kind, path);
  const nameOf = (path: string) => baseOf(kind, path) || path;

  r.get('/files/share', allow('files.write'), async (c) => {
    const { folder, names } = await readSelection(c);
    if (names.length !== 1) throw new AppError('invalid', (t) => t.files.errors.badPath, { field: 'name' });
    const path = joinPath(kind, folder, names[0]!);
    return page(c, <NewSharePage ui={uiOf(c)} path={path} name={names[0]!} folder={folder} {...emptyForm} />);
  });

  r.post('/files/share', allow('files.write'), async (c) => {
    const ui = uiOf(c);
    const form = await readForm(c, ShareForm, ui.t);
    const path = form.state.values.path ?? '/';
    const around = { ui, path, name: nameOf(path), folder: folderOf(path) };
    if (!form.ok) return page(c, <NewSharePage {...around} {...form.state} />, 422);
    const { hours, password, most } = form.input;
    try {
      const made = await createShare(app, actorOf(c), { path, expiresInHours: hours, password, downloadsMost: most });
      return page(c, <MadeSharePage {...around} link={`${c.get('origin')}/s/${made.token}`} expiresAt={made.expiresAt} />);
    } catch (error) {
      return page(c, <NewSharePage {...around} {...formRefusal(error, form.state, ui.t)} />, 422);
    }
  });

  const show = (c: Context<Env>) =>
    page(c, <SharesPage ui={uiOf(c)} shares={listShares(app, actorOf(c))} revoked={c.req.query('done') === 'revoked'} />);

  r.get('/files/shares', allow('files.read'), show);

  r.post('/files/shares/:id/remove', allow('files.write'), (c) => {
    removeShare(app, actorOf(c), c.req.param('id'));
    return c.redirect('/files/shares?done=revoked', 303);
  });

  return r;
}
