import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { listSessions } from '../core/sessions/own.ts';
import { listTokens } from '../core/tokens/tokens.ts';
import { setPassword } from '../core/users/change-password.ts';
import { generatePassword, Password } from '../core/users/password.ts';
import {
  createUser, endUserSessions, getUser, listUsers, NewUser, removeUser, resetSecondFactor, RoleChange, setDisabled, setRole,
} from '../core/users/users.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { emptyForm, formRefusal, readForm } from '../http/form.ts';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import type { Messages } from '../i18n/en.ts';
import { GeneratedPasswordPage, NewUserPage } from '../views/users/new.tsx';
import { UserListPage } from '../views/users/list.tsx';
import { UserPage } from '../views/users/user.tsx';

/** Left empty the panel makes one. */
const OptionalPassword = z.literal('').transform(() => undefined).or(Password);
const NewUserForm = NewUser.extend({ password: OptionalPassword });
const PasswordForm = z.object({ password: OptionalPassword });
const ConfirmForm = z.object({ confirm: z.string().max(200) });

/** What a page may be told has just been done: the names in `?done=`. */
const DONE: Record<string, (t: Messages) => string> = {
  role: (t) => t.users.doneRole,
  disabled: (t) => t.users.doneDisabled,
  enabled: (t) => t.users.doneEnabled,
  factor: (t) => t.users.doneFactor,
  password: (t) => t.users.donePassword,
  created: (t) => t.users.doneCreated,
  removed: (t) => t.users.doneRemoved,
  sessions: (t) => t.users.doneSessions,
};

/** People, for administrators. */
export function users(app: App) {
  const r = new Hono<Env>();

  const doneOf = (c: Context<Env>) => {
    const key = c.req.query('done') ?? '';
    return Object.hasOwn(DONE, key) ? DONE[key]!(uiOf(c).t) : undefined;
  };

  r.get('/users', allow('users.read'), (c) => page(c, <UserListPage ui={uiOf(c)} users={listUsers(app, actorOf(c))} done={doneOf(c)} />));

  r.get('/users/new', allow('users.write'), (c) => page(c, <NewUserPage ui={uiOf(c)} {...emptyForm} />));

  r.post('/users', allow('users.write'), async (c) => {
    const ui = uiOf(c);
    const form = await readForm(c, NewUserForm, ui.t);
    if (!form.ok) return page(c, <NewUserPage ui={ui} {...form.state} />, 422);
    const { name, role, password } = form.input;
    const made = password ?? generatePassword(app.random);
    try {
      const id = await createUser(app, actorOf(c), { name, role, password: made });
      if (password) return c.redirect(`/users/${id}?done=created`, 303);
      return page(c, <GeneratedPasswordPage ui={ui} user={{ id, name }} password={made} />);
    } catch (error) {
      return page(c, <NewUserPage ui={ui} {...formRefusal(error, form.state, ui.t)} />, 422);
    }
  });

  const show = (c: Context<Env>, id: string, errors?: Record<string, string>) => {
    const actor = actorOf(c);
    const user = getUser(app, actor, id);
    const view = (
      <UserPage
        ui={uiOf(c)}
        user={user}
        sessions={listSessions(app, actor, user.id)}
        tokens={listTokens(app, actor, user.id).length}
        self={actor.kind === 'user' && actor.userId === user.id}
        done={errors ? undefined : doneOf(c)}
        errors={errors}
      />
    );
    return page(c, view, errors ? 422 : 200);
  };

  r.get('/users/:id', allow('users.read'), (c) => show(c, c.req.param('id')));

  /** Does it and says so; what core refuses stands on the page of the user. */
  const act = async (c: Context<Env>, done: string, work: (userId: string) => void | Promise<void>) => {
    const id = c.req.param('id')!;
    try {
      await work(id);
    } catch (error) {
      return show(c, id, formRefusal(error, emptyForm, uiOf(c).t).errors);
    }
    return c.redirect(`/users/${id}?done=${done}`, 303);
  };

  r.post('/users/:id/role', allow('users.write'), async (c) => {
    const form = await readForm(c, RoleChange, uiOf(c).t);
    if (!form.ok) return show(c, c.req.param('id'), form.state.errors);
    return act(c, 'role', (userId) => setRole(app, actorOf(c), { userId, role: form.input.role }));
  });

  r.post('/users/:id/disable', allow('users.write'), (c) => act(c, 'disabled', (userId) => setDisabled(app, actorOf(c), { userId, disabled: true })));
  r.post('/users/:id/enable', allow('users.write'), (c) => act(c, 'enabled', (userId) => setDisabled(app, actorOf(c), { userId, disabled: false })));
  r.post('/users/:id/second-factor/reset', allow('users.write'), (c) => act(c, 'factor', (userId) => resetSecondFactor(app, actorOf(c), { userId })));
  r.post('/users/:id/sessions/end', allow('users.write'), (c) => act(c, 'sessions', (userId) => void endUserSessions(app, actorOf(c), { userId })));

  r.post('/users/:id/password', allow('users.write'), async (c) => {
    const ui = uiOf(c);
    const user = getUser(app, actorOf(c), c.req.param('id'));
    const form = await readForm(c, PasswordForm, ui.t);
    if (!form.ok) return show(c, user.id, form.state.errors);
    if (form.input.password) return act(c, 'password', (userId) => setPassword(app, actorOf(c), { userId, password: form.input.password! }));
    const password = generatePassword(app.random);
    try {
      await setPassword(app, actorOf(c), { userId: user.id, password });
    } catch (error) {
      return show(c, user.id, formRefusal(error, emptyForm, ui.t).errors);
    }
    return page(c, <GeneratedPasswordPage ui={ui} user={user} password={password} />);
  });

  r.post('/users/:id/remove', allow('users.write'), async (c) => {
    const id = c.req.param('id');
    const form = await readForm(c, ConfirmForm, uiOf(c).t);
    try {
      removeUser(app, actorOf(c), { userId: id, confirm: form.ok ? form.input.confirm : '' });
    } catch (error) {
      // The dialog is closed again: what is wrong is said about the page, not about its field.
      const [text = ''] = Object.values(formRefusal(error, emptyForm, uiOf(c).t).errors);
      return show(c, id, { '': text });
    }
    return c.redirect('/users?done=removed', 303);
  });

  return r;
}
