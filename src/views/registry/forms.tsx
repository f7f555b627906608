import { nameOf, shortOf } from '../../core/registry/place.ts';
import { hexOf, isWritableType, shownOf, typeName, VALUE_TYPES } from '../../core/registry/value.ts';
import { typedAs } from '../../core/registry/commands.ts';
import type { FormState } from '../../http/form.ts';
import type { RegistryPlace, RegistryValue } from '../../platform/registry.ts';
import { FormPage } from '../form/page.tsx';
import { Banner } from '../parts/banner.tsx';
import { Field } from '../parts/field.tsx';
import { Select } from '../parts/select.tsx';
import type { Ui } from '../ui.ts';
import { placeHref } from './href.ts';

interface Props extends FormState {
  ui: Ui;
  place: RegistryPlace;
}

const back = (place: RegistryPlace) => ({ href: placeHref(place), label: nameOf(place.path) });

function Hidden({ place, name }: { place: RegistryPlace; name?: string }) {
  return (
    <>
      <input type="hidden" name="key" value={place.path} />
      <input type="hidden" name="view" value={String(place.view)} />
      {name === undefined ? null : <input type="hidden" name="name" value={name} />}
    </>
  );
}

function Commands({ ui, lines }: { ui: Ui; lines: readonly string[] }) {
  return (
    <>
      <p class="small muted">{ui.t.registry.commands}</p>
      <pre class="snippet">{lines.join('\n')}</pre>
    </>
  );
}

const command = (place: RegistryPlace, verb: 'add' | 'delete', ...words: string[]) => ['reg', verb, typedAs(shortOf(place.path)), ...words, `/reg:${place.view}`, '/f'].join(' ');
const valueWords = (name: string) => (name === '' ? ['/ve'] : ['/v', typedAs(name)]);

/** `value`: the one that is edited; null: a new one. */
export function ValuePage({ ui, place, value, values, errors }: Props & { value: RegistryValue | null }) {
  const t = ui.t.registry;
  const type = values.type ?? (value ? typeName(value.type) : 'REG_SZ');
  const name = value ? value.name || t.standard : '';
  const title = value ? t.editTitle({ name }) : t.newValueTitle({ name: nameOf(place.path) });
  if (value && !isWritableType(typeName(value.type))) {
    return (
      <FormPage ui={ui} title={title} back={back(place)} action="/registry/value" submit={null} errors={errors}>
        <p class="small muted">{t.cannotEdit({ type: typeName(value.type) })}</p>
        <pre class="snippet">{hexOf(value.bytes.subarray(0, 4096))}</pre>
      </FormPage>
    );
  }
  return (
    <FormPage ui={ui} title={title} back={back(place)} action={value ? '/registry/value?edit=on' : '/registry/value'} submit={ui.can('registry.write') ? t.save : null} errors={errors}>
      {value ? <Hidden place={place} name={value.name} /> : (
        <>
          <Hidden place={place} />
          <Field ui={ui} name="name" label={t.name} value={values.name ?? ''} hint={t.nameHint} error={errors.name} optional autofocus mono />
        </>
      )}
      <Select ui={ui} name="type" label={t.type} value={type} choices={VALUE_TYPES.map((each) => ({ value: each, label: t.types[each] }))} {...(errors.type ? { error: errors.type } : {})} />
      <Field ui={ui} name="value" label={t.value} value={values.value ?? (value ? shownOf(value) : '')} hint={t.valueHint} error={errors.value} rows={6} mono />
      <Commands ui={ui} lines={[command(place, 'add', ...(value ? valueWords(value.name) : ['/v', '…']), '/t', type, '/d', '…')]} />
    </FormPage>
  );
}

export function RemoveValuePage({ ui, place, name, errors }: Props & { name: string }) {
  const t = ui.t.registry;
  return (
    <FormPage ui={ui} title={t.removeValueTitle({ name: name || t.standard })} back={back(place)} action="/registry/value/remove" submit={t.removeValue} danger errors={errors}>
      <Hidden place={place} name={name} />
      <p>{t.removeText}</p>
      <Commands ui={ui} lines={[command(place, 'delete', ...valueWords(name))]} />
    </FormPage>
  );
}

export function NewKeyPage({ ui, place, values, errors }: Props) {
  const t = ui.t.registry;
  return (
    <FormPage ui={ui} title={t.newKeyTitle({ name: nameOf(place.path) })} back={back(place)} action="/registry/key" submit={t.create} errors={errors}>
      <Hidden place={place} />
      <Field ui={ui} name="name" label={t.name} value={values.name ?? ''} error={errors.name} required autofocus mono maxlength={255} />
      <Commands ui={ui} lines={[command({ ...place, path: `${place.path}\\…` }, 'add')]} />
    </FormPage>
  );
}

export function RenameKeyPage({ ui, place, values, errors }: Props) {
  const t = ui.t.registry;
  return (
    <FormPage ui={ui} title={t.renameTitle({ name: nameOf(place.path) })} back={back(place)} action="/registry/key/rename" submit={t.renameSubmit} errors={errors}>
      <Hidden place={place} />
      <p class="small muted">{t.renameText}</p>
      <Field ui={ui} name="name" label={t.name} value={values.name ?? nameOf(place.path)} error={errors.name} required autofocus mono maxlength={255} />
      <Commands ui={ui} lines={[`reg copy ${typedAs(shortOf(place.path))} … /s /f /reg:${place.view}`, command(place, 'delete')]} />
    </FormPage>
  );
}

export function RemoveKeyPage({ ui, place, errors, delicate }: Props & { delicate: boolean }) {
  const t = ui.t.registry;
  return (
    <FormPage ui={ui} title={t.removeKeyTitle({ name: nameOf(place.path) })} back={back(place)} action="/registry/key/remove" submit={t.removeKey} danger errors={errors}>
      <Hidden place={place} />
      {delicate ? <Banner ui={ui} tone="danger" text={t.delicate} /> : null}
      <p>{t.removeText}</p>
      <Field ui={ui} name="confirm" label={t.typeName({ name: nameOf(place.path) })} error={errors.confirm} mono required autofocus />
      <Commands ui={ui} lines={[command(place, 'delete')]} />
    </FormPage>
  );
}
