import type { ContainerDetail } from '../../core/containers/detail.ts';
import type { FormState } from '../../http/form.ts';
import { Field } from '../parts/field.tsx';
import { Option } from '../parts/option.tsx';
import type { Ui } from '../ui.ts';
import { ChangePage } from './change.tsx';

/** What a container is now, as an image. */
export function CommitPage({ ui, one, values, errors }: { ui: Ui; one: ContainerDetail } & FormState) {
  const t = ui.t.containerCommit;
  const first = Object.keys(values).length === 0;
  return (
    <ChangePage ui={ui} one={one} title={t.title({ name: one.name })} text={t.text} action="commit" submit={t.submit} errors={errors}>
      <Field ui={ui} name="reference" label={t.reference} value={values.reference ?? ''} error={errors.reference} hint={t.referenceHint} mono required autofocus maxlength={400} />
      <Field ui={ui} name="author" label={t.author} value={values.author ?? ''} error={errors.author} optional maxlength={500} />
      <Field ui={ui} name="message" label={t.message} value={values.message ?? ''} error={errors.message} optional maxlength={500} />
      <Option name="pause" label={t.pause} note={t.pauseNote} checked={first || values.pause === 'on'} />
      {errors.reference ? <Option name="replace" label={t.replace} checked={values.replace === 'on'} /> : null}
    </ChangePage>
  );
}
