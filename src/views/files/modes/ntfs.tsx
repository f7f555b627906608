import { appliesOf, APPLIES, type Applies } from '../../../core/files/acl/form.ts';
import type { Acl, AclEntry } from '../../../platform/files.ts';
import { Field } from '../../parts/field.tsx';
import { Option } from '../../parts/option.tsx';
import { SegField } from '../../parts/tabs.tsx';
import type { Ui } from '../../ui.ts';

interface NtfsProps {
  ui: Ui;
  acl: Acl;
  isFolder: boolean;
  disabled: boolean;
  effective: { account: string; rights: readonly string[] } | undefined;
}

const BASIC = ['FullControl', 'Modify', 'ReadAndExecute', 'Read', 'Write'] as const;

export const rightsText = (ui: Ui, rights: readonly string[]) => rights.map((right) => ui.t.acl.ntfsRights[right] ?? right).join(', ') || ui.t.acl.noRights;

/** Owner, inheritance and entries of an NTFS list, and what an account has in the end. */
export function NtfsFields({ ui, acl, isFolder, disabled, effective }: NtfsProps) {
  const t = ui.t.acl;
  return (
    <>
      <p class="hint">{ui.t.modes.windows}</p>
      <Field ui={ui} name="owner" label={t.owner} value={acl.owner} mono maxlength={256} disabled={disabled} />
      <fieldset class="field" disabled={disabled}>
        <Option name="inherits" kind="switch" label={t.inherits} checked={acl.inherits} />
        <SegField name="keep" label={t.inheritsOff} value="copy" choices={[{ value: 'copy', label: t.keepCopy }, { value: 'remove', label: t.keepRemove }]} />
      </fieldset>
      <fieldset class="field" disabled={disabled}>
        <legend class="label">{t.access}</legend>
        <div class="table-scroll">
          <table class="mode-table entries">
            <thead>
              <tr>
                {[t.account, t.kind, t.rightsHead, t.appliesTo, t.remove].map((word) => <th scope="col">{word}</th>)}
              </tr>
            </thead>
            <tbody>
              {acl.entries.map((entry, index) => (entry.inherited ? <Inherited ui={ui} entry={entry} /> : <Own ui={ui} entry={entry} at={`e${index}`} isFolder={isFolder} />))}
              {disabled ? null : <Own ui={ui} at="new" isFolder={isFolder} />}
            </tbody>
          </table>
        </div>
        <p class="hint">{t.inheritedNote} {t.addHint}</p>
      </fieldset>
      {disabled ? null : (
        <fieldset class="field">
          <legend class="label">{t.effectiveTitle}</legend>
          <div class="mode-add">
            <input class="input mono" name="effective-account" value={effective?.account ?? ''} maxlength={256} aria-label={t.account} autocapitalize="none" spellcheck={false} />
            <button class="btn" type="submit" name="step" value="effective">{t.effectiveAsk}</button>
          </div>
          {effective ? <p role="status">{t.effectiveOf({ account: effective.account, rights: rightsText(ui, effective.rights) })}</p> : null}
          <p class="hint">{t.effectiveNote}</p>
        </fieldset>
      )}
    </>
  );
}

function Inherited({ ui, entry }: { ui: Ui; entry: AclEntry }) {
  const t = ui.t.acl;
  const applies = appliesOf(entry.flags);
  return (
    <tr>
      <th scope="row" class="mono">{entry.account}</th>
      <td>{t.types[entry.type]}</td>
      <td>{rightsText(ui, entry.rights)}</td>
      <td>{applies ? t.applies[applies] : entry.flags.join(', ')}</td>
      <td class="muted">{t.inherited}</td>
    </tr>
  );
}

/** An entry of its own, or the empty row for a new one. */
function Own({ ui, entry, at, isFolder }: { ui: Ui; entry?: AclEntry; at: string; isFolder: boolean }) {
  const t = ui.t.acl;
  const who = entry?.account ?? t.add;
  const basic = entry && entry.rights.length === 1 && (BASIC as readonly string[]).includes(entry.rights[0]!) ? entry.rights[0] : entry ? '' : 'ReadAndExecute';
  const applies = entry ? appliesOf(entry.flags) : isFolder ? 'all' : 'this';
  const choices = (isFolder ? Object.keys(APPLIES) : ['this']) as Applies[];
  return (
    <tr>
      <th scope="row" class="mono">
        {entry ? <input type="hidden" name={`${at}-here`} value="on" /> : null}
        {entry ? entry.account : <input class="input mono" name={`${at}-account`} maxlength={256} placeholder={t.add} aria-label={t.add} autocapitalize="none" spellcheck={false} />}
      </th>
      <td>
        <Pick name={`${at}-type`} label={`${who}: ${t.kind}`} value={entry?.type ?? 'allow'} choices={[['allow', t.types.allow], ['deny', t.types.deny]]} />
      </td>
      <td>
        <Pick
          name={`${at}-rights`} label={`${who}: ${t.rightsHead}`} value={basic ?? ''}
          choices={[...(basic === '' ? [['', rightsText(ui, entry?.rights ?? [])] as const] : []), ...BASIC.map((right) => [right, t.ntfsRights[right]!] as const)]}
        />
      </td>
      <td>
        <Pick name={`${at}-applies`} label={`${who}: ${t.appliesTo}`} value={applies ?? ''} choices={[...(applies ? [] : [['', t.keepRights] as const]), ...choices.map((one) => [one, t.applies[one]] as const)]} />
      </td>
      <td>{entry ? <input type="checkbox" class="check" name={`${at}-remove`} value="on" aria-label={`${t.remove}: ${who}`} /> : null}</td>
    </tr>
  );
}

function Pick({ name, label, value, choices }: { name: string; label: string; value: string; choices: readonly (readonly [string, string])[] }) {
  return (
    <span class="select">
      <select name={name} aria-label={label}>
        {choices.map(([key, text]) => <option value={key} selected={key === value}>{text}</option>)}
      </select>
    </span>
  );
}
