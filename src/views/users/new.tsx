import { Layout } from '../layout.tsx';
import { Secret } from '../parts/copy.tsx';
import { Field } from '../parts/field.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { PasswordField } from '../parts/password.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { RoleField } from './roles.tsx';

interface NewUserProps {
  ui: Ui;
  values: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
}

const Head = ({ ui, title }: { ui: Ui; title: string }) => (
  <CrumbsHead label={ui.t.users.title} crumbs={[{ href: '/users', label: ui.t.users.title }]} title={title} />
);

export function NewUserPage({ ui, values, errors }: NewUserProps) {
  const t = ui.t.users;
  return (
    <Layout ui={ui} title={t.addTitle} styles={['css/account.css']}>
      <Head ui={ui} title={t.addTitle} />
      <div class="section">
        <form method="post" action="/users" class="form narrow" autocomplete="off">
          <FormErrors ui={ui} errors={errors} />
          <Field ui={ui} name="name" label={t.name} value={values.name ?? ''} error={errors.name} hint={t.nameHint} required maxlength={64} autofocus mono />
          <RoleField ui={ui} value={values.role ?? 'viewer'} error={errors.role} />
          <PasswordField ui={ui} name="password" label={t.password} autocomplete="new-password" optional hint={t.passwordOptional} error={errors.password} />
          <div class="btns">
            <button class="btn primary" type="submit">
              {t.add}
            </button>
            <a class="btn" href="/users">
              {ui.t.parts.cancel}
            </a>
          </div>
        </form>
      </div>
    </Layout>
  );
}

/** A password that the panel made: this once. */
export function GeneratedPasswordPage({ ui, user, password }: { ui: Ui; user: { id: string; name: string }; password: string }) {
  const t = ui.t.users;
  return (
    <Layout ui={ui} title={user.name} styles={['css/account.css']}>
      <Head ui={ui} title={user.name} />
      <Section id="generated" title={t.passwordGenerated({ name: user.name })}>
        <div class="form narrow">
          <Secret ui={ui} id="generated-password" label={t.password} value={password} />
          <p class="small soft">{t.passwordGeneratedNote({ name: user.name })}</p>
          <div class="btns">
            <a class="btn primary" href={`/users/${user.id}`}>
              {t.toUser}
            </a>
          </div>
        </div>
      </Section>
    </Layout>
  );
}
