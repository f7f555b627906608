import type { Child } from 'hono/jsx';
import type { SessionRow } from '../../core/sessions/own.ts';
import type { UserRow } from '../../core/users/users.ts';
import { SessionTable } from '../account/sessions.tsx';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { ConfirmDialog, opens } from '../parts/dialog.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Dot } from '../parts/mark.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { PasswordField } from '../parts/password.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { factors } from './list.tsx';
import { RoleField } from './roles.tsx';

export interface UserPageProps {
  ui: Ui;
  user: UserRow;
  sessions: readonly SessionRow[];
  tokens: number;
  /** The administrator looks at themselves: their own ways in are changed on the account page. */
  self: boolean;
  done?: string;
  errors?: Readonly<Record<string, string>>;
}

/** One person: what they may do, how they get in, and how to keep them out. */
export function UserPage(props: UserPageProps) {
  const { ui, user, done, errors = {} } = props;
  const t = ui.t.users;
  return (
    <Layout ui={ui} title={user.name} styles={['css/account.css']}>
      <CrumbsHead label={t.title} crumbs={[{ href: '/users', label: t.title }]} title={user.name} />
      {done ? <Banner ui={ui} tone="ok" text={done} /> : null}
      {Object.keys(errors).length ? (
        <div class="section">
          <FormErrors ui={ui} errors={errors} />
        </div>
      ) : null}
      <Section id="role" title={t.roleTitle} note={t.roleNote}>
        <form method="post" action={`/users/${user.id}/role`} class="form narrow">
          <RoleField ui={ui} value={user.role} error={errors.role} hideLabel />
          <div class="btns">
            <button class="btn" type="submit">
              {t.roleSave}
            </button>
          </div>
        </form>
      </Section>
      {props.self ? <OwnSection ui={ui} /> : <Reset ui={ui} user={user} errors={errors} />}
      <UserSessions ui={ui} user={user} sessions={props.sessions} />
      {props.self ? null : (
        <>
          <AccessSection ui={ui} user={user} />
          <RemoveSection ui={ui} user={user} tokens={props.tokens} />
        </>
      )}
    </Layout>
  );
}

function OwnSection({ ui }: { ui: Ui }) {
  const t = ui.t.users;
  return (
    <Section id="own" title={t.password}>
      <Act text={t.ownAccount}>
        <a class="btn" href="/account">
          {t.toAccount}
        </a>
      </Act>
    </Section>
  );
}

function Reset({ ui, user, errors }: { ui: Ui; user: UserRow; errors: Readonly<Record<string, string>> }) {
  const t = ui.t.users;
  return (
    <>
      <Section id="password" title={t.resetPassword} note={t.resetPasswordNote}>
        <form method="post" action={`/users/${user.id}/password`} class="form narrow" autocomplete="off">
          <PasswordField ui={ui} name="password" label={t.password} autocomplete="new-password" optional hint={t.passwordOptional} error={errors.password} />
          <div class="btns">
            <button class="btn" type="submit">
              {t.resetPassword}
            </button>
          </div>
        </form>
      </Section>
      <FactorSection ui={ui} user={user} />
    </>
  );
}

/** A button at the end of a line of text. */
function Act({ text, children }: { text: Child; children?: Child }) {
  return (
    <div class="row wrap">
      <p class="small">{text}</p>
      {children}
    </div>
  );
}

function FactorSection({ ui, user }: { ui: Ui; user: UserRow }) {
  const t = ui.t.users;
  const any = user.totp || user.passkeys > 0;
  return (
    <Section id="factor" title={t.secondFactor} note={t.resetFactorNote}>
      <Act text={any ? factors(ui, user) : t.resetFactorNone}>
        {any ? (
          <button class="btn" type="button" {...opens('factor-reset')}>
            {t.resetFactor}
          </button>
        ) : null}
      </Act>
      <ConfirmDialog
        ui={ui}
        id="factor-reset"
        title={t.resetFactorAsk({ name: user.name })}
        consequences={[
          ...(user.totp ? [{ icon: 'key' as const, text: t.resetFactorCode }] : []),
          ...(user.passkeys ? [{ icon: 'passkey' as const, text: t.resetFactorPasskeys({ n: user.passkeys }) }] : []),
          ...(user.sessions ? [{ icon: 'sign-out' as const, text: t.resetFactorSessions({ n: user.sessions }) }] : []),
        ]}
        action={`/users/${user.id}/second-factor/reset`}
        submit={t.resetFactor}
      />
    </Section>
  );
}

function UserSessions({ ui, user, sessions }: { ui: Ui; user: UserRow; sessions: readonly SessionRow[] }) {
  const t = ui.t.users;
  const end = sessions.length ? (
    <form method="post" action={`/users/${user.id}/sessions/end`}>
      <button class="btn sm">{t.endSessions}</button>
    </form>
  ) : null;
  return (
    <Section id="sessions" title={t.sessionsTitle} note={sessions.length ? t.sessions({ n: sessions.length }) : undefined} end={end} flush={sessions.length > 0}>
      {sessions.length ? <SessionTable ui={ui} sessions={sessions} /> : <p class="small soft">{t.noSessions}</p>}
    </Section>
  );
}

function AccessSection({ ui, user }: { ui: Ui; user: UserRow }) {
  const t = ui.t.users;
  return (
    <Section id="access" title={t.disableTitle} note={t.disableNote}>
      <Act text={<Dot state={user.disabled ? 'off' : 'ok'}>{user.disabled ? t.disabled : t.active}</Dot>}>
        {user.disabled ? (
          <form method="post" action={`/users/${user.id}/enable`}>
            <button class="btn">{t.enable}</button>
          </form>
        ) : (
          <button class="btn" type="button" {...opens('user-disable')}>
            {t.disable}
          </button>
        )}
      </Act>
      <ConfirmDialog ui={ui} id="user-disable" title={t.disableAsk({ name: user.name })} text={t.disableText} action={`/users/${user.id}/disable`} submit={t.disable} />
    </Section>
  );
}

function RemoveSection({ ui, user, tokens }: { ui: Ui; user: UserRow; tokens: number }) {
  const t = ui.t.users;
  return (
    <Section id="remove" title={t.removeTitle} note={t.removeNote}>
      <button class="btn danger" type="button" {...opens('user-remove')}>
        {t.remove}
      </button>
      <ConfirmDialog
        ui={ui}
        id="user-remove"
        title={t.removeAsk({ name: user.name })}
        consequences={[
          ...(user.sessions ? [{ icon: 'sign-out' as const, text: t.removeSessions({ n: user.sessions }) }] : []),
          ...(tokens ? [{ icon: 'key' as const, text: t.removeTokens({ n: tokens }) }] : []),
        ]}
        type={user.name}
        action={`/users/${user.id}/remove`}
        submit={t.remove}
      />
    </Section>
  );
}
