import type { PasskeyRow } from '../../core/passkeys/passkeys.ts';
import type { SessionRow } from '../../core/sessions/own.ts';
import type { TokenRow } from '../../core/tokens/tokens.ts';
import type { Role } from '../../db/schema/users.ts';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Dot } from '../parts/mark.tsx';
import { Option } from '../parts/option.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { PasswordField } from '../parts/password.tsx';
import { Section } from '../parts/section.tsx';
import { LanguageChoice, ThemeSeg } from './looks.tsx';
import type { PasskeyOffer } from '../signin/signin.tsx';
import type { Ui } from '../ui.ts';
import { PasskeysSection } from './passkeys.tsx';
import { SessionsSection } from './sessions.tsx';
import { TokensSection } from './tokens.tsx';

/** What a form comes back with. */
export interface Typed {
  values: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
}

export interface AccountProps {
  ui: Ui;
  passwordChangedAt: number;
  totp: { on: boolean; left: number };
  passkeys: readonly PasskeyRow[];
  offer: PasskeyOffer;
  sessions: readonly SessionRow[];
  tokens: readonly TokenRow[];
  roles: readonly Role[];
  /** What has just been done, from a fixed list. */
  done?: string;
  /** What is wrong, and in which form; '' is none in particular. */
  wrong?: Typed & { form: 'password' | 'tokens' | '' };
  made?: { name: string; token: string };
}

const BLANK: Typed = { values: {}, errors: {} };

/** Everything that is one's own, on one page. */
export function AccountPage(props: AccountProps) {
  const { ui, wrong, done } = props;
  const t = ui.t.account;
  const of = (form: string) => (wrong?.form === form ? wrong : BLANK);
  // The summary links to fields by their ids, which the form's name precedes.
  const summary = Object.fromEntries(Object.entries(wrong?.errors ?? {}).map(([name, text]) => [name && wrong?.form ? `${wrong.form}-${name}` : '', text]));
  return (
    <Layout ui={ui} title={t.title} scripts={['js/passkey.js']} styles={['css/account.css']}>
      <PageHead title={t.title} facts={ui.actor ? [ui.actor.name, ui.t.shell.roles[ui.actor.role] ?? ui.actor.role] : []} />
      {done ? <Banner ui={ui} tone="ok" text={done} /> : null}
      {wrong ? (
        <div class="section">
          <FormErrors ui={ui} errors={summary} />
        </div>
      ) : null}
      <PasswordSection ui={ui} changedAt={props.passwordChangedAt} form={of('password')} />
      <TotpSection ui={ui} totp={props.totp} />
      <PasskeysSection ui={ui} passkeys={props.passkeys} offer={props.offer} />
      <SessionsSection ui={ui} sessions={props.sessions} />
      <TokensSection ui={ui} tokens={props.tokens} roles={props.roles} form={of('tokens')} made={props.made} />
      <Section id="looks" title={t.looks} note={t.looksNote}>
        <div class="row wrap">
          <LanguageChoice ui={ui} />
          <ThemeSeg ui={ui} />
        </div>
      </Section>
    </Layout>
  );
}

function PasswordSection({ ui, changedAt, form }: { ui: Ui; changedAt: number; form: Typed }) {
  const t = ui.t.account;
  return (
    <Section id="password" title={t.password} note={t.passwordNote({ when: ui.fmt.relative(changedAt, ui.now) })}>
      <form method="post" action="/account/password" class="form narrow">
        <input class="vh" name="username" autocomplete="username" value={ui.actor?.name ?? ''} tabindex={-1} aria-hidden="true" readonly />
        <PasswordField ui={ui} id="f-password-current" name="current" label={t.current} autocomplete="current-password" error={form.errors.current} />
        <PasswordField
          ui={ui}
          id="f-password-password"
          name="password"
          label={t.passwordNew}
          autocomplete="new-password"
          minlength={10}
          hint={ui.t.setup.passwordHint}
          error={form.errors.password}
        />
        <PasswordField ui={ui} id="f-password-password2" name="password2" label={t.passwordAgain} autocomplete="new-password" error={form.errors.password2} />
        <Option name="keys" label={t.passwordKeys} checked={form.values.keys === 'on'} />
        <div class="row">
          <button class="btn" type="submit">
            {t.passwordSave}
          </button>
          <p class="xs muted">{t.passwordConsequence}</p>
        </div>
      </form>
    </Section>
  );
}

function TotpSection({ ui, totp }: { ui: Ui; totp: AccountProps['totp'] }) {
  const t = ui.t.account;
  return (
    <Section id="totp" title={t.totp} note={t.totpNote}>
      <div class="row wrap">
        <p class="small">
          <Dot state={totp.on ? (totp.left ? 'ok' : 'warn') : 'off'}>{totp.on ? t.totpOnText({ left: totp.left }) : t.totpOffText}</Dot>
        </p>
        <a class="btn" href="/account/totp">
          {totp.on ? t.totpManage : t.totpSetUp}
        </a>
      </div>
    </Section>
  );
}
