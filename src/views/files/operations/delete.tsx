import type { FormState } from '../../../http/form.ts';
import { Field } from '../../parts/field.tsx';
import type { Ui } from '../../ui.ts';
import { ActionForm, ActionPage, SelectionFields } from '../action-page.tsx';
import { label } from '../label.ts';
import type { Selected } from './transfer.tsx';

/** To the trash; for good only from here. */
export function DeletePage({ ui, selection, days, errors }: { ui: Ui; selection: Selected; days: number } & Pick<FormState, 'errors'>) {
  const t = ui.t.transfers;
  return (
    <ActionPage ui={ui} title={t.deleteTitle(whatOf(selection))} folder={selection.folder}>
      <ActionForm
        ui={ui} action="/files/delete" folder={selection.folder} submit={t.toTrash} errors={errors} plain
        buttons={<button class="btn" type="submit" name="forever" value="ask">{t.insteadForGood}</button>}
      >
        <SelectionFields selection={selection} />
        <p>{t.trashText} {days > 0 ? t.trashKept({ days }) : ''}</p>
      </ActionForm>
    </ActionPage>
  );
}

const whatOf = ({ names }: Selected) => ({ n: names.length, name: label(names[0] ?? '') });

/** What has to be typed: the name of one, if it can be typed, else how many there are. */
export function confirmWord(names: readonly string[]): string {
  const [name = ''] = names;
  return names.length === 1 && label(name) === name && name.trim() === name ? name : String(names.length);
}

/** Nothing comes back from this: it has to be typed. */
export function DeleteForGoodPage({ ui, selection, errors }: { ui: Ui; selection: Selected } & Pick<FormState, 'errors'>) {
  const t = ui.t.transfers;
  const word = confirmWord(selection.names);
  return (
    <ActionPage ui={ui} title={t.goodTitle(whatOf(selection))} folder={selection.folder}>
      <ActionForm ui={ui} action="/files/delete" folder={selection.folder} submit={t.deleteForGood} danger errors={errors}>
        <SelectionFields selection={selection} />
        <input type="hidden" name="forever" value="on" />
        <p>{t.goodText}</p>
        <Field
          ui={ui} name="confirm" mono required autofocus error={errors.confirm}
          label={word === selection.names[0] ? t.confirmName({ word }) : t.confirmCount({ word })}
        />
      </ActionForm>
    </ActionPage>
  );
}
