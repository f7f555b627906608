import { Layout } from '../layout.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { Field } from '../parts/field.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { PasswordField } from '../parts/password.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { QrCode, type QrMatrix } from './qr.tsx';

type Errors = Readonly<Record<string, string>>;

function Head({ ui, title }: { ui: Ui; title: string }) {
  return <CrumbsHead label={ui.t.account.title} crumbs={[{ href: '/account#totp', label: ui.t.account.title }]} title={title} />;
}

interface OfferProps {
  ui: Ui;
  secret: string;
  sealed: string;
  qr: QrMatrix;
  errors: Errors;
}

/** Scan, type the first code, done. */
export function TotpOfferPage({ ui, secret, sealed, qr, errors }: OfferProps) {
  const t = ui.t.account;
  // Groups of four: that is how people read it off a screen.
  const spoken = secret.match(/.{1,4}/g)!.join(' ');
  return (
    <Layout ui={ui} title={t.totpTitle} styles={['css/account.css']}>
      <Head ui={ui} title={t.totpTitle} />
      <Section id="scan" title={t.totpScan} note={t.totpScanText}>
        <div class="qr-row">
          <QrCode matrix={qr} label={t.qr} />
          <div class="stack-sm">
            <p class="small soft">{t.totpKey}</p>
            <p class="row">
              <code id="totp-key" class="totp-key">{spoken}</code>
              <CopyButton ui={ui} text={secret} />
            </p>
          </div>
        </div>
      </Section>
      <Section id="confirm" title={t.totpConfirm} note={t.totpConfirmText}>
        <form method="post" action="/account/totp" class="form narrow">
          <FormErrors ui={ui} errors={errors} />
          <input type="hidden" name="sealed" value={sealed} />
          <Field
            ui={ui}
            name="code"
            label={t.code}
            class="otp"
            required
            autofocus
            error={errors.code}
            inputmode="numeric"
            autocomplete="one-time-code"
            pattern="[0-9 ]{6,7}"
            maxlength={7}
            placeholder="······"
          />
          <input class="vh" name="username" autocomplete="username" value={ui.actor?.name ?? ''} tabindex={-1} aria-hidden="true" readonly />
          <PasswordField ui={ui} name="current" label={t.current} autocomplete="current-password" error={errors.current} />
          <div class="btns">
            <button class="btn primary" type="submit">
              {t.totpEnable}
            </button>
          </div>
        </form>
      </Section>
    </Layout>
  );
}

/** New recovery codes: this once. */
export function RecoveryPage({ ui, codes, title }: { ui: Ui; codes: readonly string[]; title: string }) {
  const t = ui.t.account;
  return (
    <Layout ui={ui} title={t.recovery} styles={['css/account.css']}>
      <Head ui={ui} title={title} />
      <Section id="recovery" title={t.recovery}>
        <div class="form">
          <p class="small soft">{t.recoveryText}</p>
          <ol class="codes mono" id="recovery-codes">
            {codes.map((code) => (
              <li>
                <code>{code}</code>
              </li>
            ))}
          </ol>
          <div class="btns">
            <CopyButton ui={ui} text={codes.join('\n')}>
              {t.copyAll}
            </CopyButton>
            <a class="btn primary" href="/account#totp">
              {t.recoverySaved}
            </a>
          </div>
        </div>
      </Section>
    </Layout>
  );
}

/** It is on: new codes, or off. Both ask for the password. */
export function TotpManagePage({ ui, left, wrong }: { ui: Ui; left: number; wrong?: { form: 'recovery' | 'off'; errors: Errors } }) {
  const t = ui.t.account;
  const of = (form: string): Errors => (wrong?.form === form ? wrong.errors : {});
  return (
    <Layout ui={ui} title={t.totp} styles={['css/account.css']}>
      <Head ui={ui} title={t.totp} />
      <Section id="recovery" title={t.recovery} note={t.totpOnText({ left })}>
        <PasswordForm ui={ui} id="recovery" text={t.recoveryRenewText} submit={t.recoveryRenew} errors={of('recovery')} />
      </Section>
      <Section id="off" title={t.totpDisable}>
        <PasswordForm ui={ui} id="off" text={t.totpDisableText} submit={t.totpDisable} errors={of('off')} danger />
      </Section>
    </Layout>
  );
}

interface PasswordFormProps {
  ui: Ui;
  id: string;
  text: string;
  submit: string;
  errors: Errors;
  danger?: boolean;
}

function PasswordForm({ ui, id, text, submit, errors, danger }: PasswordFormProps) {
  return (
    <form method="post" action={`/account/totp/${id}`} class="form narrow">
      <FormErrors ui={ui} errors={Object.fromEntries(Object.entries(errors).map(([name, error]) => [name && `${id}-${name}`, error]))} />
      <p class="small soft">{text}</p>
      <input class="vh" name="username" autocomplete="username" value={ui.actor?.name ?? ''} tabindex={-1} aria-hidden="true" readonly />
      <PasswordField ui={ui} id={`f-${id}-current`} name="current" label={ui.t.account.current} autocomplete="current-password" error={errors.current} />
      <div class="btns">
        <button class={danger ? 'btn danger' : 'btn'} type="submit">
          {submit}
        </button>
      </div>
    </form>
  );
}
