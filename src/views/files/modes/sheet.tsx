import type { Selection } from '../../../core/files/modes/protect.ts';
import type { ModeState } from '../../../core/files/modes/state.ts';
import { MODE_BITS, octalText } from '../../../core/files/modes/mode.ts';
import { shownName } from '../../../lib/file-name.ts';
import type { Account, Accounts } from '../../../platform/files.ts';
import { Field } from '../../parts/field.tsx';
import { FormErrors } from '../../parts/form-errors.tsx';
import { Option } from '../../parts/option.tsx';
import type { Ui } from '../../ui.ts';
import { ActionPage, SelectionFields } from '../action-page.tsx';
import { folderHref } from '../href.ts';
import { ModeGrid } from './grid.tsx';
import { Commands, ModeTabs } from './tabs.tsx';

export const titleOf = (ui: Ui, { names }: Selection) =>
  names.length === 1 ? ui.t.modes.title({ name: shownName(names[0]!) }) : ui.t.modes.titleMany({ n: names.length });

export const SHEET_SCRIPTS = ['js/files/modes.js'];

interface SheetProps {
  ui: Ui;
  selection: Selection & { id?: string | undefined };
  state: ModeState;
  accounts: Accounts;
  values?: Readonly<Record<string, string>>;
  errors?: Readonly<Record<string, string>>;
  commands?: readonly string[];
}

/** The sheet of modes and owners: what all entries share is shown, what differs is left alone unless it is touched. */
export function ModeSheet({ ui, selection, state, accounts, values = {}, errors = {}, commands = [] }: SheetProps) {
  const t = ui.t.modes;
  const [write, own] = [ui.can('files.write'), ui.can('files.owner')];
  const links = state.files + state.folders === 0;
  return (
    <ActionPage ui={ui} title={titleOf(ui, selection)} folder={selection.folder} wide scripts={SHEET_SCRIPTS}>
      <ModeTabs ui={ui} selection={selection} current="mode" />
      <form class="form modes" method="post" action="/files/mode" hx-post="/files/mode" hx-target="#action" hx-select="#action" hx-swap="outerHTML" autocomplete="off">
        <FormErrors ui={ui} errors={errors} />
        <SelectionFields selection={selection} />
        <Notes ui={ui} state={state} />
        {links ? null : <ModeFields ui={ui} state={state} values={values} error={errors.mode} disabled={!write} special={own} />}
        <OwnerFields ui={ui} state={state} accounts={accounts} values={values} errors={errors} disabled={!own} />
        {state.folders && write ? <InsideFields ui={ui} values={values} error={errors.fileMode} own={own} /> : null}
        <Commands ui={ui} commands={commands} open />
        {write ? (
          <div class="btns">
            <a class="btn" href={folderHref(selection.folder)} data-cancel>
              {ui.t.parts.cancel}
            </a>
            <button class="btn" type="submit" name="step" value="commands">
              {t.commands}
            </button>
            <button class="btn primary" type="submit" data-next={t.next} data-save={t.save}>
              {values['inside-mode'] || values['inside-owner'] ? t.next : t.save}
            </button>
          </div>
        ) : null}
      </form>
    </ActionPage>
  );
}

function Notes({ ui, state }: { ui: Ui; state: ModeState }) {
  const t = ui.t.modes;
  const differs = state.mixed !== 0 || state.uid === null || state.gid === null;
  const notes = [
    differs ? t.mixedNote : null,
    state.links ? t.links({ n: state.links }) : null,
    state.partial ? t.partial({ n: ui.fmt.number(state.files + state.folders + state.links) }) : null,
  ].filter((note) => note !== null);
  return notes.length ? <p class="hint">{notes.join(' ')}</p> : null;
}

interface PartProps {
  ui: Ui;
  state: ModeState;
  values: Readonly<Record<string, string>>;
  disabled: boolean;
}

function ModeFields({ ui, state, values, error, disabled, special }: PartProps & { error: string | undefined; special: boolean }) {
  const t = ui.t.modes;
  const was = state.mixed ? '' : octalText(state.common);
  const typed = values.mode ?? was;
  const bits = /^[0-7]{1,5}$/.test(typed) ? Number.parseInt(typed, 8) & MODE_BITS : state.common;
  return (
    <>
      <ModeGrid ui={ui} bits={bits} mixed={typed === was ? state.mixed : 0} state={state} disabled={disabled} special={special} />
      <input type="hidden" name="mode-was" value={was} />
      <input type="hidden" name="common" value={state.common.toString(8)} />
      <input type="hidden" name="mixed" value={state.mixed.toString(8)} />
      <Field ui={ui} name="mode" label={t.mode} value={typed} hint={t.modeHint} error={error} mono maxlength={100} disabled={disabled} placeholder={state.mixed ? t.mixed : undefined} class="mode-text" />
    </>
  );
}

/** Longer lists tell nobody more; any name and number may be typed. */
const LISTED = 1000;

function OwnerFields({ ui, state, accounts, values, errors, disabled }: PartProps & { accounts: Accounts; errors: Readonly<Record<string, string>> }) {
  const t = ui.t.modes;
  const name = (list: readonly Account[], id: number | null) => (id === null ? '' : (list.find((account) => account.id === id)?.name ?? String(id)));
  const parts = [['owner', t.owner, accounts.users, state.uid], ['group', t.group, accounts.groups, state.gid]] as const;
  return (
    <div class="mode-owners">
      {parts.map(([field, label, list, id]) => (
        <>
          <input type="hidden" name={`${field}-was`} value={name(list, id)} />
          <Field
            ui={ui} name={field} label={label} value={values[field] ?? name(list, id)} error={errors[field]} mono maxlength={256} disabled={disabled}
            placeholder={id === null ? t.mixed : undefined} attrs={{ list: `accounts-${field}` }} hint={field === 'owner' ? (disabled ? t.ownerLocked : t.ownerHint) : undefined}
          />
          <datalist id={`accounts-${field}`}>
            {list.slice(0, LISTED).map((account) => <option value={account.name}>{account.id}</option>)}
          </datalist>
        </>
      ))}
    </div>
  );
}

/** What is inside the folders: each of mode and owner only when it is asked for. */
function InsideFields({ ui, values, error, own }: { ui: Ui; values: Readonly<Record<string, string>>; error: string | undefined; own: boolean }) {
  const t = ui.t.modes;
  return (
    <fieldset class="field mode-inside" aria-describedby="mode-inside-note">
      <legend class="label">{t.recursive}</legend>
      <div class="choices">
        <Option name="inside-mode" label={t.insideMode} checked={values['inside-mode'] === 'on'} />
        {own ? <Option name="inside-owner" label={t.insideOwner} checked={values['inside-owner'] === 'on'} /> : null}
      </div>
      <Field ui={ui} name="fileMode" label={t.fileMode} value={values.fileMode ?? ''} hint={t.fileModeHint} error={error} mono maxlength={100} placeholder="0644" class="mode-text" />
      <p class="hint" id="mode-inside-note">{t.recursiveNote}</p>
    </fieldset>
  );
}
