import type { Child } from 'hono/jsx';
import { BareLayout } from '../layout.tsx';
import { Field } from '../parts/field.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { PasswordField } from '../parts/password.tsx';
import type { Ui } from '../ui.ts';

interface SetupProps {
  ui: Ui;
  values: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
  /** Came with the form and was good: it need not be pasted again. */
  token?: string;
  footer?: Child;
}

/** The first page of a new panel. setup.js moves the token from the address into its field and hides that. */
export function SetupPage({ ui, values, errors, token, footer }: SetupProps) {
  const t = ui.t.setup;
  return (
    <BareLayout ui={ui} title={t.title} footer={footer} scripts={['js/setup.js']}>
      <form class="login-form" method="post" action="/setup">
        <h1>{t.heading({ host: ui.hostname })}</h1>
        <p class="small soft">{t.lead}</p>
        <FormErrors ui={ui} errors={errors} />
        {token ? (
          <input type="hidden" name="token" value={token} />
        ) : (
          <div data-setup-token={errors.token ? 'refused' : ''}>
            <Field ui={ui} name="token" label={t.token} hint={t.tokenHint} error={errors.token} mono required maxlength={200} />
          </div>
        )}
        <Field
          ui={ui}
          name="name"
          label={t.name}
          value={values.name ?? ''}
          error={errors.name}
          required
          maxlength={64}
          autofocus
          autocomplete="username"
          attrs={{ autocapitalize: 'none', spellcheck: 'false' }}
        />
        <PasswordField ui={ui} name="password" label={t.password} autocomplete="new-password" minlength={10} hint={t.passwordHint} error={errors.password} />
        <PasswordField ui={ui} name="password2" label={t.again} autocomplete="new-password" error={errors.password2} />
        <button class="btn primary block big" type="submit">
          {t.submit}
        </button>
      </form>
    </BareLayout>
  );
}
