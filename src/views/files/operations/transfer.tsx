import type { Conflict, Conflicts, Side } from '../../../core/files/operations/conflicts.ts';
import type { FormState } from '../../../http/form.ts';
import { Select } from '../../parts/select.tsx';
import { DateTime } from '../../parts/time.tsx';
import type { Ui } from '../../ui.ts';
import { ActionForm, ActionPage, SelectionFields } from '../action-page.tsx';
import { label } from '../label.ts';
import { FolderChooser, type Choosing } from './chooser.tsx';

export interface Selected {
  folder: string;
  names: readonly string[];
  id?: string | undefined;
}

const POLICIES = ['ask', 'replace', 'keep-both', 'skip'] as const;
const ANSWERS = ['replace', 'keep-both', 'skip'] as const;

/** Copy or move: where to, and what about names that are taken. */
export function TransferPage({ ui, verb, selection, choosing, values, errors }: { ui: Ui; verb: 'copy' | 'move'; selection: Selected; choosing: Choosing } & FormState) {
  const t = ui.t.transfers;
  return (
    <ActionPage ui={ui} title={titleOf(ui, verb, selection)} folder={selection.folder} wide>
      <ActionForm ui={ui} action={`/files/${verb}`} folder={selection.folder} submit={verb === 'copy' ? t.copySubmit : t.moveSubmit} errors={errors}>
        <SelectionFields selection={selection} />
        <FolderChooser ui={ui} choosing={choosing} error={errors.to} />
        <Select
          ui={ui} name="conflict" label={t.onConflict} value={values.conflict ?? 'ask'} hint={t.policyHints['keep-both']}
          choices={POLICIES.map((value) => ({ value, label: t.policies[value] }))}
        />
      </ActionForm>
    </ActionPage>
  );
}

const titleOf = (ui: Ui, verb: 'copy' | 'move', { names }: Selected) =>
  ui.t.transfers[verb === 'copy' ? 'copyTitle' : 'moveTitle']({ n: names.length, name: label(names[0] ?? '') });

interface ConflictsProps {
  ui: Ui;
  verb: 'copy' | 'move';
  selection: Selected;
  to: string;
  conflicts: Conflicts;
}

/** Names that are taken at the target: for all, or one by one. Nothing has been done yet. */
export function ConflictsPage({ ui, verb, selection, to, conflicts }: ConflictsProps) {
  const t = ui.t.transfers.conflicts;
  return (
    <ActionPage ui={ui} title={t.title({ n: conflicts.items.length })} folder={selection.folder} wide>
      <ActionForm ui={ui} action={`/files/${verb}`} folder={selection.folder} submit={t.go}>
        <SelectionFields selection={selection} />
        <input type="hidden" name="to" value={to} />
        <p>{t.text} {conflicts.more ? t.more : ''}</p>
        <ConflictTable ui={ui} items={conflicts.items} />
      </ActionForm>
    </ActionPage>
  );
}

/** One select for all, and one in each row; `at` names the row that the `do` at the same place answers. */
export function ConflictTable({ ui, items, keyOf = (item) => item.path }: { ui: Ui; items: readonly Conflict[]; keyOf?: (item: Conflict) => string }) {
  const t = ui.t.transfers;
  const answers = ANSWERS.map((value) => ({ value: value as string, label: t.policies[value] }));
  const each = items.length > 1;
  return (
    <>
      <Select ui={ui} name="conflict" label={each ? t.conflicts.all : t.conflicts.choice} value="skip" choices={answers} />
      <table class="table conflicts">
        <caption class="vh">{t.conflicts.title({ n: items.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{t.conflicts.entry}</th>
            <th scope="col" class="mid">{t.conflicts.incoming}</th>
            <th scope="col" class="mid">{t.conflicts.existing}</th>
            {each ? <th scope="col">{t.conflicts.choice}</th> : null}
          </tr>
        </thead>
        <tbody>
          {items.map((item, i) => (
            <tr>
              <td class="mono truncate"><bdi>{label(item.path)}</bdi></td>
              <td class="mid"><SideCell ui={ui} side={item.source} /></td>
              <td class="mid"><SideCell ui={ui} side={item.target} /></td>
              {each ? (
                <td>
                  <input type="hidden" name="at" value={keyOf(item)} />
                  <Select ui={ui} id={`conflict-${i}`} name="do" label={`${t.conflicts.choice}: ${label(item.path)}`} hideLabel value="" choices={[{ value: '', label: t.conflicts.asAll }, ...answers]} />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function SideCell({ ui, side }: { ui: Ui; side: Side }) {
  return (
    <>
      {side.type === 'file' ? ui.fmt.bytes(side.size) : ui.t.transfers.conflicts.types[side.type]}
      <br />
      <span class="muted"><DateTime ui={ui} at={side.modified} /></span>
    </>
  );
}
