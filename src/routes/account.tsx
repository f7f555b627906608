import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { lowerRole } from '../core/access.ts';
import type { App } from '../core/app.ts';
import { partyOf } from '../core/passkeys/party.ts';
import { addPasskey, listPasskeys, NewPasskey, offerPasskey, PasskeyWish, removePasskey, renamePasskey, type Registration } from '../core/passkeys/passkeys.ts';
import { codesLeft } from '../core/second-factor/recovery.ts';
import { endOtherSessions, endOwnSession, listSessions } from '../core/sessions/own.ts';
import { OneTime } from '../core/sign-in/one-time.ts';
import { createTokenByPassword, listTokens, NewToken, removeToken } from '../core/tokens/tokens.ts';
import { changePassword } from '../core/users/change-password.ts';
import { Label } from '../core/users/label.ts';
import { CurrentPassword, Password } from '../core/users/password.ts';
import { userById } from '../core/users/users.ts';
import { ROLES } from '../db/schema/users.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import { readDevice, writeDevice } from '../http/cookies.ts';
import type { Env } from '../http/env.ts';
import { formRefusal, readForm, say } from '../http/form.ts';
import { answerJson } from '../http/json.ts';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { AppError } from '../lib/errors.ts';
import { rememberDevice } from '../core/sign-in/device.ts';
import { AccountPage, type AccountProps } from '../views/account/account.tsx';
import { LIFETIMES } from '../views/account/tokens.tsx';

const PasswordForm = z
  .object({
    current: z.string().max(1024),
    password: Password,
    password2: z.string().max(1024),
    keys: z.string().optional().transform((on) => on === 'on'),
  })
  .refine((form) => form.password === form.password2, { path: ['password2'], message: say('account.differs', (t) => t.users.passwordDiffers) });
const TokenForm = z.object({
  name: NewToken.shape.name,
  role: NewToken.shape.role,
  days: z.enum(LIFETIMES).transform((days) => (days ? Number(days) : null)),
  current: CurrentPassword,
});
const NameForm = z.object({ name: Label });

/** What a page may be told has just been done: the names in `?done=`. */
const DONE = {
  password: (t) => t.account.passwordChanged,
  passwordKeys: (t) => t.account.passwordChangedKeys,
  totpOff: (t) => t.account.totpDisabled,
  passkey: (t) => t.account.passkeyAdded,
  passkeyRemoved: (t) => t.account.passkeyRemoved,
  session: (t) => t.account.sessionEnded,
  tokenRemoved: (t) => t.account.tokenRemoved,
} satisfies Record<string, (t: ReturnType<typeof uiOf>['t']) => string>;

/** One's own account. Every object is found through the person who asks; what is somebody else's does not exist here. */
export function account(app: App) {
  const r = new Hono<Env>();
  const registrations = new OneTime<Registration>(app);

  const show = (c: Context<Env>, more: Partial<AccountProps> = {}, status: 200 | 422 = 200) => {
    const ui = uiOf(c);
    const actor = actorOf(c);
    const user = userById(app, actor.kind === 'user' ? actor.userId : '');
    const { party, elsewhere } = partyOf(c.get('origin'));
    return page(
      c,
      <AccountPage
        ui={ui}
        passwordChangedAt={user.passwordChangedAt}
        totp={{ on: user.totpSecret !== null, left: codesLeft(app, user.id) }}
        passkeys={listPasskeys(app, actor)}
        offer={party ? { kind: 'here' } : { kind: 'address', elsewhere }}
        sessions={listSessions(app, actor)}
        tokens={listTokens(app, actor)}
        roles={[...ROLES].reverse().filter((role) => lowerRole(role, user.role) === role)}
        {...more}
      />,
      status,
    );
  };

  r.get('/account', allow('account.write'), (c) => {
    const { t } = uiOf(c);
    const key = c.req.query('done') ?? '';
    const others = /^others(\d{1,6})$/.exec(key)?.[1];
    const done = others ? t.account.othersEnded({ n: Number(others) }) : Object.hasOwn(DONE, key) ? DONE[key as keyof typeof DONE](t) : undefined;
    return show(c, { done });
  });

  r.post('/account/password', allow('account.write'), async (c) => {
    const { t } = uiOf(c);
    const form = await readForm(c, PasswordForm, t);
    if (!form.ok) return show(c, { wrong: { ...form.state, form: 'password' } }, 422);
    const actor = actorOf(c);
    try {
      await changePassword(app, actor, form.input);
    } catch (error) {
      return show(c, { wrong: { ...formRefusal(error, form.state, t), form: 'password' } }, 422);
    }
    // The cookie of this browser was bound to the old password.
    if (actor.kind === 'user') writeDevice(c, rememberDevice(app, userById(app, actor.userId), readDevice(c)));
    return c.redirect(`/account?done=${form.input.keys ? 'passwordKeys' : 'password'}`, 303);
  });

  const party = (c: Context<Env>) => {
    const { party } = partyOf(c.get('origin'));
    if (!party) throw new AppError('unsupported', (t) => t.account.passkeyAddress);
    return party;
  };

  r.post('/account/passkeys/options', allow('account.write'), (c) =>
    answerJson(c, PasskeyWish, (input) => offerPasskey(app, actorOf(c), party(c), registrations, input)),
  );

  r.post('/account/passkeys', allow('account.write'), (c) =>
    answerJson(c, NewPasskey, async (input) => {
      await addPasskey(app, actorOf(c), party(c), registrations, input);
      return { to: '/account?done=passkey#passkeys' };
    }),
  );

  r.post('/account/passkeys/:id/rename', allow('account.write'), async (c) => {
    const form = await readForm(c, NameForm, uiOf(c).t);
    if (!form.ok) return show(c, { wrong: { ...form.state, form: '' } }, 422);
    renamePasskey(app, actorOf(c), { id: c.req.param('id'), name: form.input.name });
    return c.redirect('/account#passkeys', 303);
  });

  r.post('/account/passkeys/:id/remove', allow('account.write'), (c) => {
    removePasskey(app, actorOf(c), { id: c.req.param('id') });
    return c.redirect('/account?done=passkeyRemoved#passkeys', 303);
  });

  r.post('/account/sessions/end-others', allow('account.write'), (c) =>
    c.redirect(`/account?done=others${endOtherSessions(app, actorOf(c))}#sessions`, 303),
  );

  r.post('/account/sessions/:id/end', allow('account.write'), (c) => {
    endOwnSession(app, actorOf(c), { id: c.req.param('id') });
    return c.redirect('/account?done=session#sessions', 303);
  });

  r.post('/account/tokens', allow('account.write'), async (c) => {
    const { t } = uiOf(c);
    const form = await readForm(c, TokenForm, t);
    if (!form.ok) return show(c, { wrong: { ...form.state, form: 'tokens' } }, 422);
    const { name, role, days, current } = form.input;
    try {
      const { token } = await createTokenByPassword(app, actorOf(c), { name, role, expiresInDays: days, current });
      return show(c, { made: { name, token } });
    } catch (error) {
      return show(c, { wrong: { ...formRefusal(error, form.state, t), form: 'tokens' } }, 422);
    }
  });

  r.post('/account/tokens/:id/remove', allow('account.write'), (c) => {
    removeToken(app, actorOf(c), { id: c.req.param('id') });
    return c.redirect('/account?done=tokenRemoved#tokens', 303);
  });

  return r;
}
