import type { Volume } from '../../core/volumes/volume.ts';
import type { FormState } from '../../http/form.ts';
import { FormPage } from '../form/page.tsx';
import { Field } from '../parts/field.tsx';
import type { Ui } from '../ui.ts';
import { volumeHref } from './href.ts';

const back = (ui: Ui) => ({ href: '/volumes', label: ui.t.volumes.title });

export function NewVolumePage({ ui, values, errors }: { ui: Ui } & FormState) {
  const t = ui.t.volumes;
  return (
    <FormPage ui={ui} title={t.createTitle} back={back(ui)} action="/volumes" submit={t.create} errors={errors}>
      <Field ui={ui} name="name" label={t.name} value={values.name ?? ''} hint={t.nameHint} error={errors.name} required autofocus mono maxlength={255} />
      <Field ui={ui} name="driver" label={t.driver} value={values.driver ?? 'local'} hint={t.driverHint} error={errors.driver} required mono maxlength={255} />
      <Field ui={ui} name="options" label={t.options} value={values.options ?? ''} hint={t.optionsHint} error={errors.options} optional mono rows={3} placeholder={'type=nfs\no=addr=10.0.0.5,rw\ndevice=:/export'} />
      <Field ui={ui} name="labels" label={t.labels} value={values.labels ?? ''} hint={t.labelsHint} error={errors.labels} optional mono rows={2} />
    </FormPage>
  );
}

/** What it holds is lost. One that is used cannot go: by whom is said, and there is nothing to press. */
export function RemoveVolumePage({ ui, volume, errors }: { ui: Ui; volume: Volume; errors: FormState['errors'] }) {
  const t = ui.t.volumes;
  const used = volume.usedBy.length > 0;
  return (
    <FormPage ui={ui} title={t.removeTitle({ name: volume.name })} back={back(ui)} action={`${volumeHref(volume.name)}/remove`} submit={used ? null : t.removeSubmit} danger errors={errors}>
      <p class={used ? 'warn' : undefined}>{used ? t.inUse({ name: volume.name, containers: ui.fmt.list(volume.usedBy.map((one) => one.name)) }) : t.removeText}</p>
    </FormPage>
  );
}
