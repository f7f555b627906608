import type { FormState } from '../../http/form.ts';
import { wordsOf } from '../../core/accounts/words.ts';
import type { AccountSystem, HostAccounts } from '../../platform/accounts.ts';
import { FormPage } from '../form/page.tsx';
import { Field } from '../parts/field.tsx';
import { Option } from '../parts/option.tsx';
import { PasswordField } from '../parts/password.tsx';
import { Select } from '../parts/select.tsx';
import type { Ui } from '../ui.ts';
import { accountPath } from './list.tsx';

export function NewAccountFields({ ui, list, system, state: { values, errors } }: { ui: Ui; list: HostAccounts; system: AccountSystem; state: FormState }) {
  const t = wordsOf(ui.t, system);
  const unix = system === 'unix';
  const text = (name: string) => ({ name, value: values[name] ?? '', ...(errors[name] ? { error: errors[name] } : {}) });
  return (
    <>
      <Field ui={ui} {...text('name')} label={t.name} hint={t.nameHint} mono required autofocus maxlength={unix ? 32 : 20} />
      <Field ui={ui} {...text('fullName')} label={t.fullName} optional maxlength={100} />
      {unix ? <Select ui={ui} name="shell" label={t.shell} value={values.shell ?? list.shells.find((one) => one === '/bin/bash') ?? list.shells[0] ?? ''} choices={list.shells.map((value) => ({ value, label: value }))} {...(errors.shell ? { error: errors.shell } : {})} /> : null}
      {list.adminGroup ? <Option name="admin" label={t.grantNew} note={t.grantNote({ group: list.adminGroup })} checked={values.admin === 'on'} /> : null}
      {unix ? <KeyField ui={ui} state={{ values, errors }} optional /> : <p class="small muted">{t.windows.newPassword}</p>}
    </>
  );
}

export function KeyField({ ui, state: { values, errors }, optional }: { ui: Ui; state: FormState; optional?: boolean }) {
  const t = ui.t.accounts.keys;
  return <Field ui={ui} name="key" label={t.key} value={values.key ?? ''} hint={t.hint} mono rows={3} {...(optional ? { optional } : { required: true, autofocus: true })} {...(errors.key ? { error: errors.key } : {})} />;
}

export function RemoveFields({ ui, name, home, system, state: { values, errors } }: { ui: Ui; name: string; home: string; system: AccountSystem; state: FormState }) {
  const t = wordsOf(ui.t, system);
  return (
    <>
      {home ? <Option name="home" label={t.removeHome({ home })} note={t.removeHomeNote} checked={values.home === 'on'} /> : null}
      <Field ui={ui} name="confirm" label={t.typeName({ name })} value={values.confirm ?? ''} mono required autofocus {...(errors.confirm ? { error: errors.confirm } : {})} />
    </>
  );
}

/** What runs is known before anything is typed, and what is typed is never shown again: one step. */
export function PasswordPage({ ui, name, system, commands, state }: { ui: Ui; name: string; system: AccountSystem; commands: readonly string[]; state: FormState }) {
  const t = wordsOf(ui.t, system);
  return (
    <FormPage ui={ui} title={t.passwordOf({ name })} back={{ href: accountPath(name), label: name }} action={`${accountPath(name)}/password`} submit={t.setPassword} errors={state.errors}>
      <PasswordField ui={ui} name="password" label={t.password} autocomplete="new-password" hint={t.passwordHint} {...(state.errors.password ? { error: state.errors.password } : {})} />
      <p class="small muted">{ui.t.system.willRun}</p>
      <pre class="snippet">{commands.join('\n')}</pre>
    </FormPage>
  );
}
