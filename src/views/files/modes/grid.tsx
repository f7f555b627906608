import { boxName } from '../../../core/files/modes/grid.ts';
import type { ModeState } from '../../../core/files/modes/state.ts';
import { Option } from '../../parts/option.tsx';
import type { Ui } from '../../ui.ts';

interface GridProps {
  ui: Ui;
  /** Bits to tick, and bits in which the entries differ. */
  bits: number;
  mixed: number;
  state: Pick<ModeState, 'files' | 'folders'>;
  disabled: boolean;
  /** May setuid and setgid be changed? Of folders by everybody who may write. */
  special: boolean;
}

/** Owner, group and others by read, write and execute, and the three special bits. */
export function ModeGrid({ ui, bits, mixed, state, disabled, special }: GridProps) {
  const t = ui.t.modes;
  const rows = [['owner', 0o100], ['group', 0o010], ['others', 0o001]] as const;
  const columns = [['read', 4], ['write', 2], ['execute', 1]] as const;
  const nameOf = (right: (typeof columns)[number][0]) => (right === 'execute' && state.folders && !state.files ? t.executeFolder : t.rights[right]);
  return (
    <fieldset class="field mode-grid" disabled={disabled}>
      <legend class="label">{t.grid}</legend>
      <table class="mode-table">
        <thead>
          <tr>
            <td></td>
            {columns.map(([right]) => <th scope="col">{nameOf(right)}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map(([who, unit]) => (
            <tr>
              <th scope="row">{t.who[who]}</th>
              {columns.map(([right, digit]) => {
                const bit = unit * digit;
                const differs = (mixed & bit) !== 0;
                const label = t.cell({ who: t.who[who], right: nameOf(right) });
                return (
                  <td>
                    <input type="checkbox" class="check" name={boxName(bit)} value="on" checked={(bits & bit) !== 0} data-bit={bit} data-mixed={differs ? '' : undefined} aria-label={differs ? `${label} (${t.mixed})` : label} />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <div class="choices">
        {([[0o4000, t.setuid], [0o2000, t.setgid], [0o1000, t.sticky]] as const).map(([bit, label]) => (
          <Option name={boxName(bit)} label={mixed & bit ? `${label} (${t.mixed})` : label} checked={(bits & bit) !== 0} disabled={bit !== 0o1000 && !special && state.files > 0} attrs={{ 'data-bit': String(bit), 'data-mixed': mixed & bit ? '' : undefined }} />
        ))}
        {special ? null : <p class="hint">{t.specialLocked}</p>}
      </div>
    </fieldset>
  );
}
