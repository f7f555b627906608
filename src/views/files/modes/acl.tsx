import type { AclState } from '../../../core/files/acl/acl.ts';
import type { Selection } from '../../../core/files/modes/protect.ts';
import type { Accounts } from '../../../platform/files.ts';
import { FormErrors } from '../../parts/form-errors.tsx';
import type { Ui } from '../../ui.ts';
import { ActionPage, SelectionFields } from '../action-page.tsx';
import { folderHref } from '../href.ts';
import { NtfsFields } from './ntfs.tsx';
import { PosixFields } from './posix.tsx';
import { SHEET_SCRIPTS, titleOf } from './sheet.tsx';
import { Commands, ModeTabs } from './tabs.tsx';

export interface AclPageProps {
  ui: Ui;
  selection: Selection & { id?: string | undefined };
  /** Missing: why there is nothing to show. */
  state?: AclState;
  reason?: string;
  accounts: Accounts;
  errors?: Readonly<Record<string, string>>;
  commands?: readonly string[];
  effective?: { account: string; rights: readonly string[] };
}

/** The access list of one entry. */
export function AclPage({ ui, selection, state, reason, accounts, errors = {}, commands = [], effective }: AclPageProps) {
  const t = ui.t.acl;
  const acl = state?.acl;
  const own = ui.can('files.owner');
  return (
    <ActionPage ui={ui} title={titleOf(ui, selection)} folder={selection.folder} wide scripts={SHEET_SCRIPTS}>
      <ModeTabs ui={ui} selection={selection} current="acl" />
      <form class="form modes" method="post" action="/files/acl" hx-post="/files/acl" hx-target="#action" hx-select="#action" hx-swap="outerHTML" autocomplete="off">
        <FormErrors ui={ui} errors={errors} />
        <SelectionFields selection={selection} />
        {reason ? <p>{reason}</p> : null}
        {state && acl && state.kind === 'posix' ? <PosixFields ui={ui} acl={acl} isFolder={state.isFolder} accounts={accounts} disabled={!own} /> : null}
        {state && acl && state.kind === 'ntfs' ? <NtfsFields ui={ui} acl={acl} isFolder={state.isFolder} disabled={!own} effective={effective} /> : null}
        {state && !acl ? <p>{t.none}</p> : null}
        {acl && !own ? <p class="hint">{t.locked}</p> : null}
        <Commands ui={ui} commands={commands} open />
        <div class="btns">
          <a class="btn" href={folderHref(selection.folder)} data-cancel>
            {ui.t.parts.cancel}
          </a>
          {acl && own ? (
            <>
              <button class="btn" type="submit" name="step" value="commands">
                {t.commands}
              </button>
              <button class="btn primary" type="submit">
                {t.save}
              </button>
            </>
          ) : null}
        </div>
      </form>
    </ActionPage>
  );
}
