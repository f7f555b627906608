import type { Child } from 'hono/jsx';
import { BareLayout } from '../layout.tsx';
import { Field } from '../parts/field.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Icon } from '../parts/icon.tsx';
import { JsonScript } from '../parts/json-script.tsx';
import { PasswordField } from '../parts/password.tsx';
import type { Ui } from '../ui.ts';

/** What the form is drawn with: what was typed, what is wrong. */
interface Form {
  values: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
}

/** Can this page offer a passkey? `address`: not under a bare address; `elsewhere` is the same panel under a name. */
export type PasskeyOffer = { kind: 'none' } | { kind: 'here' } | { kind: 'address'; elsewhere: string | null };

interface SignInProps {
  ui: Ui;
  form: Form;
  next: string;
  passkey: PasskeyOffer;
  footer?: Child;
}

export function SignInPage({ ui, form, next, passkey, footer }: SignInProps) {
  const t = ui.t.signIn;
  const name = form.values.name ?? '';
  return (
    <BareLayout ui={ui} title={t.title} footer={footer} scripts={passkey.kind === 'here' ? ['js/passkey.js'] : []}>
      <form class="login-form" method="post" action="/signin">
        <h1>{t.heading({ host: ui.hostname })}</h1>
        <FormErrors ui={ui} errors={form.errors} />
        <input type="hidden" name="next" value={next} />
        <Field
          ui={ui}
          name="name"
          label={t.name}
          value={name}
          required
          maxlength={256}
          autofocus={!name}
          autocomplete="username"
          attrs={{ autocapitalize: 'none', spellcheck: 'false' }}
        />
        <PasswordField ui={ui} name="password" label={t.password} autocomplete="current-password" autofocus={Boolean(name)} />
        <button class="btn primary block big" type="submit">
          {t.continue}
        </button>
        <Passkey ui={ui} offer={passkey} next={next} />
      </form>
    </BareLayout>
  );
}

function Passkey({ ui, offer, next }: { ui: Ui; offer: PasskeyOffer; next: string }) {
  const t = ui.t.signIn;
  if (offer.kind === 'none') return null;
  if (offer.kind === 'address') {
    return (
      <p class="small soft center">
        {t.passkeyAddress}{' '}
        {offer.elsewhere ? (
          <a class="link" href={`${offer.elsewhere}/signin?next=${encodeURIComponent(next)}`}>
            {t.passkeyLocalhost}
          </a>
        ) : null}
      </p>
    );
  }
  return (
    <>
      <p class="or" data-passkey-part hidden>
        <span>{t.or}</span>
      </p>
      <button class="btn block big" type="button" data-passkey-part data-passkey-sign-in={next} hidden>
        <Icon ui={ui} name="passkey" />
        {t.usePasskey}
      </button>
      <p class="error" role="alert" data-passkey-error hidden></p>
      <JsonScript id="passkey-text" value={{ stopped: t.passkeyStopped, noAnswer: ui.t.parts.noAnswer }} />
    </>
  );
}

interface CodeProps {
  ui: Ui;
  name: string;
  recovery: boolean;
  errors: Readonly<Record<string, string>>;
  footer?: Child;
}

/** The second step: a code of the authenticator, or one of the recovery codes. */
export function CodePage({ ui, name, recovery, errors, footer }: CodeProps) {
  const t = ui.t.signIn;
  return (
    <BareLayout ui={ui} title={t.title} footer={footer}>
      <form class="login-form" method="post" action={recovery ? '/signin/code?recovery' : '/signin/code'}>
        <h1>{recovery ? t.recoveryTitle : t.codeTitle}</h1>
        <p class="small soft">{recovery ? t.recoveryText : t.codeFrom({ name })}</p>
        <FormErrors ui={ui} errors={errors} />
        {recovery ? (
          <Field ui={ui} name="code" label={t.recovery} hideLabel mono required autofocus maxlength={40} placeholder="xxxx-xxxx-xxxx" />
        ) : (
          <Field
            ui={ui}
            name="code"
            label={t.code}
            hideLabel
            class="otp"
            required
            autofocus
            inputmode="numeric"
            autocomplete="one-time-code"
            pattern="[0-9 ]{6,7}"
            maxlength={7}
            placeholder="······"
          />
        )}
        <button class="btn primary block big" type="submit">
          {t.submit}
        </button>
        <div class="row login-alt">
          <a class="link" href="/signin">
            {t.back}
          </a>
          <a class="link" href={recovery ? '/signin/code' : '/signin/code?recovery'}>
            {recovery ? t.useApp : t.useRecovery}
          </a>
        </div>
      </form>
    </BareLayout>
  );
}
