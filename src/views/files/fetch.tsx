import { CONFLICT_POLICIES } from '../../db/schema/files.ts';
import { shownName } from '../../lib/file-name.ts';
import { Field } from '../parts/field.tsx';
import { Select } from '../parts/select.tsx';
import type { Ui } from '../ui.ts';
import { ActionForm, ActionPage } from './action-page.tsx';

interface FetchProps {
  ui: Ui;
  folder: string;
  values: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
}

export function FetchPage({ ui, folder, values, errors }: FetchProps) {
  const t = ui.t.fetches;
  return (
    <ActionPage ui={ui} title={t.title} folder={folder}>
      <ActionForm ui={ui} action="/files/fetch" folder={folder} submit={t.start} errors={errors}>
        <p class="small soft">{t.lead({ folder: shownName(folder) })}</p>
        <input type="hidden" name="folder" value={folder} />
        <Field ui={ui} name="url" label={t.url} type="url" value={values.url ?? ''} hint={t.urlHint} error={errors.url} required autofocus mono maxlength={8192} placeholder="https://" />
        <Field ui={ui} name="name" label={t.name} value={values.name ?? ''} hint={t.nameHint} error={errors.name} optional mono maxlength={255} />
        <Select ui={ui} name="conflict" label={t.conflict} value={values.conflict ?? 'ask'} choices={CONFLICT_POLICIES.map((value) => ({ value, label: t.conflicts[value] }))} error={errors.conflict} />
      </ActionForm>
    </ActionPage>
  );
}
