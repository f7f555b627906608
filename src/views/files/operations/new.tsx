import { Field } from '../../parts/field.tsx';
import type { Ui } from '../../ui.ts';
import { ActionForm, ActionPage } from '../action-page.tsx';
import type { FormState } from '../../../http/form.ts';

export const NEW_KINDS = ['folder', 'file', 'link'] as const;
export type NewKind = (typeof NEW_KINDS)[number];

/** A name for something that is not there yet; a symlink also needs where it leads. */
export function NewPage({ ui, kind, folder, values, errors }: { ui: Ui; kind: NewKind; folder: string } & FormState) {
  const t = ui.t.transfers;
  const title = { folder: t.newFolder, file: t.newFile, link: t.newLink }[kind];
  return (
    <ActionPage ui={ui} title={title} folder={folder}>
      <ActionForm ui={ui} action={`/files/new/${kind}`} folder={folder} submit={t.create} errors={errors}>
        <input type="hidden" name="folder" value={folder} />
        <Field ui={ui} name="name" label={t.name} mono required autofocus maxlength={255} value={values.name} error={errors.name} />
        {kind === 'link' ? <Field ui={ui} name="target" label={t.target} mono required maxlength={4095} hint={t.targetHint} value={values.target} error={errors.target} /> : null}
      </ActionForm>
    </ActionPage>
  );
}
