import { effectiveRights } from '../../../core/files/acl/posix.ts';
import type { Acl, AclEntry, Accounts } from '../../../platform/files.ts';
import { Option } from '../../parts/option.tsx';
import type { Ui } from '../../ui.ts';

interface PosixProps {
  ui: Ui;
  acl: Acl;
  isFolder: boolean;
  accounts: Accounts;
  disabled: boolean;
}

const RIGHTS = ['r', 'w', 'x'] as const;

/** Entries of a POSIX list: who may use it, and for folders what new children get. */
export function PosixFields({ ui, acl, isFolder, accounts, disabled }: PosixProps) {
  const t = ui.t.acl;
  const rows = acl.entries.map((entry, index) => ({ entry, at: `e${index}` }));
  const [own, defaults] = [rows.filter(({ entry }) => !entry.isDefault), rows.filter(({ entry }) => entry.isDefault)];
  const hasMask = acl.entries.some(({ type }) => type === 'mask');
  const shared = { ui, acl, accounts, disabled };
  return (
    <>
      <EntryTable {...shared} title={t.access} rows={own} add="new" />
      {hasMask ? (
        <>
          <p class="hint">{t.maskNote}</p>
          {disabled ? null : <Option name="mask-auto" label={t.maskAuto} />}
        </>
      ) : null}
      {isFolder ? (
        <>
          {defaults.length ? <EntryTable {...shared} title={t.defaults} rows={defaults} add="new-default" /> : null}
          {disabled ? null : defaults.length ? <Option name="no-defaults" label={t.noDefaults} /> : <Option name="make-defaults" label={t.makeDefaults} note={t.defaultsNote} />}
        </>
      ) : null}
      {(['users', 'groups'] as const).map((list) => (
        <datalist id={`acl-${list}`}>
          {accounts[list].slice(0, 1000).map((account) => <option value={account.name}>{account.id}</option>)}
        </datalist>
      ))}
    </>
  );
}

interface TableProps extends Omit<PosixProps, 'isFolder'> {
  title: string;
  rows: readonly { entry: AclEntry; at: string }[];
  add: 'new' | 'new-default';
}

function EntryTable({ ui, acl, accounts, disabled, title, rows, add }: TableProps) {
  const t = ui.t.acl;
  const word = (entry: AclEntry) => wordOf(ui, acl, accounts, entry);
  return (
    <fieldset class="field" disabled={disabled}>
      <legend class="label">{title}</legend>
      <table class="mode-table entries">
        <thead>
          <tr>
            <th scope="col">{t.account}</th>
            {RIGHTS.map((right) => <th scope="col">{t.posixRights[right]}</th>)}
            <th scope="col">{t.remove}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ entry, at }) => (
            <tr>
              <th scope="row">
                <input type="hidden" name={`${at}-here`} value="on" />
                {word(entry)}
                <Held ui={ui} entry={entry} acl={acl} />
              </th>
              <Boxes ui={ui} at={at} rights={entry.rights} who={word(entry)} />
              <td>{entry.account ? <input type="checkbox" class="check" name={`${at}-remove`} value="on" aria-label={`${t.remove}: ${word(entry)}`} /> : null}</td>
            </tr>
          ))}
          {disabled ? null : (
            <tr>
              <th scope="row">
                <span class="mode-add">
                  <span class="select">
                    <select name={`${add}-type`} aria-label={t.kind}>
                      <option value="user">{t.types.user}</option>
                      <option value="group">{t.types.group}</option>
                    </select>
                  </span>
                  <input class="input mono" name={`${add}-account`} list="acl-users" maxlength={256} placeholder={t.add} aria-label={t.add} autocapitalize="none" spellcheck={false} />
                </span>
              </th>
              <Boxes ui={ui} at={add} rights={['r']} who={t.add} />
              <td></td>
            </tr>
          )}
        </tbody>
      </table>
    </fieldset>
  );
}

function Boxes({ ui, at, rights, who }: { ui: Ui; at: string; rights: readonly string[]; who: string }) {
  const t = ui.t.acl;
  return (
    <>
      {RIGHTS.map((right) => (
        <td>
          <input type="checkbox" class="check" name={`${at}-${right}`} value="on" checked={rights.includes(right)} aria-label={`${who}: ${t.posixRights[right]}`} />
        </td>
      ))}
    </>
  );
}

/** What the mask leaves of it, where that is less. */
function Held({ ui, entry, acl }: { ui: Ui; entry: AclEntry; acl: Acl }) {
  const left = effectiveRights(entry, acl.entries);
  if (left.length === entry.rights.length) return null;
  const t = ui.t.acl;
  const rights = left.map((right) => t.posixRights[right as 'r' | 'w' | 'x']).join(', ') || t.noRights;
  return <small class="muted"> {t.effective({ rights })}</small>;
}

function wordOf(ui: Ui, acl: Acl, accounts: Accounts, { type, account }: AclEntry): string {
  const t = ui.t.acl;
  const nameOf = (list: keyof Accounts, id: string) => accounts[list].find((one) => String(one.id) === id)?.name ?? id;
  if (type === 'mask') return t.types.mask;
  if (type === 'other') return t.types.other;
  const list = type === 'group' ? 'groups' : 'users';
  if (account) return `${type === 'group' ? t.types.group : t.types.user} ${nameOf(list, account)}`;
  return type === 'group' ? `${t.groupEntry} (${nameOf(list, acl.group)})` : `${t.ownerEntry} (${nameOf(list, acl.owner)})`;
}
