import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { changeAccount, listAccounts, needTyped, planAccount, readAccount } from '../core/accounts/accounts.ts';
import { AccountName, AccountPassword, Fingerprint, KeyLine, NewAccount, NewAccountName, WindowsAccountName } from '../core/accounts/input.ts';
import { changeKeys, createAccount, planKeys, planNewAccount } from '../core/accounts/keys.ts';
import { wordsOf } from '../core/accounts/words.ts';
import type { App } from '../core/app.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import { formDone, orList } from '../http/form-done.ts';
import type { Env } from '../http/env.ts';
import { emptyForm, formRefusal, readForm, type FormState } from '../http/form.ts';
import { readQuery } from '../http/list.ts';
import { askPlanned, pathPart, sendPlanned, type PlannedForm } from '../http/planned.tsx';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import type { AccountChange } from '../platform/accounts.ts';
import { KeyField, NewAccountFields, PasswordPage, RemoveFields } from '../views/accounts/forms.tsx';
import { accountPath, AccountsPage } from '../views/accounts/list.tsx';
import { AccountPage } from '../views/accounts/one.tsx';
import { systemBack } from '../views/system/frame.tsx';

const PATH = '/system/accounts';
/** Not below the others: somebody may be called so. */
const NEW = '/system/new-account';
const Query = z.object({ q: z.string().max(100).default(''), view: z.enum(['people', 'all']).default('people') });
const on = z.literal('on').optional().transform((value) => value === 'on');
const NewForms = {
  unix: z.object({ ...NewAccount.shape, name: NewAccountName, admin: on }),
  windows: z.object({ ...NewAccount.shape, name: WindowsAccountName, admin: on }),
};
const RemoveForm = z.object({ home: on, confirm: z.string().max(100).default('') });
const Nothing = z.object({});

/** The machine's own accounts: who may sign in to it, by what, and who becomes root. */
export function accounts(app: App) {
  const r = new Hono<Env>();
  const nameOf = (c: Context<Env>) => pathPart(c, 'name', AccountName);
  const { accounts: driver } = app.host;

  r.get(PATH, allow('accounts.read'), async (c) => {
    const query = readQuery(c, Query);
    return page(c, <AccountsPage ui={uiOf(c)} model={{ list: await listAccounts(app, actorOf(c)), system: driver.system, refusal: driver.refusal(), query }} />);
  });

  const newForm = async (c: Context<Env>): Promise<PlannedForm<(typeof NewForms)['unix']>> => {
    const ui = uiOf(c);
    const list = await listAccounts(app, actorOf(c));
    const { system } = driver;
    const t = wordsOf(ui.t, system);
    return {
      schema: NewForms[system], title: t.addTitle, submit: t.add, back: systemBack(ui, 'accounts'),
      fields: (state) => <NewAccountFields ui={ui} list={list} system={system} state={state} />,
      plan: (input) => planNewAccount(app, actorOf(c), input),
      apply: (input, seen) => createAccount(app, actorOf(c), input, seen),
      done: ({ name }) => t.done.create({ name }),
    };
  };
  r.get(NEW, allow('accounts.write'), async (c) => askPlanned(c, await newForm(c)));
  r.post(NEW, allow('accounts.write'), async (c) => sendPlanned(c, await newForm(c)));

  r.get(`${PATH}/:name`, allow('accounts.read'), (c) =>
    orList(c, PATH, async () => page(c, <AccountPage ui={uiOf(c)} one={await readAccount(app, actorOf(c), nameOf(c))} system={driver.system} refusal={driver.refusal()} />)));

  /** A change that asks for nothing: what it runs is shown at once. */
  const plain = (c: Context<Env>, kind: 'lock' | 'unlock' | 'grant' | 'revoke'): PlannedForm<typeof Nothing> => {
    const t = wordsOf(uiOf(c).t, driver.system);
    const name = nameOf(c);
    const change: AccountChange = kind === 'lock' || kind === 'unlock' ? { kind, name } : { kind: 'admin', name, to: kind === 'grant' };
    const words = t.asks[kind];
    return {
      schema: Nothing, title: words.title({ name }), submit: t[kind], danger: kind !== 'unlock', lead: words.text, back: { href: accountPath(name), label: name }, fields: null,
      plan: () => planAccount(app, actorOf(c), change),
      apply: (_input, seen) => changeAccount(app, actorOf(c), change, { seen }),
      done: () => t.done[kind]({ name }),
    };
  };
  r.get(`${PATH}/:name/lock`, allow('accounts.write'), (c) => askPlanned(c, plain(c, 'lock')));
  r.post(`${PATH}/:name/lock`, allow('accounts.write'), (c) => sendPlanned(c, plain(c, 'lock')));
  r.get(`${PATH}/:name/unlock`, allow('accounts.write'), (c) => askPlanned(c, plain(c, 'unlock')));
  r.post(`${PATH}/:name/unlock`, allow('accounts.write'), (c) => sendPlanned(c, plain(c, 'unlock')));
  r.get(`${PATH}/:name/grant`, allow('accounts.write'), (c) => askPlanned(c, plain(c, 'grant')));
  r.post(`${PATH}/:name/grant`, allow('accounts.write'), (c) => sendPlanned(c, plain(c, 'grant')));
  r.get(`${PATH}/:name/revoke`, allow('accounts.write'), (c) => askPlanned(c, plain(c, 'revoke')));
  r.post(`${PATH}/:name/revoke`, allow('accounts.write'), (c) => sendPlanned(c, plain(c, 'revoke')));

  const removeForm = async (c: Context<Env>): Promise<PlannedForm<typeof RemoveForm>> => {
    const ui = uiOf(c);
    const { account } = await readAccount(app, actorOf(c), nameOf(c));
    const { name } = account;
    const t = wordsOf(ui.t, driver.system);
    return {
      schema: RemoveForm, title: t.removeTitle({ name }), submit: t.remove, danger: true, lead: t.removeText, back: systemBack(ui, 'accounts'),
      fields: (state) => <RemoveFields ui={ui} name={name} home={account.home} system={driver.system} state={state} />,
      async plan({ home, confirm }) {
        needTyped(name, confirm);
        return planAccount(app, actorOf(c), { kind: 'remove', name, home });
      },
      async apply({ home, confirm }, seen) {
        needTyped(name, confirm);
        await changeAccount(app, actorOf(c), { kind: 'remove', name, home }, { seen });
      },
      done: () => t.done.remove({ name }),
    };
  };
  r.get(`${PATH}/:name/remove`, allow('accounts.write'), async (c) => askPlanned(c, await removeForm(c)));
  r.post(`${PATH}/:name/remove`, allow('accounts.write'), async (c) => sendPlanned(c, await removeForm(c)));

  const showPassword = async (c: Context<Env>, state: FormState) => {
    const name = nameOf(c);
    const { commands } = await planAccount(app, actorOf(c), { kind: 'password', name });
    return page(c, <PasswordPage ui={uiOf(c)} name={name} system={driver.system} commands={commands} state={state} />, state === emptyForm ? 200 : 422);
  };
  r.get(`${PATH}/:name/password`, allow('accounts.write'), (c) => showPassword(c, emptyForm));
  r.post(`${PATH}/:name/password`, allow('accounts.write'), async (c) => {
    const { t } = uiOf(c);
    const name = nameOf(c);
    const form = await readForm(c, z.object({ password: AccountPassword }), t);
    if (!form.ok) return showPassword(c, form.state);
    try {
      await changeAccount(app, actorOf(c), { kind: 'password', name }, { secret: form.input.password });
      return formDone(c, { list: accountPath(name), text: t.accounts.done.password({ name }) });
    } catch (error) {
      return showPassword(c, formRefusal(error, form.state, t));
    }
  });

  const keyForm = async (c: Context<Env>): Promise<PlannedForm<z.ZodObject<{ key: typeof KeyLine }>>> => {
    const ui = uiOf(c);
    const name = nameOf(c);
    const t = ui.t.accounts.keys;
    const { shared } = (await readAccount(app, actorOf(c), name)).keys;
    return {
      schema: z.object({ key: KeyLine }), title: t.addTitle({ name }), submit: t.add, back: { href: accountPath(name), label: name }, ...(shared ? { lead: ui.t.accounts.windows.keysShared } : {}),
      fields: (state) => <KeyField ui={ui} state={state} />,
      plan: ({ key }) => planKeys(app, actorOf(c), name, { add: key }),
      apply: ({ key }, seen) => changeKeys(app, actorOf(c), name, { add: key }, seen),
      done: () => (shared ? ui.t.accounts.windows.addedShared : t.added({ name })),
    };
  };
  r.get(`${PATH}/:name/keys/new`, allow('accounts.write'), async (c) => askPlanned(c, await keyForm(c)));
  r.post(`${PATH}/:name/keys/new`, allow('accounts.write'), async (c) => sendPlanned(c, await keyForm(c)));

  const unkeyForm = async (c: Context<Env>): Promise<PlannedForm<z.ZodObject<{ fingerprint: typeof Fingerprint }>>> => {
    const ui = uiOf(c);
    const name = nameOf(c);
    const t = ui.t.accounts.keys;
    const { shared } = (await readAccount(app, actorOf(c), name)).keys;
    return {
      schema: z.object({ fingerprint: Fingerprint }), given: { fingerprint: c.req.query('fingerprint') ?? '' }, title: t.removeTitle({ name }), submit: t.remove, danger: true, lead: shared ? ui.t.accounts.windows.removeSharedText : t.removeText, back: { href: accountPath(name), label: name }, fields: null,
      plan: ({ fingerprint }) => planKeys(app, actorOf(c), name, { remove: fingerprint }),
      apply: ({ fingerprint }, seen) => changeKeys(app, actorOf(c), name, { remove: fingerprint }, seen),
      done: () => (shared ? ui.t.accounts.windows.removedShared : t.removed({ name })),
    };
  };
  r.get(`${PATH}/:name/keys/remove`, allow('accounts.write'), async (c) => askPlanned(c, await unkeyForm(c)));
  r.post(`${PATH}/:name/keys/remove`, allow('accounts.write'), async (c) => sendPlanned(c, await unkeyForm(c)));

  return r;
}
