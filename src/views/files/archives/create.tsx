import { ENCRYPTIONS } from '../../../core/files/archives/create.ts';
import { ARCHIVE_FORMATS } from '../../../core/files/archives/formats.ts';
import type { FormState } from '../../../http/form.ts';
import { Field } from '../../parts/field.tsx';
import { PasswordField } from '../../parts/password.tsx';
import { Select } from '../../parts/select.tsx';
import type { Ui } from '../../ui.ts';
import { ActionForm, ActionPage, SelectionFields } from '../action-page.tsx';
import { label } from '../label.ts';

interface CreatePageProps extends FormState {
  ui: Ui;
  selection: { folder: string; names: readonly string[]; id?: string | undefined };
  /** Without its ending. */
  stem: string;
}

/** Packs what is selected into an archive beside it. */
export function CreatePage({ ui, selection, stem, values, errors }: CreatePageProps) {
  const t = ui.t.archives.create;
  const { folder, names } = selection;
  const title = names.length === 1 ? t.title({ name: label(names[0]!) }) : t.titleMany({ count: names.length });
  return (
    <ActionPage ui={ui} title={title} folder={folder}>
      <ActionForm ui={ui} action="/files/archive" folder={folder} submit={t.submit} errors={errors}>
        <SelectionFields selection={selection} />
        <Field ui={ui} name="archive" label={t.name} hint={t.nameHint} mono required autofocus maxlength={255} value={values.archive ?? stem} error={errors.archive ?? errors.name} />
        <Select ui={ui} name="format" label={t.format} choices={ARCHIVE_FORMATS.map((value) => ({ value, label: t.formats[value] }))} value={values.format ?? 'zip'} error={errors.format} />
        <PasswordField ui={ui} name="password" label={t.password} hint={t.passwordHint} optional autocomplete="new-password" error={errors.password} />
        <Select ui={ui} name="encryption" label={t.encryption} choices={ENCRYPTIONS.map((value) => ({ value, label: t.encryptions[value] }))} value={values.encryption ?? 'aes'} />
      </ActionForm>
    </ActionPage>
  );
}
