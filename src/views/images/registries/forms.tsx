import type { Registry } from '../../../core/registries/registries.ts';
import type { FormState } from '../../../http/form.ts';
import { FormPage } from '../../form/page.tsx';
import { Field } from '../../parts/field.tsx';
import { Option } from '../../parts/option.tsx';
import { PasswordField } from '../../parts/password.tsx';
import type { Ui } from '../../ui.ts';

const LIST = '/images/registries';
const back = (ui: Ui) => ({ href: LIST, label: ui.t.registries.title });

/** A sign-in, new or changed. A password is typed, and never shown again. */
export function RegistryPage({ ui, registry, values, errors }: { ui: Ui; registry: Registry | null } & FormState) {
  const t = ui.t.registries;
  const title = registry ? t.editTitle({ host: registry.host }) : t.addTitle;
  const wrong = (name: string) => (errors[name] ? { error: errors[name] } : {});
  return (
    <FormPage ui={ui} title={title} back={back(ui)} action={registry ? `${LIST}/${registry.id}` : LIST} submit={registry ? t.save : t.addSubmit} errors={errors}>
      <Field ui={ui} name="host" label={t.host} value={values.host ?? ''} hint={t.hostHint} {...wrong('host')} required autofocus={!registry} mono maxlength={300} placeholder="ghcr.io" />
      <Field ui={ui} name="user" label={t.user} value={values.user ?? ''} {...wrong('user')} required maxlength={255} />
      <PasswordField ui={ui} name="password" label={t.password} autocomplete="new-password" hint={registry ? t.passwordKept : t.passwordHint} {...wrong('password')} optional={registry !== null} />
      <Field ui={ui} name="note" label={t.note} value={values.note ?? ''} hint={t.noteHint} {...wrong('note')} optional maxlength={200} />
      <Option name="unchecked" label={t.unchecked} note={t.uncheckedNote} checked={values.unchecked === 'on'} />
    </FormPage>
  );
}

export function TestRegistryPage({ ui, registry, errors }: { ui: Ui; registry: Registry; errors: FormState['errors'] }) {
  const t = ui.t.registries;
  return (
    <FormPage ui={ui} title={t.testTitle({ host: registry.host })} back={back(ui)} action={`${LIST}/${registry.id}/test`} submit={t.testSubmit} errors={errors}>
      <p>{t.testText({ user: registry.user })}</p>
    </FormPage>
  );
}

export function RemoveRegistryPage({ ui, registry }: { ui: Ui; registry: Registry }) {
  const t = ui.t.registries;
  return (
    <FormPage ui={ui} title={t.removeTitle({ host: registry.host })} back={back(ui)} action={`${LIST}/${registry.id}/remove`} submit={t.removeSubmit} danger>
      <p>{t.removeText}</p>
    </FormPage>
  );
}
