import type { FormState } from '../../../http/form.ts';
import { Field } from '../../parts/field.tsx';
import type { Ui } from '../../ui.ts';
import { ActionForm, ActionPage } from '../action-page.tsx';
import { label } from '../label.ts';

/** One entry, another name. */
export function RenamePage({ ui, folder, name, values, errors }: { ui: Ui; folder: string; name: string } & FormState) {
  const t = ui.t.transfers;
  return (
    <ActionPage ui={ui} title={t.renameTitle({ name: label(name) })} folder={folder}>
      <ActionForm ui={ui} action="/files/rename" folder={folder} submit={t.rename} errors={errors}>
        <input type="hidden" name="folder" value={folder} />
        <input type="hidden" name="name" value={name} />
        <Field ui={ui} name="to" label={t.newName} mono required autofocus maxlength={255} value={values.to ?? name} error={errors.to} />
      </ActionForm>
    </ActionPage>
  );
}
