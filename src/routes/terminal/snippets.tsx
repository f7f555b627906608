import { Hono } from 'hono';
import type { App } from '../../core/app.ts';
import { changeSnippet, createSnippet, getSnippet, listSnippets, removeSnippet, SnippetForm } from '../../core/terminal/snippets/snippets.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm } from '../../http/form.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { SnippetEditPage } from '../../views/terminal/snippets/edit.tsx';
import { SnippetListPage } from '../../views/terminal/snippets/list.tsx';

const DONE = ['saved', 'removed'] as const;

/** Saved commands: managed on pages of their own, inserted by the terminals' page (public/js/terminal/snippets/). */
export function snippets(app: App) {
  const r = new Hono<Env>();

  r.get('/terminal/snippets', allow('terminal.open'), (c) => {
    const done = DONE.find((one) => one === c.req.query('done')) ?? null;
    return page(c, <SnippetListPage ui={uiOf(c)} snippets={listSnippets(app, actorOf(c))} done={done} />);
  });

  /** For the list that opens in the terminal. */
  r.get('/terminal/snippets/all', allow('terminal.open'), (c) =>
    c.json(listSnippets(app, actorOf(c)).map(({ id, name, text, userId }) => ({ id, name, text, shared: userId === null }))),
  );

  r.get('/terminal/snippets/new', allow('terminal.open'), (c) => page(c, <SnippetEditPage ui={uiOf(c)} row={null} {...emptyForm} />));

  r.post('/terminal/snippets', allow('terminal.open'), async (c) => {
    const ui = uiOf(c);
    const form = await readForm(c, SnippetForm, ui.t);
    if (!form.ok) return page(c, <SnippetEditPage ui={ui} row={null} {...form.state} />, 422);
    try {
      createSnippet(app, actorOf(c), form.input);
    } catch (error) {
      return page(c, <SnippetEditPage ui={ui} row={null} {...formRefusal(error, form.state, ui.t)} />, 422);
    }
    return c.redirect('/terminal/snippets?done=saved', 303);
  });

  r.get('/terminal/snippets/:id', allow('terminal.open'), (c) =>
    page(c, <SnippetEditPage ui={uiOf(c)} row={getSnippet(app, actorOf(c), c.req.param('id'))} {...emptyForm} />),
  );

  r.post('/terminal/snippets/:id', allow('terminal.open'), async (c) => {
    const ui = uiOf(c);
    const actor = actorOf(c);
    const row = getSnippet(app, actor, c.req.param('id'));
    const form = await readForm(c, SnippetForm, ui.t);
    if (!form.ok) return page(c, <SnippetEditPage ui={ui} row={row} {...form.state} />, 422);
    changeSnippet(app, actor, row.id, form.input);
    return c.redirect('/terminal/snippets?done=saved', 303);
  });

  r.post('/terminal/snippets/:id/remove', allow('terminal.open'), (c) => {
    removeSnippet(app, actorOf(c), c.req.param('id'));
    return c.redirect('/terminal/snippets?done=removed', 303);
  });

  return r;
}
