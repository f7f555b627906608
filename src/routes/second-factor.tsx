import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { ownId } from '../core/access.ts';
import { codesLeft } from '../core/second-factor/recovery.ts';
import { confirmTotp, offerTotp, removeTotp, renewRecoveryCodes, TotpConfirm } from '../core/second-factor/totp.ts';
import { userById } from '../core/users/users.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { formRefusal, readBody, readForm } from '../http/form.ts';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { RecoveryPage, TotpManagePage, TotpOfferPage } from '../views/account/totp.tsx';

const CurrentForm = z.object({ current: z.string().max(1024) });

/** One's own second factor: set up, new recovery codes, off. */
export function secondFactor(app: App) {
  const r = new Hono<Env>();

  const showOffer = async (c: Context<Env>, errors: Record<string, string> = {}, again?: string) => {
    const { encode } = await import('uqr');
    const ui = uiOf(c);
    const { secret, uri, sealed } = await offerTotp(app, actorOf(c), ui.hostname, again);
    const view = <TotpOfferPage ui={ui} secret={secret} sealed={sealed} qr={encode(uri, { border: 2 }).data} errors={errors} />;
    return page(c, view, Object.keys(errors).length ? 422 : 200);
  };

  const own = (c: Context<Env>) => userById(app, ownId(actorOf(c)));

  r.get('/account/totp', allow('account.write'), (c) => {
    const user = own(c);
    return user.totpSecret ? page(c, <TotpManagePage ui={uiOf(c)} left={codesLeft(app, user.id)} />) : showOffer(c);
  });

  r.post('/account/totp', allow('account.write'), async (c) => {
    const ui = uiOf(c);
    if (own(c).totpSecret) return c.redirect('/account/totp', 303);
    const form = await readForm(c, TotpConfirm, ui.t);
    const body = await readBody(c);
    const sealed = typeof body.sealed === 'string' ? body.sealed : undefined;
    if (!form.ok) return showOffer(c, form.state.errors, sealed);
    try {
      const codes = await confirmTotp(app, actorOf(c), form.input);
      return page(c, <RecoveryPage ui={ui} codes={codes} title={ui.t.account.totpEnabled} />);
    } catch (error) {
      return showOffer(c, formRefusal(error, form.state, ui.t).errors, sealed);
    }
  });

  const manage = (c: Context<Env>, form: 'recovery' | 'off', errors: Record<string, string>) =>
    page(c, <TotpManagePage ui={uiOf(c)} left={codesLeft(app, own(c).id)} wrong={{ form, errors }} />, 422);

  r.post('/account/totp/recovery', allow('account.write'), async (c) => {
    const ui = uiOf(c);
    if (!own(c).totpSecret) return c.redirect('/account/totp', 303);
    const form = await readForm(c, CurrentForm, ui.t);
    if (!form.ok) return manage(c, 'recovery', form.state.errors);
    try {
      return page(c, <RecoveryPage ui={ui} codes={await renewRecoveryCodes(app, actorOf(c), form.input)} title={ui.t.account.totp} />);
    } catch (error) {
      return manage(c, 'recovery', formRefusal(error, form.state, ui.t).errors);
    }
  });

  r.post('/account/totp/off', allow('account.write'), async (c) => {
    const { t } = uiOf(c);
    if (!own(c).totpSecret) return c.redirect('/account/totp', 303);
    const form = await readForm(c, CurrentForm, t);
    if (!form.ok) return manage(c, 'off', form.state.errors);
    try {
      await removeTotp(app, actorOf(c), form.input);
    } catch (error) {
      return manage(c, 'off', formRefusal(error, form.state, t).errors);
    }
    return c.redirect('/account?done=totpOff#totp', 303);
  });

  return r;
}
